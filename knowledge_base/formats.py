"""Turn HTML, plain text, PDF and DOCX into Markdown. Knows file formats, no folders."""

import re
from collections.abc import Callable
from enum import StrEnum
from io import BytesIO
from zipfile import BadZipFile

import docx
from bs4 import BeautifulSoup, Tag
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from knowledge_base.errors import DocumentUnreadable


class DocumentFormat(StrEnum):
    """What a body is written in."""

    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"
    PDF = "pdf"
    DOCX = "docx"


FORMAT_BY_SUFFIX = {
    ".md": DocumentFormat.MARKDOWN,
    ".markdown": DocumentFormat.MARKDOWN,
    ".html": DocumentFormat.HTML,
    ".htm": DocumentFormat.HTML,
    ".txt": DocumentFormat.TEXT,
    ".pdf": DocumentFormat.PDF,
    ".docx": DocumentFormat.DOCX,
}
_NOT_CONTENT = [
    "script",
    "style",
    "nav",
    "header",
    "footer",
    "form",
    "noscript",
    "template",
    "svg",
    "iframe",
]
_BLOCKS = ["h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "table", "pre", "blockquote"]
_HEADING_STYLE = re.compile(r"^(?:Heading|标题)\s*(\d)$")


def to_markdown(content: bytes, kind: DocumentFormat) -> str:
    """The content as Markdown; `DocumentUnreadable` when it is broken or holds no text."""
    text = _READERS[kind](content).strip()
    if not text:
        raise DocumentUnreadable(f"the {kind} file holds no text")
    return text


def html_title(content: bytes) -> str:
    """The page title, else the first heading, else nothing."""
    soup = BeautifulSoup(content, "html.parser")
    found = soup.find("title") or soup.find("h1")
    return _words(found) if isinstance(found, Tag) else ""


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DocumentUnreadable("the file is not UTF-8 text") from error


def _from_text(content: bytes) -> str:
    """Plain text, with the marks escaped that Markdown would read as headings or tables."""
    return re.sub(r"^(\s*)([#>|])", r"\1\\\2", _decode(content), flags=re.MULTILINE)


def _from_html(content: bytes) -> str:
    soup = BeautifulSoup(_decode(content), "html.parser")
    for tag in soup(_NOT_CONTENT):
        tag.decompose()
    blocks = [tag for tag in soup.find_all(_BLOCKS) if tag.find_parent(_BLOCKS) is None]
    if not blocks:
        return soup.get_text("\n\n", strip=True)
    return "\n\n".join(filter(None, (_html_block(tag) for tag in blocks)))


def _html_block(tag: Tag) -> str:
    if tag.name.startswith("h"):
        return f"{'#' * int(tag.name[1])} {_words(tag)}" if _words(tag) else ""
    if tag.name in ("ul", "ol"):
        return "\n".join(
            f"{f'{number}.' if tag.name == 'ol' else '-'} {_words(item)}"
            for number, item in enumerate(tag.find_all("li"), start=1)
        )
    if tag.name == "table":
        rows = [[_words(cell) for cell in row.find_all(["td", "th"])] for row in tag.find_all("tr")]
        return _table(rows)
    return _words(tag)


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ", strip=True).split())


def _table(rows: list[list[str]]) -> str:
    rows = [row for row in rows if any(row)]
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    cells = [[cell.replace("|", "\\|") for cell in row] + [""] * (width - len(row)) for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _from_pdf(content: bytes) -> str:
    """One paragraph per block of lines; a PDF carries no headings that could be trusted."""
    try:
        pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError, OSError) as error:
        raise DocumentUnreadable("the PDF file is damaged or locked") from error
    paragraphs = re.split(r"\n\s*\n", "\n\n".join(pages))
    return _from_text("\n\n".join(" ".join(part.split()) for part in paragraphs).encode())


def _from_docx(content: bytes) -> str:
    try:
        document = docx.Document(BytesIO(content))
        parts = [_docx_part(part) for part in document.iter_inner_content()]
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise DocumentUnreadable("the DOCX file is damaged") from error
    return "\n\n".join(filter(None, parts))


def _docx_part(part: Paragraph | Table) -> str:
    if isinstance(part, Table):
        return _table([[cell.text.strip() for cell in row.cells] for row in part.rows])
    text = " ".join(part.text.split())
    style = str(part.style.name) if part.style is not None else ""
    heading = _HEADING_STYLE.match(style)
    if heading and text:
        return f"{'#' * min(int(heading.group(1)), 6)} {text}"
    if style.startswith("List") and text:
        return f"{'1.' if 'Number' in style else '-'} {text}"
    return text


_READERS: dict[DocumentFormat, Callable[[bytes], str]] = {
    DocumentFormat.MARKDOWN: _decode,
    DocumentFormat.HTML: _from_html,
    DocumentFormat.TEXT: _from_text,
    DocumentFormat.PDF: _from_pdf,
    DocumentFormat.DOCX: _from_docx,
}
