"""What bytes really are, whatever they are called."""

import docx
import pytest

from knowledge_base import DocumentFormat, DocumentUnreadable, Source, parse_documents
from knowledge_base.formats import detect_kind, require_kind
from tests.unit.knowledge_base.pdf_files import column, write_pdf
from tests.unit.knowledge_base.test_word import packed, saved

PDF = write_pdf(column(["Words of a file."]))
WORD = saved(docx.Document())
PAGE = (
    b"\xef\xbb\xbf\n<!-- made by us --><!DOCTYPE html><html><body><p>Words of a page.</body></html>"
)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)
WORKBOOK = packed(("xl/workbook.xml", b"<x/>"))
MARKDOWN, HTML, TEXT = DocumentFormat.MARKDOWN, DocumentFormat.HTML, DocumentFormat.TEXT


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        pytest.param(PAGE, DocumentFormat.PDF, "a PDF, but its content is HTML", id="page-as-pdf"),
        pytest.param(PDF, HTML, "HTML, but its content is a PDF", id="pdf-as-page"),
        pytest.param(PAGE, MARKDOWN, "content is HTML", id="page-as-markdown"),
        pytest.param(WORD, TEXT, "content is a Word document", id="word-as-text"),
        pytest.param(PICTURE, HTML, "a PNG picture", id="picture"),
        pytest.param(WORKBOOK, DocumentFormat.DOCX, "an Excel workbook", id="workbook-as-word"),
        pytest.param(packed(("a.txt", b"x")), DocumentFormat.DOCX, "a ZIP archive", id="archive"),
        pytest.param(b"\xd0\xcf\x11\xe0" + bytes(600), DocumentFormat.DOCX, "password", id="old"),
        pytest.param(b"MZ\x90\x00\x03" + bytes(60), TEXT, "a program", id="program"),
        pytest.param(b"just words", DocumentFormat.PDF, "should be a PDF", id="text-as-pdf"),
        pytest.param(b"", MARKDOWN, "empty", id="empty"),
        pytest.param(b" \n\t ", HTML, "empty", id="blank"),
    ],
)
def test_a_wrong_name_is_named(content: bytes, kind: DocumentFormat, reason: str) -> None:
    with pytest.raises(DocumentUnreadable, match=reason):
        parse_documents(content, kind, Source("a"))


@pytest.mark.parametrize(
    "content",
    [
        b"MZ is how this note begins.",
        b"BM: a heading",
        b"<p>a fragment</p>",
        "银行".encode("utf-16"),
    ],
)
def test_texts_that_begin_oddly_are_texts(content: bytes) -> None:
    require_kind(content, TEXT)


@pytest.mark.parametrize(
    ("content", "name", "media_type", "kind"),
    [
        (PDF, "", "", DocumentFormat.PDF),
        (PDF, "a.pdf", "application/pdf", DocumentFormat.PDF),
        (PAGE, "", "text/html; charset=utf-8", HTML),
        (b"<p>a fragment</p>", "", "text/html", HTML),
        (b"# Words", "a.md", "text/plain", MARKDOWN),
        (b"# Words", "a.md", "", MARKDOWN),
        (b"q,a", "", "text/csv", DocumentFormat.TABLE),
        (b"words", "", "application/octet-stream", TEXT),
        (b"words", "", "", TEXT),
    ],
)
def test_content_says_what_it_is_then_the_server_then_the_name(
    content: bytes, name: str, media_type: str, kind: DocumentFormat
) -> None:
    assert detect_kind(content, name=name, media_type=media_type) is kind


@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (PAGE, "application/pdf", "content is HTML"),
        (PDF, "text/html", "content is a PDF"),
        (PICTURE, "image/png", "a PNG picture"),
    ],
)
def test_a_server_that_sends_something_else_is_named(
    content: bytes, media_type: str, reason: str
) -> None:
    with pytest.raises(DocumentUnreadable, match=reason):
        detect_kind(content, media_type=media_type)
