"""Whether a section supports a generated sentence, and with which words. Pure text, no model.

A sentence is supported by a unit (with its neighbours) that holds every number, telephone number
and address of the sentence, most of its content words, and the same yes or no.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from knowledge_base.facts.contacts import find_contacts
from knowledge_base.facts.numbers import DIGITS, ENGLISH_NUMBER, parse_number
from knowledge_base.long_document import Unit
from knowledge_base.tokens import tokenise

LEAST_COVERAGE = 0.6  # of the content words of a sentence
_NEIGHBOURS = 1  # units before and behind the best one that may help

_CHINESE = "〇零一二三四五六七八九十百千万亿两半"
_NUMBERS = re.compile(
    rf"{DIGITS}|{ENGLISH_NUMBER}|[{_CHINESE}]+(?=[个日天年月周元张次位名笔小分岁户人倍件])"
    rf"|(?<=分之)[{_CHINESE}]+",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|nobody|none|neither|nor|without|cannot|unless|except)\b|n[’']t\b"
    r"|不(?!过|同|仅|但|管|论|满)|无(?!论)|未(?!来)|没有|禁止|切勿|请勿|严禁",
    re.IGNORECASE,
)


def find_support(
    sentence: str, units: Sequence[Unit], *, headings: Sequence[str] = ()
) -> tuple[Unit, ...]:
    """The units that support the sentence, in reading order; none when it is unsupported.

    `headings` stand above the units and count as words that were said.
    """
    words = set(tokenise(sentence))
    if not words or not units:
        return ()
    said = set(tokenise(" ".join(headings)))
    best = max(
        range(len(units)), key=lambda number: _coverage(words, said, units[number : number + 1])
    )
    if bool(_NEGATION.search(sentence)) != bool(_NEGATION.search(units[best].plain)):
        return ()
    last = min(len(units), best + _NEIGHBOURS + 1)
    for first, end in ((best, best + 1), (max(0, best - _NEIGHBOURS), last)):
        window = tuple(units[first:end])
        if _covers(sentence, words, said, window):
            return window
    return ()


def _covers(sentence: str, words: set[str], said: set[str], window: Sequence[Unit]) -> bool:
    text = " ".join(f"{unit.context} {unit.plain}" for unit in window)
    return (
        _coverage(words, said, window) >= LEAST_COVERAGE
        and _numbers(sentence) <= _numbers(text)
        and _contacts(sentence) <= _contacts(text)
    )


def _coverage(words: set[str], said: set[str], window: Sequence[Unit]) -> float:
    found = said | set(tokenise(" ".join(f"{unit.context} {unit.plain}" for unit in window)))
    return len(words & found) / len(words)


def _numbers(text: str) -> set[Decimal]:
    """Values, so that thirty, 30 and 三十 are one; a spoken one is hardly ever a number."""
    values = {
        value
        for match in _NUMBERS.finditer(text)
        if (value := parse_number(match.group())) is not None
        and (value != 1 or match.group().isdigit())
    }
    return {value.normalize() for value in values}


def _contacts(text: str) -> set[str]:
    return {found.normalised for found in find_contacts(text)}
