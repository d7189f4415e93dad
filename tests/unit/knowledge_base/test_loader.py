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
    Source,
    load_folder,
    parse_document,
    parse_documents,
)
from knowledge_base.formats import to_markdown
from knowledge_base.loader import MAX_SLUG_CHARACTERS, source_of
from knowledge_base.types import Audience

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


def test_files_of_one_name_in_two_folders_are_two_documents(tmp_path: Path) -> None:
    for name in ("en/fees.md", "en/cards/fees.md", "zh/fees.md", "fees.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        text = "question,answer\nWhy?,So.\n" if name.endswith("csv") else "Four euros."
        (tmp_path / name).write_text(text, encoding="utf-8")
    loaded = [one for one in load_folder(tmp_path) if isinstance(one, Document)]
    assert [one.document_id for one in loaded] == [
        "en-cards-fees",
        "en-fees",
        "en-fees",
        "zh-fees",
    ]


def test_a_long_path_gives_a_slug_that_fits_and_still_differs() -> None:
    long = [
        source_of(Path("a") / ("x" * 200) / f"{one}{'y' * 150}.md", root=Path("a")) for one in "12"
    ]
    assert {len(one.slug) for one in long} == {MAX_SLUG_CHARACTERS}
    assert long[0].slug != long[1].slug


def test_what_a_file_says_of_itself_is_nearer_than_what_is_said_beside_it() -> None:
    beside = Source("a", locale="zh", audience=Audience.CUSTOMERS, intents=("card_lost",))
    (silent,) = parse_documents(b"Four euros.", DocumentFormat.MARKDOWN, beside)
    assert (silent.locale, silent.audience, silent.intents) == (
        "zh",
        Audience.CUSTOMERS,
        ("card_lost",),
    )
    (said,) = parse_documents(f"{FRONT}---\nText".encode(), DocumentFormat.MARKDOWN, beside)
    assert (said.locale, said.audience, said.intents) == ("en", Audience.STAFF, ("account_fees",))


@pytest.mark.parametrize(
    ("markdown", "body"),
    [
        ("Before\n\n<script>bad()</script>\n\nAfter", "Before\n\n\n\nAfter"),
        ("Pay <script>bad()</script>now", "Pay now"),
        (
            "<table><tr><td>a</td><td>b</td></tr></table>\n\nAfter",
            "| a | b |\n| --- | --- |\n\nAfter",
        ),
        ("```\n<script>shown()</script>\n```", "```\n<script>shown()</script>\n```"),
        ("Less than: 1 < 2", "Less than: 1 < 2"),
    ],
    ids=["block", "inline", "table", "code", "plain"],
)
def test_html_in_markdown_is_written_as_markdown(markdown: str, body: str) -> None:
    (document,) = parse_documents(markdown.encode(), DocumentFormat.MARKDOWN, Source("a"))
    assert document.body == body


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
