"""Runs of digits and the words around them. Knows no kind of number."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

SEPARATORS = r"[\s.\-_/*·•‧,、~|:–—−]"
_RUN = re.compile(rf"[0-9]+(?:{SEPARATORS}{{1,3}}[0-9]+)*")
_GROUP = re.compile(r"[0-9]+")
# opening hours and the borders of table cells end a run: "9:00–18:00 | 9:00–16:30" is no card
_CLOCK_RANGE = re.compile(
    r"(?<![0-9])[0-2]?[0-9]:[0-5][0-9]\s?[–—−~至到-]\s?[0-2]?[0-9]:[0-5][0-9]"
)
_CELL_BORDER = re.compile(r"(?<=\s)\|(?=\s)")
# a sentence that ended and was followed by other words: the value belongs to something else
_NEW_SENTENCE = re.compile(r"[.!?。;\n]\s*[^\W\d_]")
_MONEY_BEFORE = re.compile(
    r"(?:[$£€¥]|usd|gbp|eur|rmb|cny|hkd|ending(?: in| with)?|ends (?:in|with)|last (?:four"
    r"|4)(?: digits)?"
    r"|尾号(?:是|为)?|末四位(?:是|为)?|(?<![a-z])(?:in|since|during|until|till|year|before|after"
    r"|at|by))[\s:]*$"
)
_UNIT_AFTER = re.compile(
    r"\s?(?:%|usd|gbp|eur|rmb|cny|hkd|[$£€¥]|dollars?|pounds?|euros?|quid|bucks|yuan|cents?|pence"
    r"|元|块|人民币|美元|港币|欧元|万|千|次|天|日|小时|分钟|秒|个|年|月|号楼|点|位|"
    r"(?:times?|days?|hours?|hrs?|minutes?|mins?|seconds?|weeks?|months?|years?|digits?|attempts?"
    r"|tries|"
    r"numbers?|am|pm|people|transactions?)(?![a-z]))"
)
_MONEY_VERB = re.compile(
    r"(?<![a-z])(?:paid|pay|paying|charged?|withdr[ae]w\w*|transfer\w*|send|sent|spen[dt]|cost"
    r"|debit\w*|deduct\w*"
    r"|balance|amount|fee|limit|top(?:ped)? up)(?![a-z])|[取转扣付花充]|余额|金额|额度|手续费"
)


class Digits(NamedTuple):
    """A stretch of folded text and its digits without separators."""

    start: int
    end: int
    value: str


def digit_spans(text: str, *, low: int, high: int) -> Iterator[Digits]:
    """Every stretch of whole digit groups that has `low` to `high` digits."""
    for run in _RUN.finditer(_without_hours(text)):
        groups = [
            Digits(run.start() + group.start(), run.start() + group.end(), group.group())
            for group in _GROUP.finditer(run.group())
        ]
        for first in range(len(groups)):
            yield from _stretches_from(groups, first, low, high)


def _without_hours(text: str) -> str:
    """The same length, with times of day and cell borders as letters."""
    if ":" in text:
        text = _CLOCK_RANGE.sub(lambda found: "x" * len(found.group()), text)
    return _CELL_BORDER.sub("x", text) if "|" in text else text


def _stretches_from(groups: list[Digits], first: int, low: int, high: int) -> Iterator[Digits]:
    value = ""
    for group in groups[first:]:
        value += group.value
        if len(value) > high:
            return
        if len(value) >= low:
            yield Digits(groups[first].start, group.end, value)


def values_near(
    text: str, words: re.Pattern[str], value: re.Pattern[str], *, reach: int = 40, most: int = 3
) -> Iterator[re.Match[str]]:
    """At most `most` values that a word announces, or names right after ("1234 is my pin")."""
    for word in words.finditer(text):
        yield from islice(_values_after(text, word.end(), value, reach), most)
        yield from _value_before(text, word.start(), value)


def _values_after(
    text: str, start: int, value: re.Pattern[str], reach: int
) -> Iterator[re.Match[str]]:
    for found in value.finditer(text, start):
        gap = text[start : found.start()]
        if len(gap) > reach or _NEW_SENTENCE.search(gap):
            return
        if not _MONEY_VERB.search(gap) and not is_amount(text, found):
            yield found


_IS_THE = re.compile(
    r"\s*(?:(?:is|was|=|as|for|是|为|就是)\s*)(?:my|the|our|his|her|我的?|您的)?\s*$"
)


def _value_before(text: str, end: int, value: re.Pattern[str]) -> Iterator[re.Match[str]]:
    for found in value.finditer(text, max(0, end - 40)):
        if found.start() >= end:
            return
        if _IS_THE.fullmatch(text, found.end(), end) and not is_amount(text, found):
            yield found


def is_amount(text: str, found: re.Match[str]) -> bool:
    """Whether the words right beside a number make it money, a count, a date or a card ending."""
    before = text[max(0, found.start() - 24) : found.start()]
    return bool(_MONEY_BEFORE.search(before) or _UNIT_AFTER.match(text, found.end()))


def passes_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        number = int(char)
        if place % 2:
            number = number * 2 - 9 if number > 4 else number * 2
        total += number
    return total % 10 == 0
