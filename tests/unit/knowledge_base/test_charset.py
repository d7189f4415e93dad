"""Text in whatever encoding banks write it; what is no text is named."""

import pytest

from knowledge_base import DocumentUnreadable
from knowledge_base.formats.charset import declared_in_html, decode

ENGLISH = "The fee is €4 a month – and the café’s card is free of charge for students. " * 3
SIMPLIFIED = (
    "银行卡丢失后，请立即在手机银行中办理挂失。挂失后如需补办新卡，请携带身份证到网点办理。"
)
TRADITIONAL = (
    "銀行卡遺失後，請立即在手機銀行中辦理掛失。掛失後如需補辦新卡，請攜帶身份證到網點辦理。"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "utf-8"),
        (ENGLISH, "utf-8-sig"),
        (ENGLISH, "cp1252"),
        (ENGLISH, "utf-16"),
        (ENGLISH, "utf-16-le"),
        (ENGLISH, "utf-16-be"),
        (SIMPLIFIED, "utf-8"),
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "utf-16"),
        (SIMPLIFIED, "utf-16-le"),
        (TRADITIONAL, "big5hkscs"),
        (TRADITIONAL, "utf-32"),
    ],
)
def test_text_is_read_in_its_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_what_a_page_declares_is_used_where_it_is_not_utf_8() -> None:
    page = f'<html><head><meta charset="GB2312"></head>{SIMPLIFIED}</html>'
    content = page.encode("gb18030")
    assert declared_in_html(content) == "GB2312"
    assert SIMPLIFIED in decode(content, declared="GB2312")
    old = b'<META http-equiv="Content-Type" content="text/html; charset=big5">'
    assert declared_in_html(old) == "big5"


def test_utf_8_wins_over_a_wrong_declaration() -> None:
    assert decode(SIMPLIFIED.encode(), declared="iso-8859-1") == SIMPLIFIED


@pytest.mark.parametrize("declared", [None, "no-such-encoding", "utf-16"])
def test_a_declaration_that_helps_nobody_is_passed_over(declared: str | None) -> None:
    assert decode(ENGLISH.encode("cp1252"), declared=declared) == ENGLISH


def test_line_ends_are_one_kind_and_stray_controls_go() -> None:
    assert decode(b"a\r\nb\rc\x07 and many more words of this text, " * 4).startswith("a\nb\nc and")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"\xff\xfe\xfa", "UTF-16", id="half-a-character"),
        pytest.param(bytes(range(256)) * 4, "binary|UTF-8", id="every-byte"),
        pytest.param(b"words\x00\x01\x02\x03" * 20, "binary|UTF-8", id="controls"),
    ],
)
def test_what_is_no_text_is_named(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentUnreadable, match=reason):
        decode(content)
