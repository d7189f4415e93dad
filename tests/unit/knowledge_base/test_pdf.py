"""PDF files: what large, repeated, cut and aligned text becomes; and what cannot be read."""

import zlib

import pytest

from knowledge_base import DocumentUnreadable
from knowledge_base.formats import pdf
from knowledge_base.formats.pdf import from_pdf
from tests.unit.knowledge_base.pdf_files import Line, column, encrypted, write_pdf

WORDS = ["The account is free for students and costs four", "euros a month for everybody else."]


def test_lines_become_paragraphs_and_a_cut_word_is_whole_again() -> None:
    lines = column(["The fee is charged on the last work-", "ing day of the month, from the ac-"])
    more = column(["count itself."], top=lines[-1].y - 13)
    apart = column(["Another paragraph, non-", "European accounts only."], top=600)
    assert from_pdf(write_pdf([*lines, *more, *apart])) == (
        "The fee is charged on the last working day of the month, from the account itself.\n\n"
        "Another paragraph, non-European accounts only."
    )


def test_headings_come_from_size_and_from_bold_lines_alone() -> None:
    page = [
        Line("Terms of the account", y=760, size=20, font="bold"),
        Line("1. Fees", y=725, size=14),
        *column(WORDS, top=700),
        Line("Exceptions", y=655, font="bold"),
        *column(["There are none at present, and none are planned."], top=630),
        Line("Note:", y=600, font="bold"),
        Line("bold words in a line make no heading of it.", x=110, y=600),
    ]
    assert from_pdf(write_pdf(page)) == (
        "# Terms of the account\n\n## 1. Fees\n\n"
        f"{' '.join(WORDS)}\n\n### Exceptions\n\n"
        "There are none at present, and none are planned.\n\n"
        "Note: bold words in a line make no heading of it."
    )


def test_lines_that_head_or_foot_every_page_are_dropped() -> None:
    pages = [
        [
            Line("Lantern Bank plc – General terms", y=815, size=8),
            *column([f"Chapter {number} says what holds for accounts of kind {number}."]),
            Line(f"Page {number} of 4", x=280, y=25, size=8),
        ]
        for number in range(1, 5)
    ]
    text = from_pdf(write_pdf(*pages))
    assert "Lantern Bank" not in text
    assert "Page" not in text
    assert [f"Chapter {number}" in text for number in range(1, 5)] == [True] * 4


def test_two_pages_are_too_few_to_know_what_repeats() -> None:
    pages = [[Line("Lantern Bank", y=815), *column([f"Words of page {one}."])] for one in "ab"]
    assert from_pdf(write_pdf(*pages)).count("Lantern Bank") == 2


def test_a_sentence_runs_on_to_the_next_page() -> None:
    first, second = column(["A sentence that begins here", "and goes"]), column(["on there."])
    assert from_pdf(write_pdf(first, second)) == "A sentence that begins here and goes on there."


def test_lists_and_tables_are_kept() -> None:
    rows = [("Account", "Fee"), ("Basic", "free"), ("Everyday", "€4")]
    page = [
        *column(["You need:"], top=760),
        *(Line(f"• {item}", y=735 - 20 * at) for at, item in enumerate(["a card", "a code"])),
        *(
            Line(cell, x=72 + 200 * at, y=660 - 20 * number)
            for number, row in enumerate(rows)
            for at, cell in enumerate(row)
        ),
    ]
    assert from_pdf(write_pdf(page)) == (
        "You need:\n\n- a card\n- a code\n\n"
        "| Account | Fee |\n| --- | --- |\n| Basic | free |\n| Everyday | €4 |"
    )


def test_a_file_that_everybody_may_open_is_read_though_it_is_encrypted() -> None:
    assert from_pdf(encrypted(write_pdf(column(WORDS)), user="")) == " ".join(WORDS)


def _unpacks_to(size: int) -> bytes:
    """A page whose content stream unpacks to that many bytes."""
    stream = zlib.compress(b" " * size, 9)
    whole = write_pdf(column(["words"]))
    begin, end = whole.index(b"<</Length"), whole.index(b"endstream")
    packed = b"<</Filter/FlateDecode/Length %d>>stream\n%s\n" % (len(stream), stream)
    return whole[:begin] + packed + whole[end:]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(encrypted(write_pdf(column(WORDS)), user="secret"), "password", id="locked"),
        pytest.param(write_pdf(column(WORDS))[:-300], "cut off", id="truncated"),
        pytest.param(b"%PDF-1.4\nnothing\n%%EOF", "damaged", id="damaged"),
        pytest.param(write_pdf([], picture=True), "only pictures", id="pictures"),
        pytest.param(_unpacks_to(80_000_000), "unpacks to more", id="bomb"),
    ],
)
def test_what_cannot_be_read_is_named(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentUnreadable, match=reason):
        from_pdf(content)


def test_a_file_without_text_or_picture_gives_no_text() -> None:
    assert from_pdf(write_pdf([])) == ""


def test_pages_and_seconds_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    content = write_pdf(column(WORDS), column(WORDS))
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)
    with pytest.raises(DocumentUnreadable, match="more than 1 pages"):
        from_pdf(content)
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    monkeypatch.setattr(pdf, "MAX_SECONDS", -1.0)
    with pytest.raises(DocumentUnreadable, match="seconds"):
        from_pdf(content)
