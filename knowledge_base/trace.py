"""How an answer came about: every hit with its scores, and why it was enough or not.

For people who edit articles; asks the same retriever and answerer as customers do.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from knowledge_base.answerer import Answerer, AnswerSettings
from knowledge_base.evidence import evidence
from knowledge_base.retriever import Retriever
from knowledge_base.types import Answer, Audience, Hit


@runtime_checkable
class Traceable(Protocol):
    """A knowledge base that can be looked into."""

    def retriever(self, as_of: datetime | None = None) -> Retriever | None:
        """What searches now, or as at `as_of`; None where there is no index."""


@dataclass(frozen=True, slots=True)
class WeighedHit:
    """A hit, how much it supports the question, and how sure that makes of an answer (0 to 1)."""

    hit: Hit
    evidence: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Trace:
    """One question through the whole retrieval; `threshold` is what the evidence must reach."""

    question: str
    hits: tuple[WeighedHit, ...]  # best first
    threshold: float | None  # None where the index has none for this language
    answer: Answer


def trace(
    retriever: Retriever,
    question: str,
    *,
    k: int,
    locale: str,
    audiences: Collection[Audience],
    intent: str | None = None,
    as_of: datetime | None = None,
    settings: AnswerSettings | None = None,
) -> Trace:
    """The best k hits, weighed as for an answer, and the answer itself."""
    settings = settings or AnswerSettings()
    answerer = Answerer(retriever, settings)
    hits = retriever.search(
        question, k=k, locale=locale, audiences=audiences, intent=intent, as_of=as_of
    )
    keywords = retriever.index.keywords
    weighed = tuple(
        WeighedHit(
            hit,
            evidence(question, hit, keywords, settings.evidence)
            + settings.intent_evidence * (intent is not None and intent in hit.chunk.intents),
            answerer.confidence(question, hit, intent=intent),
        )
        for hit in hits
    )
    return Trace(
        question,
        weighed,
        retriever.index.manifest.abstain_thresholds.get(locale),
        answerer.answer(question, locale=locale, audiences=audiences, intent=intent, as_of=as_of),
    )
