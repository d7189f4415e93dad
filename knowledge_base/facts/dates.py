"""Calendar dates in English and Chinese. Knows the calendar, not what day it is."""

import re
from collections.abc import Iterator
from datetime import date

from babel import Locale

from knowledge_base.facts.numbers import parse_number
from knowledge_base.facts.types import FactKind, Finding

_MONTHS = {
    name.lower().rstrip("."): number
    for width in ("wide", "abbreviated")
    for number, name in Locale("en").months["format"][width].items()
} | {"sept": 9}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})(?!\w)\.?"
_DAY = r"(?<![\d.,])(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})(?!\d)"
_CN = "〇零一二三四五六七八九十"
_PATTERNS = (
    re.compile(rf"{_DAY}(?: of)? {_MONTH},? {_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<!\w){_MONTH} {_DAY},? {_YEAR}", re.IGNORECASE),
    re.compile(r"(?<![\d-])(?P<year>(?:19|20)\d{2})-(?P<month>\d{2})-(?P<day>\d{2})(?![\d-])"),
    re.compile(
        rf"(?P<year>(?:19|20)\d{{2}}|[{_CN}]{{4}})\s?年"
        rf"(?:\s?(?P<month>\d{{1,2}}|[{_CN}]{{1,2}})\s?月"
        rf"(?:\s?(?P<day>\d{{1,2}}|[{_CN}]{{1,3}})\s?[日号])?)?"
    ),
    re.compile(rf"(?<!\w){_MONTH} {_YEAR}", re.IGNORECASE),
    re.compile(rf"{_DAY}(?: of)? {_MONTH}", re.IGNORECASE),
    re.compile(rf"(?<!\w){_MONTH} {_DAY}(?!\d)(?![.,:]\d)", re.IGNORECASE),
    re.compile(
        rf"(?<![\d{_CN}])(?P<month>\d{{1,2}}|[{_CN}]{{1,2}})\s?月\s?"
        rf"(?P<day>\d{{1,2}}|[{_CN}]{{1,3}})\s?[日号]"
    ),
    re.compile(
        r"(?:the |on )?(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th) (?:day )?of (?:each|every|the) month",
        re.IGNORECASE,
    ),
    re.compile(rf"每月\s?(?P<day>\d{{1,2}}|[{_CN}]{{1,3}})\s?[日号]"),
)
_SLASHED = re.compile(
    r"(?<![\d/.])(?P<one>\d{1,2})[/.](?P<two>\d{1,2})[/.](?P<year>(?:19|20)\d{2})(?![\d/])"
)


def find_dates(text: str) -> Iterator[Finding]:
    """Every date, as much of it as is said; an empty value where 01/02/2026 may be either."""
    taken: list[tuple[int, int]] = []
    for pattern in (*_PATTERNS, _SLASHED):
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            value = _slashed(match) if pattern is _SLASHED else _spoken(match)
            if value is not None:
                taken.append((start, end))
                yield Finding(FactKind.DATE, start, end, value)


def _spoken(match: re.Match[str]) -> str | None:
    parts = {"year": None, "month": None, "day": None} | match.groupdict()
    month = parts["month"]
    number = None if month is None else _MONTHS.get(month.lower()) or _number(month)
    return _iso(_number(parts["year"]), number, _number(parts["day"]))


def _slashed(match: re.Match[str]) -> str | None:
    year, one, two = int(match["year"]), int(match["one"]), int(match["two"])
    readings = {_iso(year, two, one), _iso(year, one, two)} - {None}
    return readings.pop() if len(readings) == 1 else ("" if readings else None)


def _number(text: str | None) -> int | None:
    value = None if text is None else parse_number(text)
    return None if value is None else int(value)


def _iso(year: int | None, month: int | None, day: int | None) -> str | None:
    """ISO 8601 with dashes for what is not said; None when there is no such day."""
    try:
        date(year or 2024, month or 1, day or 1)  # a leap year, for 29 February without a year
    except ValueError:
        return None
    if year is not None:
        return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part)])
    if month is not None and day is not None:
        return f"--{month:02}-{day:02}"
    return f"---{day:02}" if day is not None else None
