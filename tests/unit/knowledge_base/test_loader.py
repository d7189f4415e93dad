"""Documents from files of every format; a bad file never stops the batch."""

from io import BytesIO
from pathlib import Path

import docx
import pytest

from knowledge_base import (
    Document,
    DocumentFormat,
    DocumentUnreadable,
    LoadFailure,
    load_folder,
    parse_document,
)
from knowledge_base.formats import to_markdown

FRONT = "---\ntitle: Fees\nlocale: en\nintents: [account_fees]\naudience: staff\n"


def test_front_matter_becomes_facts(tmp_path: Path) -> None:
    file = tmp_path / "en" / "fees.md"
    file.parent.mkdir()
    file.write_text(
        f"{FRONT}expires_at: 2027-01-31\nowner: Fees team\nreview_by: 2027-06-30\n---\n\n"
        "## Cost\n\nFour euros.\n",
        encoding="utf-8",
    )
    (document,) = load_folder(tmp_path)
    assert isinstance(document, Document)
    assert (document.document_id, document.title, document.audience) == ("en-fees", "Fees", "staff")
    assert document.intents == ("account_fees",)
    assert document.body == "## Cost\n\nFour euros."
    assert document.expires_at is not None
    assert document.expires_at.isoformat() == "2027-01-31T00:00:00+00:00"
    assert (document.owner, str(document.review_by)) == ("Fees team", "2027-06-30")


def test_one_bad_file_gives_a_failure_and_the_rest_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitel: typing error\n---\nText", encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"no pdf")
    (tmp_path / "c.docx").write_bytes(b"no docx")
    (tmp_path / "d.txt").write_bytes(b"\xff\xfe\xfa")
    (tmp_path / "e.exe").write_bytes(b"MZ")
    (tmp_path / "f.txt").write_text("账户月费", encoding="utf-8")
    (tmp_path / "g.md").write_text(f"{FRONT}---\n", encoding="utf-8")
    (tmp_path / ".hidden.md").write_text("x", encoding="utf-8")
    loaded = list(load_folder(tmp_path))
    failures = [item.path[-5:] for item in loaded if isinstance(item, LoadFailure)]
    assert failures == ["/a.md", "b.pdf", ".docx", "d.txt", "e.exe", "/g.md"]
    assert [item.document_id for item in loaded if isinstance(item, Document)] == ["zh-f"]


def test_html_keeps_structure_and_drops_scripts() -> None:
    page = (
        "<html><head><title>Cards</title></head><body><nav>menu</nav><h2>Lost <b>card</b></h2>"
        "<p>Ring us.</p><ol><li>One</li><li>Two</li></ol><script>bad()</script>"
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td></tr></table></body></html>"
    )
    document = parse_document(page.encode(), DocumentFormat.HTML, slug="cards")
    assert document.title == "Cards"
    assert (
        document.body
        == "## Lost card\n\nRing us.\n\n1. One\n2. Two\n\n| a | b |\n| --- | --- |\n| 1 |  |"
    )


def test_docx_keeps_headings_lists_and_tables() -> None:
    source = docx.Document()
    source.add_heading("Fees", level=2)
    source.add_paragraph("Four euros.")
    source.add_paragraph("Free", style="List Bullet")
    table = source.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Plus", "12"
    content = BytesIO()
    source.save(content)
    markdown = to_markdown(content.getvalue(), DocumentFormat.DOCX)
    assert markdown == "## Fees\n\nFour euros.\n\n- Free\n\n| Plus | 12 |\n| --- | --- |"


def test_pdf_text_is_read() -> None:
    assert "Hello Lantern" in to_markdown(_pdf("Hello Lantern"), DocumentFormat.PDF)


def test_plain_text_cannot_pretend_to_be_a_heading() -> None:
    assert to_markdown(b"# not a heading", DocumentFormat.TEXT) == "\\# not a heading"


@pytest.mark.parametrize("kind", list(DocumentFormat))
def test_empty_content_is_refused(kind: DocumentFormat) -> None:
    with pytest.raises(DocumentUnreadable):
        to_markdown(b"", kind)


def _pdf(text: str) -> bytes:
    """The smallest PDF with one line of text, offsets counted here."""
    stream = f"BT /F1 12 Tf 10 100 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return content + (
        b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (table, len(content))
    )
