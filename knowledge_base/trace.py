"""How an answer came about: every hit with its scores, and why it was enough or not.

For people who edit articles; asks the same retriever and answerer as customers do.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from knowledge_base.answerer import Answerer, AnswerSettings
from knowledge_base.evidence import Signals, signals
from knowledge_base.retriever import Retriever
from knowledge_base.types import Answer, Audience, Hit


@runtime_checkable
class Traceable(Protocol):
    """A knowledge base that can be looked into."""

    def retriever(self, as_of: datetime | None = None) -> Retriever | None:
        """What searches now, or as at `as_of`; None where there is no index."""


@dataclass(frozen=True, slots=True)
class WeighedHit:
    """A hit, what speaks for its article, and how sure that makes of an answer from it (0 to 1)."""

    hit: Hit
    signals: Signals
    confidence: float


@dataclass(frozen=True, slots=True)
class Trace:
    """One question through the whole retrieval; an answer begins at the confidence `accept`."""

    question: str
    hits: tuple[WeighedHit, ...]  # best first
    accept: float
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
    """The best k hits, each weighed as if it were the best, and the answer itself."""
    settings = settings or AnswerSettings()
    answerer = Answerer(retriever, settings)
    hits = retriever.search(
        question,
        k=max(k, settings.candidates),
        locale=locale,
        audiences=audiences,
        intent=intent,
        as_of=as_of,
    )
    weighed: list[WeighedHit] = []
    for hit in hits[:k]:
        first = [hit, *(other for other in hits if other is not hit)]
        found = signals(question, first, retriever.index.keywords)
        weighed.append(WeighedHit(hit, found, answerer.confidence(question, first, intent=intent)))
    return Trace(
        question,
        tuple(weighed),
        answerer.calibration(locale).accept,
        answerer.answer(question, locale=locale, audiences=audiences, intent=intent, as_of=as_of),
    )
