"""From pieces of text with places to Markdown: what stands together, what is large, what repeats.

Pure; knows no file format. A PDF names no paragraph, heading or table: all of it is inferred.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge_base.formats.markup import heading, plain, squeezed, table
from knowledge_base.tokens import has_cjk

_SAME_LINE = 0.35  # of the size: pieces whose bases differ less stand on one line
_SPACE = 0.15  # of the size: a wider gap stands for a space
_COLUMN_GAP = 1.0  # of the size: a wider gap on a line separates cells
_NEW_PARAGRAPH = 1.7  # of the size: lines further apart begin a paragraph
_LARGER = 1.12  # times the size of the body: a heading
_LONGEST_HEADING = 160
_LONGEST_BOLD_HEADING = 80
_EDGE_LINES, _EDGE = 3, 0.12  # at most three lines in the top and the bottom of a page
_FEWEST_PAGES, _REPEATED = 3, 0.5  # a line on half of at least three pages is a running head
_SAME_HEIGHT = 4.0  # points
_MOST_LEVELS = 4
_BULLET = re.compile(
    r"^[\u2022\u2023\u25aa\u25cf\u25e6\u2043\u2219\u00b7\uf0b7\uf0a7\u27a2o–\x7f-](?:\s+|$)"
)
_NUMBER = re.compile(r"\d+|\b[ivxlc]{1,6}\b")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text from `x` to `ends`, standing on `y` (upwards, in points)."""

    text: str
    x: float
    y: float
    ends: float
    size: float
    is_bold: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The pieces in the order of the file."""

    pieces: Sequence[Piece]
    height: float


@dataclass(slots=True)
class _Line:
    """Pieces on one base; `cells` are its parts between wide gaps, each with its place."""

    y: float
    size: float
    is_bold: bool
    cells: list[tuple[float, str]] = field(default_factory=list)
    ends: float = 0.0
    has_letters: bool = False

    @property
    def text(self) -> str:
        return squeezed(" ".join(words for _, words in self.cells))


def write_pages(pages: Sequence[Page]) -> str:
    """All pages as one Markdown text; a paragraph may run from one page to the next."""
    by_page = [_lines(page.pieces) for page in pages]
    edges = [_edges(lines, page.height) for lines, page in zip(by_page, pages, strict=True)]
    repeated = _running_heads(edges)
    lines = [
        line
        for page, edge in zip(by_page, edges, strict=True)
        for line in page
        if not (line in edge and _shape(line) in repeated)
    ]
    if not lines:
        return ""
    text = ""
    for block in _blocks(lines, _fashion(lines)):
        is_next_item = block.startswith("- ") and text.rpartition("\n")[2].startswith("- ")
        text += ("\n" if is_next_item else "\n\n") + block
    return text.strip()


def _lines(pieces: Sequence[Piece]) -> list[_Line]:
    lines: list[_Line] = []
    for piece in pieces:
        line = lines[-1] if lines else None
        if line is None or abs(line.y - piece.y) > _SAME_LINE * max(line.size, piece.size):
            line = _Line(piece.y, piece.size, piece.is_bold)
            lines.append(line)
        _put(line, piece)
    return [line for line in lines if line.text]


def _put(line: _Line, piece: Piece) -> None:
    """Add a piece; the first one with letters says how large and how bold the line is."""
    gap = piece.x - line.ends
    if line.cells and gap < _COLUMN_GAP * piece.size:
        x, words = line.cells[-1]
        line.cells[-1] = (x, words + (" " if gap > _SPACE * piece.size else "") + piece.text)
    else:
        line.cells.append((piece.x, piece.text))
    line.ends = piece.ends
    if any(char.isalnum() for char in piece.text):
        line.is_bold = piece.is_bold and (line.is_bold or not line.has_letters)
        line.size = max(line.size, piece.size) if line.has_letters else piece.size
        line.has_letters = True


def _edges(page: Sequence[_Line], height: float) -> list[_Line]:
    """The outermost lines, where running heads stand."""
    by_height = sorted(page, key=lambda line: line.y)
    below = [line for line in by_height[:_EDGE_LINES] if line.y < _EDGE * height]
    return [*below, *(one for one in by_height[-_EDGE_LINES:] if one.y > (1 - _EDGE) * height)]


def _shape(line: _Line) -> tuple[str, int]:
    """The words without numbers, and the height: page numbers differ, the rest does not."""
    return _NUMBER.sub("#", line.text.lower()), round(line.y / _SAME_HEIGHT)


def _running_heads(edges: Sequence[Sequence[_Line]]) -> set[tuple[str, int]]:
    if len(edges) < _FEWEST_PAGES:
        return set()
    counted = Counter(shape for page in edges for shape in {_shape(line) for line in page})
    return {shape for shape, times in counted.items() if times >= _REPEATED * len(edges)}


@dataclass(frozen=True, slots=True)
class _Fashion:
    """How this document writes: heading levels by size, that of bold lines, where lines begin."""

    levels: dict[float, int]
    bold_level: int
    margin: float


def _fashion(lines: Sequence[_Line]) -> _Fashion:
    by_size: Counter[float] = Counter()
    for line in lines:
        by_size[line.size] += len(line.text)
    body = by_size.most_common(1)[0][0]
    sizes = sorted({line.size for line in lines if line.size > _LARGER * body}, reverse=True)
    levels = {size: min(number, _MOST_LEVELS) for number, size in enumerate(sizes, start=1)}
    margin = Counter(round(line.cells[0][0]) for line in lines).most_common(1)[0][0]
    return _Fashion(levels, min(len(sizes) + 1, _MOST_LEVELS), margin)


def _blocks(lines: Sequence[_Line], fashion: _Fashion) -> Iterator[str]:
    position = 0
    while position < len(lines):
        end = _table_end(lines, position)
        if end > position:
            yield table(_grid(lines[position:end]))
        elif level := _level(lines, position, fashion):
            end = position + 1
            while end < len(lines) and _goes_on(lines, end, fashion):
                end += 1
            yield heading(level, _joined([line.text for line in lines[position:end]]))
        else:
            end = _paragraph_end(lines, position, fashion)
            yield _paragraph([line.text for line in lines[position:end]])
        position = end


def _level(lines: Sequence[_Line], at: int, fashion: _Fashion) -> int:
    """The level of a heading, 0 for other lines: larger than the body, or bold and alone."""
    line = lines[at]
    if not any(char.isalpha() for char in line.text) or len(line.text) > _LONGEST_HEADING:
        return 0
    if line.size in fashion.levels:
        return fashion.levels[line.size]
    is_alone = _begins(lines, at) and (at + 1 == len(lines) or not lines[at + 1].is_bold)
    is_alone = is_alone and abs(line.cells[0][0] - fashion.margin) < line.size
    is_short = len(line.text) <= _LONGEST_BOLD_HEADING and line.text[-1] not in ".,;。；，"
    is_heading = line.is_bold and is_alone and is_short and not _BULLET.match(line.text)
    return fashion.bold_level if is_heading else 0


def _goes_on(lines: Sequence[_Line], at: int, fashion: _Fashion) -> bool:
    """Whether a large line continues the heading above it."""
    line, above = lines[at], lines[at - 1]
    is_large = line.size in fashion.levels and line.size == above.size
    return is_large and not _begins(lines, at)


def _begins(lines: Sequence[_Line], at: int) -> bool:
    """Whether a line stands apart from the one above it."""
    if at == 0:
        return True
    line, above = lines[at], lines[at - 1]
    distance = above.y - line.y
    if distance < 0:  # the next column or page: a sentence may run on
        return above.text[-1] in ".!?:。！？：" or line.text[0].isupper()
    return distance > _NEW_PARAGRAPH * max(line.size, above.size)


def _paragraph_end(lines: Sequence[_Line], start: int, fashion: _Fashion) -> int:
    end = start + 1
    while end < len(lines) and not (
        _begins(lines, end)
        or _BULLET.match(lines[end].text)
        or abs(lines[end].size - lines[start].size) > 0.5
        or _level(lines, end, fashion)
        or _table_end(lines, end) > end
    ):
        end += 1
    return end


def _paragraph(texts: Sequence[str]) -> str:
    words = _joined(texts)
    if _BULLET.match(words):
        return f"- {_BULLET.sub('', words)}".strip()
    return plain(words)


def _joined(texts: Sequence[str]) -> str:
    """Lines become one; a word that was cut at the end of its line is whole again."""
    words = ""
    for text in texts:
        if words.endswith(("-", "\u00ad", "\u2010")) and len(words) > 1 and words[-2].isalpha():
            is_cut = text[:1].islower()
            words = words[:-1] + text if is_cut else words + text
        elif words and has_cjk(words[-1]) and has_cjk(text[:1]):
            words += text
        else:
            words = f"{words} {text}" if words else text
    return words.replace("\u00ad", "")


def _table_end(lines: Sequence[_Line], start: int) -> int:
    """Where the table that begins here ends; `start` where none does.

    At least two lines with as many cells; lines of fewer cells in between continue a cell.
    """
    width = len(lines[start].cells)
    if width < 2 or _BULLET.match(lines[start].text):
        return start
    end, rows = start, 0
    while end < len(lines) and _is_of_table(lines, end, start, width):
        rows += len(lines[end].cells) == width
        end += 1
    return end if rows >= 2 else start


def _is_of_table(lines: Sequence[_Line], at: int, start: int, width: int) -> bool:
    line = lines[at]
    if at > start and not 0 < lines[at - 1].y - line.y < 4 * line.size:
        return False
    if len(line.cells) == width:
        return True
    left, size = lines[start].cells[0][0], line.size
    return at > start and len(line.cells) < width and line.cells[0][0] > left + size


def _grid(lines: Sequence[_Line]) -> list[list[str]]:
    """Rows of cells; what stands below a cell without a row of its own is added to it."""
    width = len(lines[0].cells)
    places = [x for x, _ in max(lines, key=lambda line: len(line.cells)).cells]
    rows: list[list[str]] = []
    for line in lines:
        if len(line.cells) == width:
            rows.append([words for _, words in line.cells])
            continue
        for x, words in line.cells:
            column = min(range(width), key=lambda number: abs(places[number] - x))
            rows[-1][column] = _joined([rows[-1][column], words])
    return rows
