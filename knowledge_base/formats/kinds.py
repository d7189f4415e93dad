"""What a body is written in: by its name, and by its bytes. Knows no parser."""

import re
from enum import StrEnum
from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from knowledge_base.errors import DocumentUnreadable


class DocumentFormat(StrEnum):
    """What a body is written in."""

    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"
    PDF = "pdf"
    DOCX = "docx"
    TABLE = "table"  # questions and answers, as CSV or TSV


FORMAT_BY_SUFFIX = {
    ".md": DocumentFormat.MARKDOWN,
    ".markdown": DocumentFormat.MARKDOWN,
    ".html": DocumentFormat.HTML,
    ".htm": DocumentFormat.HTML,
    ".txt": DocumentFormat.TEXT,
    ".pdf": DocumentFormat.PDF,
    ".docx": DocumentFormat.DOCX,
    ".csv": DocumentFormat.TABLE,
    ".tsv": DocumentFormat.TABLE,
}
FORMAT_BY_MEDIA_TYPE = {
    "text/markdown": DocumentFormat.MARKDOWN,
    "text/x-markdown": DocumentFormat.MARKDOWN,
    "text/html": DocumentFormat.HTML,
    "application/xhtml+xml": DocumentFormat.HTML,
    "text/plain": DocumentFormat.TEXT,
    "application/pdf": DocumentFormat.PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": DocumentFormat.DOCX,
    "text/csv": DocumentFormat.TABLE,
    "text/tab-separated-values": DocumentFormat.TABLE,
}
_BINARY = {DocumentFormat.PDF, DocumentFormat.DOCX}
_WHAT_IT_IS = {
    DocumentFormat.MARKDOWN: "Markdown",
    DocumentFormat.HTML: "HTML",
    DocumentFormat.TEXT: "plain text",
    DocumentFormat.PDF: "a PDF",
    DocumentFormat.DOCX: "a Word document (DOCX)",
    DocumentFormat.TABLE: "a table of questions and answers",
}
# the first bytes of what is sent by mistake, and what people call it
_FOREIGN = (
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"BM", "a BMP picture"),
    (b"RIFF", "a picture, a sound or a film"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ", "an XZ archive"),
    (b"BZh", "a bzip2 archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document, or one locked with a password"),
)
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_HEAD = 4096
_PDF_HEAD = 1024  # readers accept a mark that begins within these bytes


def require_kind(content: bytes, kind: DocumentFormat) -> None:
    """`DocumentUnreadable` names what the bytes really are when they are not of this kind."""
    if not content.strip():
        raise DocumentUnreadable("the file is empty: it holds no text")
    found = _recognise(content)
    expected = _WHAT_IT_IS[kind]
    if found is None and kind in _BINARY:
        what = "is damaged or not one" if len(content) < _HEAD else "is not one"
        raise DocumentUnreadable(f"the file should be {expected}, but {what}")
    if found is not None and found != expected:
        raise DocumentUnreadable(f"the file should be {expected}, but its content is {found}")


def detect_kind(content: bytes, *, name: str = "", media_type: str = "") -> DocumentFormat:
    """The kind of something fetched: what the bytes show, else what server or name say.

    `DocumentUnreadable` when the bytes are of no kind that is read, or not what the server says.
    """
    said = FORMAT_BY_MEDIA_TYPE.get(media_type.partition(";")[0].strip().lower())
    named = FORMAT_BY_SUFFIX.get(PurePath(name).suffix.lower())
    found = _recognise(content)
    shown = next((kind for kind, what in _WHAT_IT_IS.items() if what == found), None)
    if shown is not None and said in (None, shown):
        return shown
    kind = named if said in (None, DocumentFormat.TEXT) and named is not None else said
    kind = kind or DocumentFormat.TEXT
    require_kind(content, kind)
    return kind


def _recognise(content: bytes) -> str | None:
    """What the bytes are beyond doubt; None for texts of every kind."""
    if b"%PDF-" in content[:_PDF_HEAD]:
        return _WHAT_IT_IS[DocumentFormat.PDF]
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(content)
    if _PAGE.match(content[:_HEAD]):
        return _WHAT_IT_IS[DocumentFormat.HTML]
    return next((what for mark, what in _FOREIGN if _begins(content, mark)), None)


def _begins(content: bytes, mark: bytes) -> bool:
    """Two letters alone may open a text: a program or picture also has a NUL near its start."""
    return content.startswith(mark) and (len(mark) > 2 or b"\x00" in content[:64] or mark[0] < 32)


def _packed(content: bytes) -> str | None:
    try:
        with ZipFile(BytesIO(content)) as packed:
            names = set(packed.namelist())
    except (BadZipFile, ValueError, OSError):
        return None
    if "word/document.xml" in names:
        return _WHAT_IT_IS[DocumentFormat.DOCX]
    for folder, what in (("xl/", "an Excel workbook"), ("ppt/", "a PowerPoint presentation")):
        if any(name.startswith(folder) for name in names):
            return what
    return "a ZIP archive"
