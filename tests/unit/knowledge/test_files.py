"""Uploaded files: every format is read, and every limit names the field and itself."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from pydantic import ValidationError

from app.errors import AppError, BadInput, TooLarge
from app.knowledge import files
from app.knowledge.files import UploadedFile, read_file
from app.knowledge.schemas import DocumentCreate, FileFacts
from knowledge_base.formats.archive import MAX_UNPACKED_BYTES

MARKDOWN = b"---\ntitle: Cards\naudience: customers\n---\n\n## Lost card\n\nCall us at once."


def uploaded(name: str, content: bytes, **facts: object) -> UploadedFile:
    return UploadedFile(name, content, FileFacts.model_validate(facts))


def word_file() -> bytes:
    document, target = docx.Document(), BytesIO()
    document.add_heading("Lost card", level=1)
    document.add_paragraph("Call us at once.")
    document.save(target)
    return target.getvalue()


def pdf_file() -> bytes:
    stream = b"BT /F1 12 Tf 72 720 Td (Call us at once.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 6\n0000000000 65535 f \n" + rows
    trailer = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(content)
    return content + table + trailer


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("card.md", b"# Lost card\n\nCall us at once.", id="markdown"),
        pytest.param("card.html", b"<h1>Lost card</h1><p>Call us at once.</p>", id="html"),
        pytest.param("card.TXT", b"Call us at once.", id="text"),
        pytest.param("card.docx", word_file(), id="docx"),
        pytest.param("card.pdf", pdf_file(), id="pdf"),
    ],
)
def test_every_format_is_read(name: str, content: bytes) -> None:
    read = read_file(uploaded(name, content))
    assert "Call us at once." in read.body
    assert (read.locale, read.format) == ("en", "markdown")
    assert read.title in ("Lost card", "card")


def test_facts_beside_the_file_win_over_those_inside() -> None:
    assert read_file(uploaded("a.md", MARKDOWN)).audience == "customers"
    said = read_file(uploaded("a.md", MARKDOWN, title="Help", audience="staff", locale="zh"))
    assert (said.title, said.audience, said.locale) == ("Help", "staff", "zh")


def test_the_language_of_the_document_is_taken_where_nobody_says() -> None:
    assert read_file(uploaded("a.txt", b"1234"), locale="zh").locale == "zh"


def zip_bomb() -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * (MAX_UNPACKED_BYTES + 1))
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "limit"),
    [
        pytest.param("a.exe", b"MZ", ".docx", id="unknown-ending"),
        pytest.param("card", b"text", ".pdf", id="no-ending"),
        pytest.param("a" * 250 + ".md", b"text", "200 characters", id="long-name"),
        pytest.param("a.pdf", b"%PDF-1.7 broken", "damaged", id="broken-pdf"),
        pytest.param("a.docx", b"PK broken", "damaged", id="broken-docx"),
        pytest.param("a.docx", zip_bomb(), str(MAX_UNPACKED_BYTES), id="zip-bomb"),
        pytest.param("a.txt", b"\xff\xfe\xfa", "UTF-8", id="not-utf-8"),
        pytest.param("a.txt", b"   ", "no text", id="empty"),
        pytest.param("a.md", b"---\nsubtitle: x\n---\ntext", "front matter", id="front-matter"),
    ],
)
def test_a_bad_file_is_refused_by_name(name: str, content: bytes, limit: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_file(uploaded(name, content))
    (problem,) = refused.value.errors
    assert problem.field == "file"
    assert limit in problem.message


def test_too_many_bytes_are_refused_with_the_limit() -> None:
    with pytest.raises(TooLarge, match=str(files.MAX_FILE_BYTES)):
        read_file(uploaded("a.txt", b"a" * (files.MAX_FILE_BYTES + 1)))


def test_too_much_text_names_the_body() -> None:
    with pytest.raises(AppError) as refused:
        read_file(uploaded("a.txt", b"word " * 50_000))
    assert [(one.field, "200000" in one.message) for one in refused.value.errors] == [
        ("body", True)
    ]


def test_a_parser_that_breaks_in_its_own_way_is_a_damaged_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise SyntaxError("not well-formed")

    monkeypatch.setattr(files, "parse_documents", break_down)
    with pytest.raises(BadInput) as refused:
        read_file(uploaded("a.txt", b"text"))
    assert "damaged" in refused.value.errors[0].message


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "a" * 301),
        ("body", "a" * 200_001),
        ("body", "nul \x00"),
        ("format", "pdf"),
        ("locale", "fr"),
        ("audience", "everyone"),
        ("source_url", "javascript:alert(1)"),
        ("effective_from", "2026-01-01T00:00:00"),
        ("effective_from", "0001-01-01T00:00:00+14:00"),
        ("expires_at", "2025-12-31T00:00:00Z"),
        ("intents", ["x"] * 21),
    ],
)
def test_a_field_outside_its_limits_is_named(field: str, value: object) -> None:
    good = {"title": "t", "body": "b", "locale": "en", "effective_from": "2026-01-01T00:00:00Z"}
    with pytest.raises(ValidationError) as refused:
        DocumentCreate.model_validate({**good, field: value})
    assert [error["loc"][0] for error in refused.value.errors()] == [field]
