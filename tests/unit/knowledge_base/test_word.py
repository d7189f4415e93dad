"""Word documents: structure is kept, deleted text is not, and hostile archives are named."""

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from knowledge_base import DocumentUnreadable
from knowledge_base.formats.archive import MAX_ENTRIES, MAX_RATIO, MAX_UNPACKED_BYTES
from knowledge_base.formats.word import from_docx

BODY = "word/document.xml"


def saved(document: Any) -> bytes:
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def add(document: Any, xml: str) -> None:
    """An element before the end of the body, as Word writes it."""
    document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")


def test_headings_are_found_by_style_and_by_what_a_style_is_based_on() -> None:
    document = docx.Document()
    document.add_heading("Cards", level=0)
    document.add_heading("Lost card", level=2)
    own = document.styles.add_style("Chapter of ours", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = document.styles["Heading 3"]
    document.add_paragraph("Stolen card", style="Chapter of ours")
    document.add_paragraph("# Block it in the app.")
    assert from_docx(saved(document)) == (
        "# Cards\n\n## Lost card\n\n### Stolen card\n\n\\# Block it in the app."
    )


def test_items_that_follow_each_other_are_one_list() -> None:
    document = docx.Document()
    document.add_paragraph("You need:")
    document.add_paragraph("a card", style="List Bullet")
    document.add_paragraph("of ours", style="List Bullet 2")
    document.add_paragraph("a code", style="List Number")
    document.add_paragraph("Then call.")
    assert from_docx(saved(document)) == (
        "You need:\n\n- a card\n   - of ours\n1. a code\n\nThen call."
    )


def test_merged_cells_are_read_once_and_repeated_below() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for row, texts in zip(
        table.rows, (("Account", "Fee", "Card"), ("Plus", "12", "debit")), strict=False
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(2, 0).text = "Basic"
    table.cell(2, 1).text = "free"
    table.cell(1, 2).merge(table.cell(2, 2))
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Fee and card"
    assert from_docx(saved(document)) == (
        "| Account | Fee and card |  |\n| --- | --- | --- |\n"
        "| Plus | 12 | debit |\n| Basic | free | debit |"
    )


def test_deleted_text_is_left_out_and_content_controls_are_read() -> None:
    document, names = docx.Document(), nsdecls("w")
    add(
        document,
        f"<w:p {names}><w:r><w:t>The fee is </w:t></w:r>"
        "<w:del><w:r><w:delText>four</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>five</w:t></w:r></w:ins><w:r><w:t xml:space='preserve'> euros."
        "</w:t></w:r></w:p>",
    )
    add(
        document,
        f"<w:sdt {names}><w:sdtContent><w:p><w:r><w:t>Inside a control.</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>",
    )
    add(
        document,
        f"<w:sdt {names}><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/>"
        "</w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Contents 1</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>",
    )
    assert from_docx(saved(document)) == "The fee is five euros.\n\nInside a control."


def test_links_are_kept() -> None:
    document, names = docx.Document(), nsdecls("w", "r")
    target = document.part.relate_to(
        "https://lanternbank.example/cards",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        is_external=True,
    )
    add(
        document,
        f"<w:p {names}><w:r><w:t xml:space='preserve'>See </w:t></w:r><w:hyperlink r:id='{target}'>"
        "<w:r><w:t>our cards</w:t></w:r></w:hyperlink></w:p>",
    )
    assert from_docx(saved(document)) == "See [our cards](https://lanternbank.example/cards)"


def test_a_table_of_many_rows_is_read() -> None:
    document, names = docx.Document(), nsdecls("w")
    row = "<w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
    add(document, f"<w:tbl {names}>{row * 10_000}</w:tbl>")
    assert from_docx(saved(document)).count("| a |") == 10_000


def packed(*entries: tuple[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return target.getvalue()


def broken() -> bytes:
    whole = saved(docx.Document())
    return packed(
        *(
            (name, b"<w:document" if name == BODY else ZipFile(BytesIO(whole)).read(name))
            for name in ZipFile(BytesIO(whole)).namelist()
        )
    )


def only_a_picture() -> bytes:
    document, names = docx.Document(), nsdecls("w")
    add(document, f"<w:p {names}><w:r><w:drawing/></w:r></w:p>")
    return saved(document)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"PK nothing", "damaged", id="no-archive"),
        pytest.param(saved(docx.Document())[:-200], "damaged", id="truncated"),
        pytest.param(broken(), "damaged", id="broken-xml"),
        pytest.param(packed((BODY, bytes(MAX_UNPACKED_BYTES + 1))), "52428800 bytes", id="bomb"),
        pytest.param(packed((BODY, b"0" * 2_000_000)), f"{MAX_RATIO} times", id="bomb-by-ratio"),
        pytest.param(packed((BODY, b"x"), ("word/a.zip", b"PK")), "archive", id="nested"),
        pytest.param(
            packed(*((f"e{n}", b"") for n in range(MAX_ENTRIES + 1)), method=ZIP_STORED),
            str(MAX_ENTRIES),
            id="many-entries",
        ),
        pytest.param(only_a_picture(), "only pictures", id="pictures"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentUnreadable, match=reason):
        from_docx(content)


def test_an_entity_is_not_expanded() -> None:
    """A billion laughs, or a file of the server, in the text of a document."""
    whole = saved(docx.Document())
    laughing = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body><w:p><w:r><w:t>words &a;</w:t></w:r></w:p></w:body></w:document>"
    )
    with ZipFile(BytesIO(whole)) as archive:
        content = packed(
            *((n, laughing if n == BODY else archive.read(n)) for n in archive.namelist())
        )
    assert from_docx(content) == "words"
