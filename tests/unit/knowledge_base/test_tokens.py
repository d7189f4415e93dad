"""Tokens of English, Chinese and mixed text."""

import pytest

from knowledge_base.tokens import language_of, readable_in_english, tokenise, without_addresses


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param(
            "What are the transfer fees?", ["transfer", "fee"], id="stop-words-and-plural"
        ),
        pytest.param("€1,000 a month", ["1000", "month"], id="thousands"),
        pytest.param(
            "请问转账多少钱", ["转", "账", "转账", "钱"], id="chinese-pairs-cut-at-grammar"
        ),
        pytest.param("銀行卡", ["银", "行", "卡", "银行", "行卡"], id="traditional-folded"),
        pytest.param("帳戶", ["账", "户", "账户"], id="traditional-banking-variant"),
        pytest.param("用Apple Pay", ["用", "appl", "pay"], id="mixed"),
        pytest.param("？！", [], id="nothing"),
    ],
)
def test_tokenise(text: str, tokens: list[str]) -> None:
    assert tokenise(text) == tokens


@pytest.mark.parametrize(
    "pair", [("blocked", "block"), ("stopping", "stop"), ("fees", "fee"), ("charges", "charged")]
)
def test_endings_fold_to_the_same_stem(pair: tuple[str, str]) -> None:
    assert tokenise(pair[0]) == tokenise(pair[1])


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        pytest.param("my card is lost", "my card is lost", id="english"),
        pytest.param("我的卡丢了", "", id="chinese"),
        pytest.param(
            "how do I open an account 账户 today", "how do I open an account today", id="mixed"
        ),
        pytest.param("12345", "", id="no-words"),
    ],
)
def test_readable_in_english(text: str, readable: str) -> None:
    assert readable_in_english(text) == readable


def test_language_follows_the_larger_part() -> None:
    assert language_of("怎么用Apple Pay") == "zh"
    assert language_of("what does 余额 mean in English") == "en"
    assert language_of("") == "en"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See [our fees](https://bank.example/fees?x=1).", "See our fees."),
        ('![a card](card.png "A card") and [more](/m)', "a card and more"),
        ("an array[0](1) of [brackets] (alone)", "an array0 of [brackets] (alone)"),
        ("没有链接", "没有链接"),
    ],
)
def test_links_keep_their_words_only(text: str, expected: str) -> None:
    assert without_addresses(text) == expected
