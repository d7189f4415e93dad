"""Find headings in text without markup: numbered clauses, 第三条, lines in capitals.

Pure text; used only where a document has no Markdown heading at all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

LONGEST_HEADING = 80  # characters of a line that may be a heading
_NUMERAL = "一二三四五六七八九十百零〇0-9"


@dataclass(frozen=True, slots=True)
class _Rule:
    """How one kind of heading looks, and how deep it lies; 0 is read from its number."""

    level: int
    pattern: re.Pattern[str]


_RULES = (
    _Rule(1, re.compile(rf"第[{_NUMERAL}]+[编部分章]+[\s　]*[^。；，]{{0,40}}")),
    _Rule(2, re.compile(rf"第[{_NUMERAL}]+节[\s　]*[^。；，]{{0,40}}")),
    _Rule(3, re.compile(rf"第[{_NUMERAL}]+条(?:[\s　]*[^。；，！？]{{0,40}})?")),
    _Rule(1, re.compile(r"[一二三四五六七八九十]+、[^。；！？]{1,30}")),
    _Rule(2, re.compile(r"[（(][一二三四五六七八九十]+[）)][^。；，！？]{1,30}")),
    _Rule(1, re.compile(r"(?:part|chapter|section|article|schedule|annex|appendix)\s+\w+.*", re.I)),
    _Rule(0, re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+[^\W\d_].*")),
    _Rule(1, re.compile(r"(?=.*[A-Z]{3})[A-Z0-9 ,&'’:/()\-]{4,}")),
)
_ENDS_SENTENCE = re.compile(r"[.。！？!?；;，,：:]\s*$")
# 第三条 客户应当…: the clause begins on the line of its number
_CLAUSE = re.compile(rf"(第[{_NUMERAL}]+条)[\s　]+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line that looks like a heading."""

    level: int
    words: str
    start: int  # of the line
    end: int  # where the text below begins


def split_at_headings(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Heading path, start and end of every piece of text between two heading lines."""
    path: list[tuple[int, str]] = []
    begin = 0
    for mark in _without_lists(text, list(_marks(text))):
        if text[begin : mark.start].strip():
            yield tuple(words for _, words in path), begin, mark.start
        above = [(depth, words) for depth, words in path if depth < mark.level]
        path = [*above, (mark.level, mark.words)]
        begin = mark.end
    if text[begin:].strip():
        yield tuple(words for _, words in path), begin, len(text)


def _without_lists(text: str, marks: list[_Mark]) -> Iterator[_Mark]:
    """Numbered lines one right after another are a list, not headings without a text."""
    in_list = False
    for mark, following in zip_longest(marks, marks[1:]):
        end = len(text) if following is None else following.start
        is_empty = not text[mark.end : end].strip()
        leads_deeper = following is not None and following.level > mark.level
        if is_empty and not leads_deeper:
            in_list = True
        elif in_list:
            in_list = False
        else:
            yield mark


def _marks(text: str) -> Iterator[_Mark]:
    start = 0
    for line in text.split("\n"):
        found = _heading(line)
        if found is not None:
            level, words, length = found
            after = min(start + len(line) + 1, len(text))
            yield _Mark(level, words, start, after if length is None else start + length)
        start += len(line) + 1


def _heading(line: str) -> tuple[int, str, int | None] | None:
    """Level, words, and how much of the line is heading (None: all of it)."""
    stripped = line.strip()
    if len(stripped) <= LONGEST_HEADING and not _ENDS_SENTENCE.search(stripped):
        for rule in _RULES:
            match = rule.pattern.fullmatch(stripped)
            if match is not None:
                return rule.level or match["number"].count(".") + 1, stripped, None
    clause = _CLAUSE.match(stripped)
    if clause is None:
        return None
    return 3, clause.group(1), line.index(stripped[0]) + clause.end()
