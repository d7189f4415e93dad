"""Turn a Word document into Markdown: headings, lists, tables, links. Knows DOCX.

The tree is read directly: content controls and merged cells are lost or read again and again
otherwise, and a table of many rows takes minutes.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from lxml import etree

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.formats.archive import require_harmless
from knowledge_base.formats.markup import heading, plain, squeezed, table
from knowledge_base.formats.word_styles import NumberFormats, heading_levels

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SKIPPED = {"del", "moveFrom", "Fallback", "pPr", "rPr", "instrText", "delText", "tblPr", "sectPr"}
_SPACES = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
_MAX_SPAN = 100
_BROKEN: tuple[type[Exception], ...] = (
    *(KeyError, ValueError, OSError, SyntaxError, AttributeError, IndexError, TypeError),
    *(etree.LxmlError, NotImplementedError, EOFError, RecursionError),
)


def from_docx(content: bytes) -> str:
    """Headings by style, lists by numbering, tables with merged cells; deleted text is left out."""
    require_harmless(content)
    try:
        document = docx.Document(BytesIO(content))
        text = "\n\n".join(_WordWriter(document).write())
        has_pictures = (
            not text and next(document.element.body.iter(f"{_WORD}drawing"), None) is not None
        )
    except DocumentUnreadable:
        raise
    except Exception as error:
        if isinstance(error, _BROKEN) or type(error).__module__.startswith(
            ("docx", "zipfile", "zlib")
        ):
            raise DocumentUnreadable("the DOCX file is damaged") from error
        raise
    if has_pictures:
        raise DocumentUnreadable("the file holds no text, only pictures: recognise its text first")
    return text


class _WordWriter:
    """Writes the body of one document."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401 -- python-docx has no types
        self._body = document.element.body
        self._levels = heading_levels(document)
        self._numbers = NumberFormats(document)
        self._links = {
            key: relation.target_ref
            for key, relation in document.part.rels.items()
            if relation.is_external
        }

    def write(self) -> Iterator[str]:
        """Blocks; items that follow each other are one list."""
        items: list[str] = []
        for element in self._parts(self._body):
            item = self._item(element)
            if item is not None:
                items.append(item)
                continue
            if items:
                yield "\n".join(items)
                items = []
            block = self._block(element)
            if block:
                yield block
        if items:
            yield "\n".join(items)

    def _parts(self, parent: Any) -> Iterator[Any]:  # noqa: ANN401
        """Paragraphs and tables, those inside content controls too; no table of contents."""
        for element in parent:
            name = _name(element)
            if name in ("p", "tbl"):
                yield element
            elif name == "sdt" and not element.findall(f".//{_WORD}docPartGallery"):
                for inner in element.findall(f"{_WORD}sdtContent"):
                    yield from self._parts(inner)

    def _item(self, element: Any) -> str | None:  # noqa: ANN401
        """The line of a list item; None for everything else."""
        if _name(element) != "p" or self._level(element):
            return None
        found = self._numbers.of(element)
        words = squeezed(self._words(element))
        if found is None or not words:
            return None
        return f"{'   ' * found.depth}{'1.' if found.is_numbered else '-'} {words}"

    def _block(self, element: Any) -> str:  # noqa: ANN401
        if _name(element) == "tbl":
            return table(self._grid(element))
        words = squeezed(self._words(element))
        level = self._level(element)
        return heading(level, words) if level else plain(words)

    def _level(self, paragraph: Any) -> int:  # noqa: ANN401
        style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
        outline = paragraph.find(f"{_WORD}pPr/{_WORD}outlineLvl")
        if outline is not None and outline.get(f"{_WORD}val", "9").isdigit():
            level = int(outline.get(f"{_WORD}val")) + 1
            return level if level <= 6 else 0
        return self._levels.get(style.get(f"{_WORD}val"), 0) if style is not None else 0

    def _words(self, element: Any) -> str:  # noqa: ANN401
        parts: list[str] = []
        for child in element:
            name = _name(child)
            if name == "t":
                parts.append(child.text or "")
            elif name in _SPACES:
                parts.append(_SPACES[name])
            elif name == "hyperlink":
                parts.append(self._link(child))
            elif name not in _SKIPPED:
                parts.append(self._words(child))
                parts.append(" " if name == "p" else "")
        return "".join(parts)

    def _link(self, element: Any) -> str:  # noqa: ANN401
        words = self._words(element)
        url = self._links.get(element.get(_RELATION), "")
        is_page = url.startswith(("http://", "https://")) and not any(m in url for m in " ()<>")
        if not is_page or not words.strip() or words.strip() in (url, url.partition("://")[2]):
            return words
        return f"[{words.replace('[', '(').replace(']', ')')}]({url})"

    def _grid(self, element: Any) -> list[list[str]]:  # noqa: ANN401
        """Cells by row; one that spans rows is repeated in each, as it is read."""
        grid: list[list[str]] = []
        for row in element.findall(f"{_WORD}tr"):
            line: list[str] = []
            for cell in row.iter(f"{_WORD}tc"):
                if cell.getparent() is not row and _name(cell.getparent()) != "sdtContent":
                    continue  # of a table inside a cell: its words are read with the cell
                merge = cell.find(f"{_WORD}tcPr/{_WORD}vMerge")
                is_below = merge is not None and merge.get(f"{_WORD}val") != "restart"
                above = grid[-1] if grid else []
                words = above[len(line)] if is_below and len(line) < len(above) else None
                line.append(squeezed(self._words(cell)) if words is None else words)
                line.extend([""] * (_span(cell) - 1))
            grid.append(line)
        return grid


def _span(cell: Any) -> int:  # noqa: ANN401
    found = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
    value = found.get(f"{_WORD}val", "1") if found is not None else "1"
    return min(max(int(value), 1), _MAX_SPAN) if value.isdigit() else 1


def _name(element: Any) -> str:  # noqa: ANN401
    return str(element.tag).rpartition("}")[2]
