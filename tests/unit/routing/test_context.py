"""Follow-ups and corrections, by their words alone."""

import pytest

from routing.context import Reading, compose, find_anchor, read
from routing.context_words import is_one_slip, objects_in, read_words

FOLLOW_UPS = {
    "other-one": ("and the other one?", "en"),
    "what-about": ("what about my savings?", "en"),
    "currency": ("what about in euros?", "en"),
    "pronoun": ("how long does it take?", "en"),
    "phrase": ("the credit card", "en"),
    "same": ("same for my joint account", "en"),
    "slip": ("and my savngs acount?", "en"),
    "zh-other": ("那另一张呢", "zh"),
    "zh-currency": ("换成欧元呢", "zh"),
    "zh-traditional": ("儲蓄帳戶呢", "zh"),
    "zh-fee": ("要手续费吗？", "zh"),
}
ALONE = {
    "own-noun": ("and how do I change my PIN?", "en"),
    "sentence": ("I want a credit card", "en"),
    "long": ("what about the other card that I got last year when I was on my way to work", "en"),
    "courtesy": ("thank you very much", "en"),
    "no-thanks": ("no thank you, that's all", "en"),
    "zh-own-noun": ("国际汇款多久到账呀", "zh"),
    "zh-sentence": ("我想办一张信用卡", "zh"),
    "zh-courtesy": ("不用了，就这样", "zh"),
}
CORRECTIONS = {
    "meant": ("no, I meant my savings account", "en", "my savings account"),
    "denied-after": ("wait, I meant the credit card, not the debit card", "en", "the credit card"),
    "denied-before": ("not close, open a second account", "en", "open a second account"),
    "misspelt": ("nope, i ment a personal loan", "en", "a personal loan"),
    "bare-object": ("no, the credit card", "en", "the credit card"),
    "not-what": ("that's not what I asked, I want to open an account", "en", None),
    "zh-meant": ("不是，我说的是储蓄账户", "zh", "储蓄账户"),
    "zh-denied-after": ("我指的是信用卡，不是借记卡", "zh", "信用卡"),
    "zh-wrong": ("说错了，是借记卡", "zh", "借记卡"),
    "zh-denied-before": ("我不是要销户，我想再开一个账户", "zh", "我想再开一个账户"),
}


@pytest.mark.parametrize(("text", "language"), FOLLOW_UPS.values(), ids=FOLLOW_UPS.keys())
def test_words_that_lean_on_what_was_said(text: str, language: str) -> None:
    found = read(text, language)
    assert found is not None
    assert found.reading is Reading.FOLLOW_UP
    assert found.words is not None


@pytest.mark.parametrize(("text", "language"), ALONE.values(), ids=ALONE.keys())
def test_words_that_speak_for_themselves(text: str, language: str) -> None:
    assert read(text, language) is None


@pytest.mark.parametrize(("text", "language", "rest"), CORRECTIONS.values(), ids=CORRECTIONS.keys())
def test_a_correction_leaves_what_is_meant(text: str, language: str, rest: str | None) -> None:
    found = read(text, language)
    assert found is not None
    assert found.reading is Reading.CORRECTION
    assert rest is None or found.rest == rest


def test_the_anchor_is_the_latest_request_that_speaks_for_itself() -> None:
    history = ["How do I open an account?", "What is my balance?", "and my savings?", "thanks"]
    assert find_anchor(history) == "What is my balance?"
    assert find_anchor(["What is my balance?", "ok", "yes", "thanks"]) is None
    assert find_anchor([]) is None


def test_composed_words_keep_both_sentences() -> None:
    assert compose("What is the rate?", "in euros") == "What is the rate in euros"


@pytest.mark.parametrize(
    ("first", "second", "is_slip"),
    [
        ("savngs", "savings", True),
        ("acount", "account", True),
        ("crediit", "credit", True),
        ("cerdit", "credit", True),
        ("debit", "credit", False),
        ("card", "card", True),
    ],
    ids=["dropped", "dropped-double", "added", "swapped", "another-word", "same"],
)
def test_one_slip(first: str, second: str, *, is_slip: bool) -> None:
    assert is_one_slip(first, second) is is_slip


def test_objects_tell_two_requests_apart() -> None:
    assert objects_in("freeze my credit card", "en") == {"credit"}
    assert objects_in("冻结我的借记卡", "zh") == {"借记卡"}
    assert objects_in("freeze my card", "en") == frozenset()


def test_a_masked_card_number_is_an_object() -> None:
    words = read_words("the [card number ••4021]", "en")
    assert words is not None
    assert words.names_object
