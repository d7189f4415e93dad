"""What changed between two versions: facts, and the text sentence by sentence. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from knowledge_base.sentences import sentence_spans

MAX_COMPARED = 4_000  # units; above it, what lies between the first and last change is shown whole
Fact = str | list[str] | None


@dataclass(frozen=True, slots=True)
class Change:
    """A fact with its two values."""

    field: str
    before: Fact
    after: Fact


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a sentence of one."""

    op: str  # same | removed | added
    text: str


def changed_facts(before: Mapping[str, Fact], after: Mapping[str, Fact]) -> list[Change]:
    """The facts that differ, in the order of `before`; both have the same fields."""
    return [
        Change(field, value, after[field])
        for field, value in before.items()
        if value != after[field]
    ]


def compared_lines(before: str, after: str) -> list[Line]:
    """Both texts as one list: what stayed, what went, what came. Blank lines are left out."""
    old, new = list(_units(before)), list(_units(after))
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle = _compare(old[start : len(old) - end], new[start : len(new) - end])
    same_end = old[len(old) - end :]
    return [*_lines("same", old[:start]), *middle, *_lines("same", same_end)]


def _compare(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    if max(len(old), len(new)) > MAX_COMPARED:
        return [*_lines("removed", old), *_lines("added", new)]
    return [
        line
        for op, *span in SequenceMatcher(a=old, b=new).get_opcodes()
        for line in _spelled_out(op, old[span[0] : span[1]], new[span[2] : span[3]])
    ]


def _spelled_out(op: str, old: Sequence[str], new: Sequence[str]) -> list[Line]:
    if op == "equal":
        return _lines("same", old)
    return [*_lines("removed", old), *_lines("added", new)]


def _lines(op: str, units: Sequence[str]) -> list[Line]:
    return [Line(op, unit) for unit in units]


def _units(text: str) -> Iterator[str]:
    """A paragraph is often one line: its sentences are compared, rather than all of it."""
    for line in text.splitlines():
        for number, (begin, end) in enumerate(sentence_spans(line)):
            yield line[begin if number else 0 : end]  # the first keeps its indentation


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many units both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))
