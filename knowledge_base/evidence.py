"""How well an article supports a question: signals, and the confidence that they amount to.

Knows no ranking and no probes; what a signal is worth is fitted to each index, see calibration.py.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from knowledge_base.keyword_index import KeywordIndex
from knowledge_base.tokens import tokenise
from knowledge_base.types import Hit

_HALF_SCORE = 8.0  # the BM25 score that counts as 0.5
_INTENT_LOGIT = 0.5  # the router saw an intent that the document is tagged with


class Signals(NamedTuple):
    """What speaks for an answer, each near 0..1; only `strangers` speaks against one."""

    cosine: float  # of the question and the nearest chunk of the article
    examples: float  # likeness to questions that the article's intents were asked with
    strangers: float  # likeness to questions that no article answers
    keywords: float  # the article's best BM25 score, bent
    coverage: float  # share of the question's tokens that the article has


class Calibration(BaseModel):
    """What the signals are worth in one language of one index, and where an answer begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # as fitted to our own articles: for an index with too few examples to fit its own
    weights: Signals = Signals(4.6, 8.7, -8.7, 3.0, 0.3)
    bias: float = -3.9
    accept: float = 0.5  # an answer less sure than this is not given


def signals(question: str, hits: Sequence[Hit], keywords: KeywordIndex) -> Signals:
    """Those of the first hit's article; `hits` are ranked and not empty."""
    best = hits[0]
    mine = [hit for hit in hits if hit.chunk.document_id == best.chunk.document_id]
    is_read = any(hit.dense_score is not None for hit in mine)
    likeness = [hit.example_score for hit in mine if hit.example_score is not None]
    cosine = max((hit.dense_score or 0.0 for hit in mine), default=0.0)
    words = " ".join([best.chunk.title, *(_section_words(hit) for hit in mine)])
    nothing_heard = cosine if is_read else 0.0
    examples = max(likeness, default=nothing_heard)
    strangers = best.stranger_score or 0.0
    return Signals(
        cosine=cosine,
        examples=examples if is_read else _bent(examples),
        strangers=strangers if is_read else _bent(strangers),
        keywords=_bent(max(hit.keyword_score or 0.0 for hit in mine)),
        coverage=coverage(question, words, keywords),
    )


def confidence(found: Signals, calibration: Calibration, *, intent_agrees: bool = False) -> float:
    """How probable it is that the article answers the question, 0..1."""
    logit = calibration.bias + _INTENT_LOGIT * intent_agrees
    logit += sum(weight * amount for weight, amount in zip(calibration.weights, found, strict=True))
    return 1 / (1 + math.exp(-logit)) if logit > 0 else math.exp(logit) / (1 + math.exp(logit))


def coverage(question: str, text: str, keywords: KeywordIndex) -> float:
    """Share of the question's tokens that the text has, each weighed by how much it tells.

    A pair of Chinese characters counts twice a single one, which is in many unrelated words.
    """
    asked = set(tokenise(question))
    weights = {token: keywords.weigh(token) * min(len(token), 2) for token in asked}
    total = sum(weights.values())
    found = asked.intersection(tokenise(text))
    return sum(weights[token] for token in found) / total if total else 0.0


def _bent(score: float) -> float:
    return score / (score + _HALF_SCORE)


def _section_words(hit: Hit) -> str:
    return " ".join([*hit.chunk.headings, hit.chunk.text])
