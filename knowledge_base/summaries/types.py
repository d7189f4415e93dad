"""Frozen values of summaries. Knows no model."""

from dataclasses import dataclass

from knowledge_base.long_document import LongDocument, Unit


@dataclass(frozen=True, slots=True)
class SummarySettings:
    """How sentences are weighed; the defaults are measured, see docs/experiments/LOG.md."""

    dense_share: float = 0.2  # of likeness by sentence vectors, the rest is by words
    centrality: float = 1.5  # LexRank
    lead: float = 0.4  # the first sentence of a section says what it is about
    facts: float = 1.2  # amounts, deadlines, rates, obligations in the sentence
    row: float = -0.3  # a table row alone says less than a sentence
    diversity: float = 0.35  # MMR: 0 looks at importance alone, 1 at novelty alone
    damping: float = 0.85  # LexRank: share of the walk that follows similarity
    most_candidates: int = 2_000  # compared with each other: n * n * 4 bytes


@dataclass(frozen=True, slots=True)
class Selected:
    """A unit of the summary with its score."""

    unit: Unit
    score: float


@dataclass(frozen=True, slots=True)
class ExtractiveSummary:
    """Units in reading order; every one an exact span of the document."""

    document: LongDocument
    selected: tuple[Selected, ...]
