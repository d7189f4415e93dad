"""Turn files of every kind into Markdown. Knows formats, no folders and no database."""

from collections.abc import Callable
from functools import partial

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.formats.html import from_html, html_title
from knowledge_base.formats.kinds import (
    FORMAT_BY_SUFFIX,
    DocumentFormat,
    detect_kind,
    require_kind,
)
from knowledge_base.formats.markdown import from_markdown, from_text
from knowledge_base.formats.pdf import from_pdf
from knowledge_base.formats.question_table import read_rows, write_rows
from knowledge_base.formats.word import from_docx

__all__ = [
    "FORMAT_BY_SUFFIX",
    "DocumentFormat",
    "detect_kind",
    "html_title",
    "require_kind",
    "to_markdown",
]


def to_markdown(content: bytes, kind: DocumentFormat, *, base_url: str | None = None) -> str:
    """The content as Markdown; `DocumentUnreadable` when it is broken or holds no text.

    `base_url` is the address of a page, for its links. Whether the bytes are of this kind at all is
    asked by `require_kind`.
    """
    read = partial(from_html, base_url=base_url) if kind is DocumentFormat.HTML else _READERS[kind]
    try:
        text = read(content).strip()
    except RecursionError as error:
        raise DocumentUnreadable("the file nests its parts too deeply") from error
    if not text:
        raise DocumentUnreadable(f"the {kind} file holds no text")
    return text


def _from_table(content: bytes) -> str:
    return write_rows(read_rows(content))


_READERS: dict[DocumentFormat, Callable[[bytes], str]] = {
    DocumentFormat.MARKDOWN: from_markdown,
    DocumentFormat.HTML: from_html,
    DocumentFormat.TEXT: from_text,
    DocumentFormat.PDF: from_pdf,
    DocumentFormat.DOCX: from_docx,
    DocumentFormat.TABLE: _from_table,
}
