"""Pages as banks write them: the text is kept in its structure, everything around it is dropped."""

from pathlib import Path

import pytest

from knowledge_base import DocumentUnreadable
from knowledge_base.formats.html import MAX_DEPTH, from_html, html_title

PAGES = Path(__file__).parent / "pages"
BASE = "https://lanternbank.example/help/"
KEPT = {
    "faq-accordion": [
        "# Questions about cards",
        "## My card was stolen. What now?\n\nBlock the card in the app at once",
        "1. Open Cards.\n2. Choose Block for good.",
        "## When will the new card arrive?\n\nWithin 5 working days, by "
        "[post](https://lanternbank.example/help/post).",
        "### Does a new card cost anything?\n\nNo, the first replacement is free.",
    ],
    "fees-table": [
        "These fees hold from 1 January 2027.\n\nThey are charged on the last working day.",
        "Monthly fees\n\n| Account | Fee | Card |\n| --- | --- | --- |\n| Basic | free | debit |\n"
        "| Everyday | €4 | debit |\n| Plus | €12 \\| all cards |  |",
        "- Payments in euro\n- Cash machines\n   - ours\n   - of partner banks",
        "#### Overdraft\n\n9.9 % a year on what is used.",
    ],
    "chinese-help": [
        "# 银行卡挂失",
        "## 如何办理挂失？\n\n1. 打开“银行卡”。\n2. 选择“挂失”。",
        "请携带身份证到网点办理。",
    ],
    "aspnet-form": [
        "## How do I change a standing order?\n\nYou can change amount and day until 18:00",
        "> Standing orders to savings accounts",
        "```\nIBAN: 29 NWBK\nBIC:  LANTIE2D\n```",
    ],
    "cms-blog": [
        "# Phishing: how to spot it",
        "The sender is in a hurry.\nThe address of the page is unknown.\nYou are asked for a code.",
        "Report it to phishing@lanternbank.example or read the "
        "[security page](https://lanternbank.example/security).",
    ],
}
DROPPED = {
    "faq-accordion": "Skip to content,Cards menu,Search this site,cookies,Accept all,Home crumb,"
    "page helpful,Forgot your PIN,Privacy notice,©,tracked",
    "fees-table": "Personal tab,Business tab,Imprint of the bank,enable JavaScript",
    "chinese-help": "首页导航,登录网银,分享到,版权所有",
    "aspnet-form": "Online banking login,Find a branch,Left one,Choose your region,newsletter,wEP",
    "cms-blog": "Magazine banner,Follow us on X,Contentinfo,saving tips teaser",
}
TITLES = {
    "faq-accordion": "Card questions",
    "fees-table": "Fees of current accounts",
    "chinese-help": "银行卡挂失",
    "aspnet-form": "Standing orders",
    "cms-blog": "Phishing: how to spot it",
}


@pytest.mark.parametrize("name", KEPT)
def test_the_text_of_a_page_is_kept_and_what_surrounds_it_dropped(name: str) -> None:
    content = (PAGES / f"{name}.html").read_bytes()
    text = from_html(content, base_url=BASE)
    assert [part for part in KEPT[name] if part not in text] == []
    assert [part for part in DROPPED[name].split(",") if part in text] == []
    assert html_title(content) == TITLES[name]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param(
            "<button aria-controls=m>Menu</button><nav id=m>Home</nav>"
            "<button aria-controls=q>Why?</button><div id=q hidden>Because.</div>",
            "## Why?\n\nBecause.",
            id="a-button-that-opens-an-answer-is-its-question",
        ),
        pytest.param(
            "<div role=tablist><button role=tab id=t>Fees</button></div>"
            "<div role=tabpanel aria-labelledby=t>Four euros.</div>",
            "### Fees\n\nFour euros.",
            id="a-tab-names-its-panel",
        ),
        pytest.param(
            "<p>Before</p><p hidden>Not shown</p><p style='display:none'>Neither</p>",
            "Before",
            id="hidden-parts-that-nothing-opens-are-dropped",
        ),
        pytest.param(
            "<section class='share-account-fees'><p>Of share accounts.</p></section><p>More.</p>",
            "Of share accounts.\n\nMore.",
            id="a-bank-word-is-no-boilerplate",
        ),
        pytest.param(
            "<div class=menu><p>The whole page is called a menu, oddly enough.</p></div>",
            "The whole page is called a menu, oddly enough.",
            id="what-holds-the-page-is-kept-whatever-its-name",
        ),
        pytest.param("<p># no heading<p>| no table", "\\# no heading\n\n\\| no table", id="marks"),
        pytest.param(
            "<p>Pay<script>alert('now')</script> by card<style>p{}</style>.</p>",
            "Pay by card.",
            id="scripts",
        ),
        pytest.param(
            "<html><title>T</title><main><p>Words.</main>", "Words.", id="no-tag-for-the-body"
        ),
        pytest.param("just words", "just words", id="no-element-at-all"),
        pytest.param(
            "<table><tr><td><h2>Left</h2></td><td><p>Right</p></td></tr></table>",
            "## Left\n\nRight",
            id="a-table-that-only-places-things",
        ),
        pytest.param(
            "<ul><li>One<ul><li>Two</ul><li>Three</ul>", "- One\n   - Two\n- Three", id="nested"
        ),
        pytest.param("<a href='/x'><h3>Linked</h3></a>", "### Linked", id="link-around-a-heading"),
    ],
)
def test_pieces_of_pages(page: str, text: str) -> None:
    assert from_html(page.encode()) == text


def test_a_page_in_another_encoding_is_read_as_it_declares() -> None:
    page = "<head><meta charset=gbk><title>挂失</title></head><body><p>请携带身份证到网点办理。"
    assert from_html(page.encode("gbk")) == "请携带身份证到网点办理。"
    assert html_title(page.encode("gbk")) == "挂失"


def test_deep_nesting_is_refused_and_never_cut_short() -> None:
    deep = MAX_DEPTH - 10
    assert from_html(b"<div>" * deep + b"words" + b"</div>" * deep) == "words"
    for depth in (MAX_DEPTH + 10, 100_000):
        with pytest.raises(DocumentUnreadable, match=f"{MAX_DEPTH} elements"):
            from_html(b"<div>" * depth + b"words")


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        pytest.param(b"<p>x" * 100_001, "100000 elements", id="elements"),
        pytest.param(
            b"<table>" + b"<tr><td>a</td><td>b</td><td>c</td></tr>" * 20_000 + b"</table>",
            "50000 cells",
            id="huge-table",
        ),
    ],
)
def test_huge_pages_are_refused_with_the_limit(page: bytes, reason: str) -> None:
    with pytest.raises(DocumentUnreadable, match=reason):
        from_html(page)
