"""How well a chunk supports a question, as a number and as a confidence. Knows no ranking."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from knowledge_base.keyword_index import KeywordIndex
from knowledge_base.tokens import tokenise
from knowledge_base.types import Hit


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """How the signals are weighed; the defaults are measured, see docs/experiments/LOG.md."""

    cosine: float = 0.5  # of question and chunk
    example_cosine: float = (
        0.4  # of the question and those that the chunk's intents were asked with
    )
    coverage: float = 0.1  # share of the question's tokens that the chunk has
    half_score: float = 8.0  # the BM25 score that counts as 0.5, where there is no vector
    scale: float = 0.07  # evidence above the threshold that lifts the confidence from 0.5 to 0.73
    refused_percent: int = 97  # share of the off-topic probes that the threshold refuses


def evidence(question: str, hit: Hit, keywords: KeywordIndex, settings: EvidenceSettings) -> float:
    """Weighted mean of the signals there are, near 0..1."""
    covered = coverage(question, _chunk_words(hit), keywords)
    if hit.dense_score is None:
        return _without_vector(covered, hit, settings)
    signals = [(hit.dense_score, settings.cosine), (covered, settings.coverage)]
    if hit.example_score is not None:
        signals.append((hit.example_score, settings.example_cosine))
    return sum(value * weight for value, weight in signals) / sum(weight for _, weight in signals)


def coverage(question: str, text: str, keywords: KeywordIndex) -> float:
    """Share of the question's tokens that the text has, each weighed by how much it tells.

    A pair of Chinese characters counts twice a single one, which is in many unrelated words.
    """
    asked = set(tokenise(question))
    weights = {token: keywords.weigh(token) * min(len(token), 2) for token in asked}
    total = sum(weights.values())
    found = asked.intersection(tokenise(text))
    return sum(weights[token] for token in found) / total if total else 0.0


def confidence(amount: float, threshold: float, settings: EvidenceSettings) -> float:
    """0.5 at the threshold, towards 1 above and 0 below."""
    return 1 / (1 + math.exp(-(amount - threshold) / settings.scale))


def threshold_from(off_topic: Sequence[float], settings: EvidenceSettings) -> float:
    """The evidence that all but a few off-topic questions stay below."""
    if len(off_topic) < 2:
        return 1.0
    return quantiles(off_topic, n=100, method="inclusive")[settings.refused_percent - 1]


def _without_vector(covered: float, hit: Hit, settings: EvidenceSettings) -> float:
    """Keywords alone: the covered share and the BM25 scores, bent into 0..1."""
    scores = [score for score in (hit.keyword_score, hit.example_score) if score is not None]
    bent = [score / (score + settings.half_score) for score in scores]
    return (covered + sum(bent)) / (1 + len(bent))


def _chunk_words(hit: Hit) -> str:
    return " ".join([hit.chunk.title, *hit.chunk.headings, hit.chunk.text])
