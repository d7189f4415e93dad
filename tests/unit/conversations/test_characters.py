"""Replies in the characters that the customer writes."""

from typing import Any

import pytest

from app.conversations.characters import (
    KEY,
    names_on,
    remember,
    traditional,
    traditional_card,
)
from app.dialogue.account_replies import TEXTS
from app.dialogue.own_question import _as_label
from app.dialogue.replies import REPLIES
from models.account_model.answers import chooses_a_card, says_no, says_yes
from models.chinese import to_simplified
from routing import rules
from routing.taxonomy import load_taxonomy


@pytest.mark.parametrize(
    ("text", "expected"),
    [("點樣查結餘", True), ("怎么查余额", False), ("你好", None), ("thanks", None)],
)
def test_the_last_clear_message_decides(text: str, expected: bool | None) -> None:
    assert remember({}, text).get(KEY) is expected
    assert remember({KEY: True}, text)[KEY] is (True if expected is None else expected)


def test_amounts_links_and_names_stay() -> None:
    text = "账户余额 €1,234.56，收款人张伟，见 https://bank.example/账户"
    assert (
        traditional(text, keep=["张伟"])
        == "賬戶餘額 €1,234.56，收款人张伟，見 https://bank.example/账户"
    )


def test_labels_of_a_balance_are_ours_and_payees_are_not() -> None:
    row = {"label": "账面余额", "value": "€1", "hint": None}
    balance: dict[str, Any] = {"kind": "balance", "title": "储蓄账户", "rows": [row]}
    payments: dict[str, Any] = {"kind": "transactions", "title": "账户", "rows": [row]}
    assert traditional_card(balance)["rows"][0]["label"] == "賬面餘額"
    assert traditional_card(balance)["title"] == "储蓄账户"
    assert traditional_card(payments) == payments
    assert names_on([balance, payments]) == ["储蓄账户", "账户", "账面余额"]


def test_every_reply_can_be_read_back() -> None:
    replies = [words["zh"] for words in (*REPLIES.values(), *TEXTS.values())]
    assert all(to_simplified(traditional(text)) == to_simplified(text) for text in replies)


def test_a_clicked_reply_is_understood() -> None:
    person = traditional(REPLIES["talk_to_person"]["zh"])
    found = rules.match(person, "zh")
    assert found is not None
    assert found.intent == "speak_to_human"
    for intent in load_taxonomy():
        assert _as_label(traditional(intent.label["zh"])) == _as_label(intent.label["zh"])
    assert says_yes(traditional(TEXTS["yes"]["zh"]))
    assert says_no(traditional(TEXTS["no"]["zh"]))
    option = TEXTS["card_option"]["zh"].format(card="借记卡", ending="4421")
    assert chooses_a_card(traditional(option))
