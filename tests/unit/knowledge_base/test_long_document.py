"""Sections and units of long texts: Markdown, numbered clauses, broken and hostile input."""

import pytest

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.long_document import (
    LONGEST_UNIT_CHARACTERS,
    MAX_CHARACTERS,
    LongDocument,
    UnitKind,
    plain_words,
    read_long_document,
)

MARKDOWN = """# Terms

## Fees

A paper copy costs **€8**. Others are free.

Bring:

1. a passport
2. the [form](https://lantern.example/form)

| Account | Fee |
| --- | --- |
| Plus | €12 |
"""


def headings_of(document: LongDocument) -> list[tuple[str, ...]]:
    return [section.headings for section in document.sections]


def test_units_are_exact_spans_in_reading_order() -> None:
    document = read_long_document(MARKDOWN)
    assert [(unit.kind, document.quote(unit)) for unit in document.units] == [
        (UnitKind.SENTENCE, "A paper copy costs **€8**."),
        (UnitKind.SENTENCE, "Others are free."),
        (UnitKind.SENTENCE, "Bring:"),
        (UnitKind.ITEM, "a passport"),
        (UnitKind.ITEM, "the [form](https://lantern.example/form)"),
        (UnitKind.ROW, "| Plus | €12 |"),
    ]
    assert [unit.start for unit in document.units] == sorted(u.start for u in document.units)


def test_units_carry_plain_words_and_what_gives_them_meaning() -> None:
    units = read_long_document(MARKDOWN).units
    assert units[0].plain == "A paper copy costs €8."
    assert (units[4].plain, units[4].context) == ("the form", "Bring:")
    assert (units[5].plain, units[5].columns) == ("Plus – Fee: €12", ("Account", "Fee"))


def test_numbered_clauses_without_markup_are_sections() -> None:
    text = "1. Scope\n\nIt applies to all.\n\n2. Fees\n\n2.1 Copies\n\nA copy costs €8.\n"
    assert headings_of(read_long_document(text)) == [("1. Scope",), ("2. Fees", "2.1 Copies")]


def test_chinese_clauses_are_sections_and_their_text_is_kept() -> None:
    text = "第一章 总则\n\n第一条 本办法适用于全行。\n\n第二条 收费\n每年一百元。\n"
    document = read_long_document(text)
    assert headings_of(document) == [
        ("第一章 总则", "第一条"),
        ("第一章 总则", "第二条 收费"),
    ]
    assert [document.quote(unit) for unit in document.units] == [
        "本办法适用于全行。",
        "每年一百元。",
    ]


def test_a_numbered_list_in_plain_text_is_no_row_of_headings() -> None:
    document = read_long_document("Bring:\n1. Passport\n2. Proof of address\n\nBoth are needed.")
    said = [document.quote(unit) for unit in document.units]
    assert said == ["Bring:", "Passport", "Proof of address", "Both are needed."]


def test_text_without_headings_is_one_section() -> None:
    document = read_long_document("One sentence. Another one.")
    assert headings_of(document) == [()]
    assert document.span_of(0) == (0, 26)


@pytest.mark.parametrize("text", ["", "   \n", "# Only\n\n## Headings\n", "---\n", "- \n- \n"])
def test_text_without_a_sentence_is_refused(text: str) -> None:
    with pytest.raises(DocumentUnreadable, match="holds no sentence"):
        read_long_document(text)


def test_too_long_a_text_is_refused_with_the_limit() -> None:
    assert read_long_document("Pay. " * (MAX_CHARACTERS // 5)).units
    with pytest.raises(DocumentUnreadable, match=f"at most {MAX_CHARACTERS}"):
        read_long_document("x" * (MAX_CHARACTERS + 1))


@pytest.mark.parametrize("piece", ["a", "中", "a.", ". ", "> ", "[", "| ", "“", "1. x\n", "一"])
def test_no_unit_is_endless_whatever_the_text(piece: str) -> None:
    try:
        document = read_long_document((piece * MAX_CHARACTERS)[:MAX_CHARACTERS])
    except DocumentUnreadable:
        return
    assert max(unit.end - unit.start for unit in document.units) <= LONGEST_UNIT_CHARACTERS


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("__Fees__ and **limits** of _this_ year", "Fees and limits of this year"),
        ("Set `BANK__KEY` and a_b", "Set BANK__KEY and a_b"),
    ],
)
def test_marks_of_emphasis_go_and_names_stay(markdown: str, plain: str) -> None:
    assert plain_words(markdown) == plain
