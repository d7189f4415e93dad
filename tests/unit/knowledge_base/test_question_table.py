"""Tables of questions and answers: every row arrives, or the file is refused by line."""

import pytest

from knowledge_base import Audience, DocumentFormat, DocumentUnreadable, Source, parse_documents
from knowledge_base.formats import to_markdown

SOURCE = Source("faq")


def markdown(text: str) -> str:
    return to_markdown(text.encode(), DocumentFormat.TABLE)


@pytest.mark.parametrize(
    "text",
    [
        "question,answer\nWhy?,Because.\n",
        "Answer;Question\nBecause.;Why?\n",
        "ID\tQ\tA\n1\tWhy?\tBecause.\n",
        "\ufeffFAQ|Response\n\nWhy?|Because.\n\n",
        '"question","answer"\r\n"Why?","Because."\r\n',
    ],
    ids=["comma", "semicolon-and-order", "tabs-and-more", "bar-and-empty-lines", "quoted"],
)
def test_columns_are_found_by_name(text: str) -> None:
    assert markdown(text) == "## Why?\n\nBecause."


def test_chinese_columns_and_spreadsheet_encodings() -> None:
    text = "问题,答案\n怎样挂失？,请致电客服。\n如何补办新卡？,请携带身份证到网点办理。\n"
    (document,) = parse_documents(text.encode("gb18030"), DocumentFormat.TABLE, SOURCE)
    assert document.body.startswith("## 怎样挂失？\n\n请致电客服。")
    assert (document.locale, document.document_id) == ("zh", "zh-faq")
    assert markdown(text.encode("utf-16").decode("utf-16")) == document.body


def test_an_answer_keeps_its_lines_and_html_in_it_becomes_markdown() -> None:
    text = (
        'question,answer\nHow?,"First this.\n\n- one\n- two"\n'
        'Where?,"<p>In the <b>app</b>.</p><ul><li>Cards</li></ul><script>bad()</script>"\n'
        'Mark?,"# not a heading"\n'
    )
    assert markdown(text) == (
        "## How?\n\nFirst this.\n\n- one\n- two\n\n"
        "## Where?\n\nIn the app.\n\n- Cards\n\n## Mark?\n\n\\# not a heading"
    )


def test_rows_of_a_category_stand_together() -> None:
    text = "category,question,answer\nCards,Q1,A1\nLoans,Q2,A2\nCards,Q3,A3\n"
    assert markdown(text) == ("# Cards\n\n## Q1\n\nA1\n\n## Q3\n\nA3\n\n# Loans\n\n## Q2\n\nA2")


def test_languages_and_audiences_are_documents_of_their_own() -> None:
    text = (
        "question,answer,locale,audience\nWhy?,Because.,en,\n为什么？,因为。,中文,public\n"
        "Who decides?,The desk.,English,staff\n"
    )
    found = parse_documents(text.encode(), DocumentFormat.TABLE, SOURCE)
    assert [(one.document_id, one.locale, one.audience) for one in found] == [
        ("en-faq", "en", Audience.PUBLIC),
        ("zh-faq", "zh", Audience.PUBLIC),
        ("en-faq-staff", "en", Audience.STAFF),
    ]


def test_a_column_is_nearer_than_what_is_said_beside_the_file() -> None:
    text = "question,answer,audience\nWhy?,Because.,staff\nHow?,Like this.,\n"
    found = parse_documents(
        text.encode(), DocumentFormat.TABLE, Source("faq", audience=Audience.CUSTOMERS)
    )
    assert {one.document_id: one.audience for one in found} == {
        "en-faq-staff": Audience.STAFF,
        "en-faq": Audience.CUSTOMERS,
    }


def test_no_row_is_lost_when_a_table_is_longer_than_a_document() -> None:
    rows = [f"Question {number}?,Answer {number} in a few words." for number in range(1_000)]
    content = "\n".join(["question,answer", *rows]).encode()
    found = parse_documents(
        content, DocumentFormat.TABLE, Source("faq", locale="en", max_characters=5_000)
    )
    assert len(found) > 5
    assert max(len(one.body) for one in found) <= 5_000
    assert len({one.document_id for one in found}) == len(found)
    together = "\n\n".join(one.body for one in found)
    assert together.split("\n\n") == [
        part
        for number in range(1_000)
        for part in (f"## Question {number}?", f"Answer {number} in a few words.")
    ]


def test_a_row_longer_than_a_document_is_refused_with_the_limit() -> None:
    content = f"question,answer\nWhy?,{'because ' * 100}".encode()
    with pytest.raises(DocumentUnreadable, match="500 characters"):
        parse_documents(content, DocumentFormat.TABLE, Source("faq", max_characters=500))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("name,value\na,b\n", "names no columns", id="no-columns"),
        pytest.param("question,answer\n", "no row", id="only-a-head"),
        pytest.param("question,answer\nWhy?,\n", "line 2 has no answer", id="no-answer"),
        pytest.param("question,answer\n\n,Because.\n", "line 3 has no question", id="no-question"),
        pytest.param('question,answer\n"Why?,Because.\nHow?,So.\n', "line 2", id="open-quote"),
        pytest.param('question,answer\nA,B\n"Why" no?,B\n', "line 3", id="broken-quote"),
        pytest.param("question,answer\nWhy, now?,Because.\n", "has 3 fields", id="comma"),
        pytest.param("question,answer,locale\nA,B,fr\n", "'fr' is not", id="locale"),
        pytest.param("question,answer,audience\nA,B,all\n", "'all' is not", id="audience"),
        pytest.param(f'question,answer\nA,"{"x" * 140_000}"\n', "131072", id="huge-field"),
    ],
)
def test_what_cannot_be_kept_is_named_by_line(text: str, reason: str) -> None:
    with pytest.raises(DocumentUnreadable, match=reason):
        markdown(text)
