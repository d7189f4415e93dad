"""Frozen values of fact extraction. Knows no rule."""

from dataclasses import dataclass
from enum import StrEnum


class FactKind(StrEnum):
    """What a fact says; the comment shows its normalised value."""

    AMOUNT = "amount"  # 1000.00 EUR
    FEE = "fee"  # 2.50 EUR; 0 where something is free
    LIMIT = "limit"  # <= 600.00 EUR, >= 18, <= 3
    RATE = "rate"  # 3.9%
    PERIOD = "period"  # P3Y, P3D..P5D; working days as P5BD
    DEADLINE = "deadline"  # the same, where something is due before it ends
    DATE = "date"  # 2026-12-01, 2026-12, --12-31, ---05; empty where day and month may be swapped
    PHONE = "phone"  # digits, with + where the country is said
    EMAIL = "email"
    URL = "url"
    ADDRESS = "address"
    OBLIGATION = "obligation"  # must | must_not
    DEFINITION = "definition"  # the word that is defined


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact inside a piece of text: the span of its value."""

    kind: FactKind
    start: int
    end: int
    normalised: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a document, pinned to the words that say it."""

    kind: FactKind
    value: str  # the exact words
    normalised: str
    headings: tuple[str, ...]
    quote: str  # the exact sentence, item or row around the value
    start: int  # of the value, in the document
    end: int
    quote_start: int
