"""Percentages: 3.9 %, 25 basis points, 百分之五, 万分之五, 千分之三. Pure text."""

import re
from collections.abc import Iterator
from decimal import Decimal

from knowledge_base.facts.numbers import CHINESE_NUMBER, DIGITS, ENGLISH_NUMBER, parse_number
from knowledge_base.facts.types import FactKind, Finding

_RANGE = r"\s?(?:%|％)?\s?(?:-|–|—|~|～|to|至|到)\s?"
_SHARE_OF = {"百": 100, "千": 1000, "万": 10_000}
_RULES = (
    (
        Decimal(1),
        re.compile(
            rf"(?P<low>{ENGLISH_NUMBER}|{DIGITS})(?:{_RANGE}(?P<high>{DIGITS}))?\s?"
            r"(?:%|％|per ?cent\b|percent\b|percentage points?\b|个百分点)",
            re.IGNORECASE,
        ),
    ),
    (
        Decimal("0.01"),
        re.compile(
            rf"(?P<low>{DIGITS})(?:{_RANGE}(?P<high>{DIGITS}))?\s?"
            r"(?:basis points?\b|bps\b|个?基点)",
            re.IGNORECASE,
        ),
    ),
    (Decimal("0.1"), re.compile(rf"(?P<low>{DIGITS})(?:{_RANGE}(?P<high>{DIGITS}))?\s?‰")),
)
_IN_CHARACTERS = re.compile(
    rf"(?P<of>[百千万])分之\s?(?P<low>{CHINESE_NUMBER})"
    rf"(?:(?:至|到)(?:(?P=of)分之)?(?P<high>{CHINESE_NUMBER}))?"
)
_POINTS_IN_CHARACTERS = re.compile(rf"(?P<low>{CHINESE_NUMBER})(?P<high>)?个百分点")


def find_rates(text: str) -> Iterator[Finding]:
    """Every percentage, always as percent: 万分之五 is 0.05%."""
    seen: set[int] = set()
    rules = [*_RULES, (None, _IN_CHARACTERS), (Decimal(1), _POINTS_IN_CHARACTERS)]
    for factor, pattern in rules:
        for match in pattern.finditer(text):
            scale = Decimal(100) / _SHARE_OF[match["of"]] if factor is None else factor
            normalised = _normalise(match, scale)
            if normalised is not None and match.end() not in seen:
                seen.add(match.end())
                yield Finding(FactKind.RATE, *match.span(), normalised)


def _normalise(match: re.Match[str], scale: Decimal) -> str | None:
    values: list[str] = []
    for said in filter(None, (match["low"], match["high"])):
        value = parse_number(said)
        if value is None:
            return None
        values.append(f"{(value * scale).normalize():f}")
    return "..".join(values) + "%"
