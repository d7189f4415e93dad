"""Bare card choices, yes, no, refusals: anything else said makes it another message."""

import pytest

from models.account_model.answers import chooses_a_card, refuses_a_change, says_no, says_yes


@pytest.mark.parametrize(
    "text",
    [
        "debit card ending 6763",
        "the debit card",
        "6763",
        "the one ending in 9356, please",
        "my credit card",
        "尾号 6763 的借记卡",
        "信用卡",
        "9356那张",
    ],
)
def test_bare_card_choice_is_one(text: str) -> None:
    assert chooses_a_card(text)


@pytest.mark.parametrize(
    "text",
    [
        "freeze my card ending 9356",
        "no wait, don't freeze the debit card",
        "actually I found my debit card",
        "just freeze the credit card instead",
        "what is my balance on the debit card?",
        "how do I order a credit card",
        "信用卡别解冻",
        "the card",
        "please",
    ],
)
def test_anything_more_is_no_card_choice(text: str) -> None:
    assert not chooses_a_card(text)


@pytest.mark.parametrize(
    "text",
    ["yes", "Yes, block it for good", "ok", "go ahead please", "是的，永久停用", "确认", "好的。"],
)
def test_yes(text: str) -> None:
    assert says_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        "yes, but not that one",
        "yes but don't block it",
        "ok what does it cost",
        "no",
        "No, leave it",
        "不",
        "是不是要收费",
        "yesterday I lost it",
    ],
)
def test_not_a_yes(text: str) -> None:
    assert not says_yes(text)


@pytest.mark.parametrize(
    "text", ["no", "No, leave it", "cancel", "wait", "never mind", "不，先不处理", "算了", "不要了"]
)
def test_no(text: str) -> None:
    assert says_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "please don't freeze my card",
        "don't unfreeze my card",
        "do not block it",
        "别冻结我的卡",
        "不要解冻",
        "請不要凍結我的卡",
    ],
)
def test_refused_change(text: str) -> None:
    assert refuses_a_change(text)


@pytest.mark.parametrize(
    "text",
    [
        "freeze my card",
        "my card is not stolen, I lost it, block it",
        "I don't know where my card is, freeze it please",
        "冻结我的卡",
        "卡不见了，帮我挂失",
    ],
)
def test_wanted_change_is_not_refused(text: str) -> None:
    assert not refuses_a_change(text)
