"""Cut a long document into sections and units: sentences, list items, table rows.

Every unit is a span of the text as it came, so quotes stay exact. Knows no model and no ranking.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, zip_longest

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.outline import Block, BlockKind, Section, read_outline
from knowledge_base.plain_headings import split_at_headings
from knowledge_base.sentences import Span, sentence_spans, text_size

MAX_CHARACTERS = 100_000
LONGEST_UNIT = 120  # words or Chinese characters; what is longer is cut at white space or halves
LONGEST_UNIT_CHARACTERS = 1_000  # of words that never end

_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+", re.MULTILINE)
_RULE_ROW = re.compile(r"^[\s|:\-]+$")
CELL_BORDER = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)")
_MARKS = re.compile(
    r"\*\*|(?<!\w)__|__(?!\w)|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`|^\s*>\s?|\\(?=[#>|*_])", re.M
)


class UnitKind(StrEnum):
    """What a unit was in the text."""

    SENTENCE = "sentence"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest piece that is quoted."""

    kind: UnitKind
    start: int
    end: int
    section: int  # position in `LongDocument.sections`
    plain: str  # the words without markup; a table row with the names of its columns
    context: str = ""  # the words that introduce a list
    columns: tuple[str, ...] = ()  # the names over the cells of a row


@dataclass(frozen=True, slots=True)
class LongDocument:
    """A text with its sections and units in reading order."""

    text: str
    sections: tuple[Section, ...]
    units: tuple[Unit, ...]

    def quote(self, unit: Unit) -> str:
        """The exact words of a unit."""
        return self.text[unit.start : unit.end]

    def span_of(self, section: int) -> Span:
        """Where the text of a section begins and ends, without its heading."""
        blocks = self.sections[section].blocks
        return blocks[0].start, blocks[-1].end


def read_long_document(text: str) -> LongDocument:
    """Sections and units of a Markdown or plain text of at most `MAX_CHARACTERS`.

    Raises DocumentUnreadable when it is longer, or holds nothing but headings.
    """
    if len(text) > MAX_CHARACTERS:
        raise DocumentUnreadable(f"{len(text)} characters; at most {MAX_CHARACTERS} are read")
    try:
        sections = tuple(_sections(text))
    except RecursionError as nested:
        raise DocumentUnreadable("its lists or quotations are nested too deeply") from nested
    units = tuple(
        unit
        for number, section in enumerate(sections)
        for above, block in pairwise((None, *section.blocks))
        if block is not None
        for unit in _units(text, block, number, _words_above(text, above, block))
        if text_size(unit.plain)
    )
    if not units:
        raise DocumentUnreadable("holds no sentence: headings alone, or nothing")
    return LongDocument(text, sections, units)


def plain_words(markdown: str) -> str:
    """The words of an inline text without emphasis, code marks and link targets."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", markdown)).split())


def _sections(text: str) -> list[Section]:
    """By Markdown headings; where there are none, by lines that read like headings."""
    sections = read_outline(text)
    if any(section.headings for section in sections):
        return sections
    found: list[Section] = []
    for headings, start, end in split_at_headings(text):
        for part in read_outline(text[start:end]):
            blocks = (Block(one.kind, one.start + start, one.end + start) for one in part.blocks)
            found.append(Section(headings, tuple(blocks)))
    return found or sections


def _words_above(text: str, above: Block | None, block: Block) -> str:
    """The last sentence of the paragraph right above a list: it introduces it."""
    if block.kind is not BlockKind.LIST or above is None or above.kind is not BlockKind.PROSE:
        return ""
    start, end = sentence_spans(text, above.start, above.end)[-1]
    return plain_words(text[start:end])


def _units(text: str, block: Block, section: int, above: str) -> Iterator[Unit]:
    if block.kind is BlockKind.TABLE:
        yield from _rows(text, block, section)
        return
    if block.kind is BlockKind.LIST:
        for start, end in _items(text, block):
            for piece in _readable(text, (start, end)):
                yield _unit(text, UnitKind.ITEM, piece, section, above)
        return
    for span in sentence_spans(text, block.start, block.end):
        for piece in _readable(text, span):
            yield _unit(text, UnitKind.SENTENCE, piece, section, "")


def _unit(text: str, kind: UnitKind, span: Span, section: int, context: str) -> Unit:
    return Unit(kind, *span, section, plain_words(text[span[0] : span[1]]), context)


def _items(text: str, block: Block) -> Iterator[Span]:
    """Spans of the items without their marks; a nested item is an item."""
    marks = list(_ITEM.finditer(text, block.start, block.end))
    for mark, following in zip_longest(marks, marks[1:]):
        start, end = mark.end(), following.start() if following else block.end
        end = start + len(text[start:end].rstrip())
        if start < end:
            yield start, end


def _rows(text: str, block: Block, section: int) -> Iterator[Unit]:
    header: list[str] | None = None
    start = block.start
    for line in text[block.start : block.end].split("\n"):
        stripped = line.strip()
        if header is None:
            header = _cells(line)
        elif stripped and not _RULE_ROW.match(line):
            begin = start + line.index(stripped[0])
            plain = _row_words(header, _cells(line))
            span = (begin, begin + len(stripped))
            if _is_readable(text, span):
                yield Unit(UnitKind.ROW, *span, section, plain, columns=tuple(header))
            else:
                for piece in _readable(text, span):
                    yield _unit(text, UnitKind.SENTENCE, piece, section, "")
        start += len(line) + 1


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [plain_words(cell) for cell in CELL_BORDER.split(inner)]


def _row_words(header: list[str], cells: list[str]) -> str:
    """The first cell names the row, the others are said with their column."""
    named = [
        f"{name}: {cell}" if name else cell
        for name, cell in zip(header[1:], cells[1:], strict=False)
        if cell
    ]
    return f"{cells[0]} – {'; '.join(named)}" if named else cells[0]


def _readable(text: str, span: Span) -> Iterator[Span]:
    """The span, or its halves where it is longer than anybody reads at once."""
    start, end = span
    if _is_readable(text, span):
        yield span
        return
    middle = (start + end) // 2
    space = text.rfind(" ", start + 1, middle)
    border = space + 1 if space > start else middle
    for half in ((start, border), (border, end)):
        first = half[0] + len(text[half[0] : half[1]]) - len(text[half[0] : half[1]].lstrip())
        last = first + len(text[first : half[1]].rstrip())
        if first < last:
            yield from _readable(text, (first, last))


def _is_readable(text: str, span: Span) -> bool:
    start, end = span
    return end - start <= LONGEST_UNIT_CHARACTERS and text_size(text[start:end]) <= LONGEST_UNIT
