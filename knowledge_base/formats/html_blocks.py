"""Write the elements of a page as Markdown blocks. Knows what is a block, a list, a table, a link.

Emphasis is left out: passages are quoted word for word, and stars would stand in the quote.
"""

from collections.abc import Iterator
from urllib.parse import urljoin

from lxml.html import HtmlElement

from knowledge_base.formats.markup import heading, plain, squeezed, table

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("ul", "ol", "menu")
_BLOCKS = {*_HEADINGS, *_LISTS, "address", "article", "aside", "blockquote", "body", "center"}
_BLOCKS |= {"dd", "details", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure"}
_BLOCKS |= {"footer", "form", "head", "header", "hr", "html", "legend", "li", "main", "p", "pre"}
_BLOCKS |= {"section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "caption"}
_ALWAYS_LAYOUT = ("h1", "h2", "h3", "h4", "h5", "h6", "table", "form", "pre", "blockquote")
_MAX_SPAN = 100
_BREAK = "\u2028"  # where a page ends a line; source lines end anywhere


def words_of(element: HtmlElement) -> str:
    """All its text as one line."""
    return squeezed(str(element.text_content()))


class BlockWriter:
    """Writes one tree; links become absolute where the page's address is known."""

    def __init__(self, base_url: str | None) -> None:
        self._base_url = base_url
        self._level = 1  # of the last heading

    def write(self, element: HtmlElement) -> str:
        """Blocks with an empty line between them."""
        return "\n\n".join(block for block in self._blocks(element) if block)

    def _blocks(self, element: HtmlElement) -> Iterator[str]:
        """Runs of inline content become paragraphs; every block child writes itself."""
        run: list[str] = [element.text or ""]
        for child in element:
            if child.tag == "br":
                run.append(_BREAK)
            elif self._is_block(child):
                yield self._paragraph(run)
                run = []
                yield from self._block(child)
            else:
                run.append(self._inline(child))
            run.append(child.tail or "")
        yield self._paragraph(run)

    def _block(self, element: HtmlElement) -> Iterator[str]:
        if element.tag in _HEADINGS:
            self._level = int(element.tag[1])
            yield heading(self._level, squeezed(self._line(element)))
        elif element.tag in _LISTS:
            yield "\n".join(self._items(element, depth=0))
        elif element.tag == "table":
            yield from self._table(element)
        elif element.tag == "pre":
            words = str(element.text_content()).strip("\n")
            yield f"```\n{words}\n```" if words.strip() and "```" not in words else ""
        elif element.tag in ("dt", "summary"):
            yield from self._question(element)
        elif element.tag == "blockquote":
            lines = self.write(element).splitlines()
            yield "\n".join(f"> {line}".rstrip() for line in lines)
        else:
            yield from self._blocks(element)

    def _is_block(self, element: HtmlElement) -> bool:
        """By its name, or because a block lies inside it, as a link around a heading does."""
        return element.tag in _BLOCKS or next(element.iter(*_BLOCKS), None) is not None

    def _question(self, element: HtmlElement) -> Iterator[str]:
        """A term, or what folds open: the heading of what follows, one level below those above."""
        if next(element.iter(*_HEADINGS), None) is not None:
            yield from self._blocks(element)
        else:
            yield heading(min(self._level + 1, 6), squeezed(self._line(element)))

    def _paragraph(self, run: list[str]) -> str:
        lines = (squeezed(line) for line in "".join(run).split(_BREAK))
        return plain("\n".join(line for line in lines if line))

    def _line(self, element: HtmlElement) -> str:
        """The element's content as inline text, blocks inside it too."""
        parts = [element.text or ""]
        for child in element:
            parts.append(self._inline(child))
            parts.append(child.tail or "")
        return "".join(parts)

    def _inline(self, element: HtmlElement) -> str:
        if element.tag == "br":
            return _BREAK
        words = self._line(element)
        if element.tag in _BLOCKS:
            return f" {words} "
        if element.tag != "a":
            return words
        return self._link(words, element.get("href") or "")

    def _link(self, words: str, target: str) -> str:
        """A link that leads to another page; one whose words are its address stays words."""
        said = squeezed(words)
        url = urljoin(self._base_url, target) if self._base_url else target
        is_page = url.startswith(("http://", "https://")) and not target.startswith("#")
        is_address = said in (url, url.partition("://")[2].rstrip("/"))
        if not said or not is_page or is_address or any(mark in url for mark in " ()<>"):
            return words
        return f"[{said.replace('[', '(').replace(']', ')')}]({url})"

    def _items(self, element: HtmlElement, *, depth: int) -> Iterator[str]:
        """One line for each item, the items of a list inside it indented below."""
        number = 0
        for item in element:
            if item.tag in _LISTS:  # a list beside the items instead of inside one
                yield from self._items(item, depth=depth + 1)
                continue
            number += 1
            mark = f"{number}." if element.tag == "ol" else "-"
            words = squeezed(self._own_words(item))
            if words:
                yield f"{'   ' * depth}{mark} {words}"
            for inner in self._lists_inside(item):
                yield from self._items(inner, depth=depth + 1)

    def _own_words(self, item: HtmlElement) -> str:
        parts = [item.text or ""]
        for child in item:
            if child.tag not in _LISTS:
                parts.append(self._own_inline(child))
            parts.append(" " if child.tag in _BLOCKS else "")
            parts.append(child.tail or "")
        return "".join(parts)

    def _own_inline(self, child: HtmlElement) -> str:
        """Words of a child without those of lists further down: these are written below it."""
        if next(child.iter(*_LISTS), None) is None:
            return self._inline(child)
        return f" {self._own_words(child)} "

    def _lists_inside(self, item: HtmlElement) -> Iterator[HtmlElement]:
        """The nearest lists below an item."""
        for child in item:
            if child.tag in _LISTS:
                yield child
            elif isinstance(child.tag, str):
                yield from self._lists_inside(child)

    def _table(self, element: HtmlElement) -> Iterator[str]:
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
        for caption in element.iterchildren("caption"):
            yield plain(words_of(caption))
        if _is_layout(element, rows):
            for row in rows:
                for cell in row:
                    yield from self._blocks(cell)
        else:
            yield table(self._grid(rows))

    def _grid(self, rows: list[HtmlElement]) -> list[list[str]]:
        """Cells by row and column; a cell that spans rows is repeated in each, as it is read."""
        hanging: dict[int, tuple[int, str]] = {}  # column -> rows that still follow, words
        grid: list[list[str]] = []
        for row in rows:
            line: list[str] = []
            for cell in row.iterchildren("td", "th"):
                _let_down(line, hanging)
                words, height = squeezed(self._line(cell)), _span(cell, "rowspan")
                if height > 1:
                    hanging[len(line)] = (height - 1, words)
                line.extend([words, *[""] * (_span(cell, "colspan") - 1)])
            _let_down(line, hanging)
            grid.append(line)
        return grid


def _let_down(line: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Put in what the rows above hang into the next columns."""
    while len(line) in hanging:
        column = len(line)
        left, words = hanging.pop(column)
        if left > 1:
            hanging[column] = (left - 1, words)
        line.append(words)


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isascii() and value.isdigit() else 1


def _is_layout(element: HtmlElement, rows: list[HtmlElement]) -> bool:
    """A table that only places things: it says so, has one column, or holds whole sections."""
    if element.get("role") in ("presentation", "none"):
        return True
    widest = max((len(list(row.iterchildren("td", "th"))) for row in rows), default=0)
    inner = (one for tag in _ALWAYS_LAYOUT for one in element.iterdescendants(tag))
    return widest < 2 or next(inner, None) is not None
