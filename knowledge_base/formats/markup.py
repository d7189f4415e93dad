"""Write Markdown: tables, and words that must not be read as marks. Knows no source format."""

import re
from collections.abc import Sequence

from knowledge_base.errors import DocumentUnreadable

MAX_CELLS = 50_000
# what a line of words must not begin with: it would become a heading, a table, a quote or a fence
_MARK = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[>|]|`{3,}|~{3,}|=+\s*$|-{2,}\s*$)", re.MULTILINE)


def heading(level: int, words: str) -> str:
    """One line; empty words give nothing. Levels beyond six are written as six."""
    return f"{'#' * min(max(level, 1), 6)} {words}" if words else ""


def plain(words: str) -> str:
    """Words, line by line, with the marks escaped that Markdown would obey."""
    return _MARK.sub(r"\1\\\2", words)


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row is its head; empty rows are left out, short ones filled up."""
    kept = [row for row in rows if any(row)]
    if not kept:
        return ""
    width = max(len(row) for row in kept)
    if width * len(kept) > MAX_CELLS:
        raise DocumentUnreadable(f"a table has more than {MAX_CELLS} cells")
    lines = [_row([*row, *[""] * (width - len(row))]) for row in kept]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def squeezed(words: str) -> str:
    """The words with single spaces between them."""
    return " ".join(words.split())


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(squeezed(cell).replace("|", "\\|") for cell in cells) + " |"
