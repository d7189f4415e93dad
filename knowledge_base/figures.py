"""The figures that a text states: amounts, shares, spans of time, clock times, telephone numbers.

Two figures are equal when their value and their unit are, however they are written. Pure text.
"""

import re
import unicodedata
from dataclasses import dataclass

_UNITS = {
    "€": "euro|euros|eur|€|欧元|欧",
    "$": r"dollars?|usd|\$|美元|美金",
    "£": "pounds?|gbp|£|英镑",
    "¥": "yuan|rmb|cny|¥|元|人民币|块",
    "%": r"%|percent|per cent|percentage points?",
    "working day": r"(?:working|business|banking)[- ]days?|个?工作日|个?营业日",
    "day": "days?|天|日",
    "week": "weeks?|周|个?星期|个?礼拜",
    "month": "months?|个?月",
    "year": "years?|年|岁|周岁",
    "hour": "hours?|个?小时|个?钟头",
    "minute": "minutes?|mins?|分钟",
    "second": "seconds?|secs?|秒钟?",
    "time": "times?|次",
}
_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_ENGLISH_NUMBERS = {word: str(value) for value, word in enumerate(_WORDS)}
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_UNIT = "|".join(f"(?P<u{place}>{words})" for place, words in enumerate(_UNITS.values()))
_NAMES = list(_UNITS)
_PHONE = re.compile(r"\+\d[\d ]{6,}\d")
_CLOCK = re.compile(r"(?<![\d.])(\d{1,2}):(\d{2})(?:\s*([ap])\.?m\b)?|\b(\d{1,2})\s*([ap])\.?m\b")
_SHARE = re.compile(r"百分之(\d+(?:\.\d+)?|[零一二两三四五六七八九十百]+)")
_PREFIXED = re.compile(r"(?P<currency>[€$£¥])\s*(?P<value>\d[\d,]*(?:\.\d+)?)")
_SPELLED = "|".join(_WORDS)
_NUMBER = re.compile(rf"(?P<value>\d[\d,]*(?:\.\d+)?)[\s-]*(?:more\s+)?(?:(?:{_UNIT})(?![a-z]))?")
_SPELLED_NUMBER = re.compile(
    rf"(?:\b(?P<word>{_SPELLED})[\s-]+(?:more\s+)?|(?P<han>[零一二两三四五六七八九十百千万]+))"
    rf"(?:{_UNIT})(?![a-z])"
)


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """A value without separators, and its unit; empty where the text names none."""

    value: str
    unit: str


def figures(text: str) -> frozenset[Figure]:
    """Every figure of a text, in one spelling."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found: set[Figure] = set()
    for pattern, read in _READERS:
        for match in pattern.finditer(plain):
            figure = read(match)
            if figure is not None:
                found.add(figure)
        plain = pattern.sub(" ", plain)
    return frozenset(found)


def without_figures(text: str) -> str:
    """The text without its figures and their units."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for pattern, _ in _READERS:
        plain = pattern.sub(" ", plain)
    return plain


def is_stated(figure: Figure, stated: frozenset[Figure]) -> bool:
    """Whether a text with these figures states this one; one without a unit fits any unit."""
    if figure in stated:
        return True
    return not figure.unit and any(figure.value == other.value for other in stated)


def _phone(match: re.Match[str]) -> Figure:
    return Figure(re.sub(r"\D", "", match[0]), "phone")


def _clock(match: re.Match[str]) -> Figure:
    hour, minute, half = match[1] or match[4], match[2] or "00", match[3] or match[5]
    shift = 12 if half == "p" and int(hour) < 12 else 0
    return Figure(f"{int(hour) + shift}:{minute}", "clock")


def _share(match: re.Match[str]) -> Figure:
    value = match[1] if match[1][0].isdigit() else str(_from_chinese(match[1]))
    return Figure(_plain(value), "%")


def _prefixed(match: re.Match[str]) -> Figure:
    return Figure(_plain(match["value"]), match["currency"])


def _number(match: re.Match[str]) -> Figure:
    return Figure(_plain(match["value"]), _unit_of(match))


def _spelled(match: re.Match[str]) -> Figure | None:
    word, han = match["word"], match["han"]
    value = _ENGLISH_NUMBERS[word] if word else str(_from_chinese(han))
    return Figure(value, _unit_of(match))


def _unit_of(match: re.Match[str]) -> str:
    return next((name for place, name in enumerate(_NAMES) if match[f"u{place}"]), "")


def _plain(value: str) -> str:
    digits = value.replace(",", "")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _from_chinese(text: str) -> int:
    total = current = 0
    for character in text:
        if character in _DIGITS:
            current = _DIGITS[character]
        elif _STEPS[character] == 10_000:  # what came before counts ten-thousands
            total, current = (total + current or 1) * 10_000, 0
        else:
            total, current = total + (current or 1) * _STEPS[character], 0
    return total + current


_READERS = (
    (_PHONE, _phone),
    (_CLOCK, _clock),
    (_SHARE, _share),
    (_PREFIXED, _prefixed),
    (_NUMBER, _number),
    (_SPELLED_NUMBER, _spelled),
)
