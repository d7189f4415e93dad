"""What a message says about an open request."""

import pytest

from models.account_model.open_requests import Answer, WaitsFor, first_clause, read_answer

READINGS = {
    "yes-confirms": ("yes please", WaitsFor.CONFIRMATION, Answer.CONFIRMED),
    "yes-after-an-interruption-only-goes-on": ("yes", WaitsFor.OFFER, Answer.RESUMED),
    "yes-but": ("yes, but not that one", WaitsFor.CONFIRMATION, None),
    "back": ("ok, back to the card", WaitsFor.OFFER, Answer.RESUMED),
    "back-elsewhere": ("back to school", WaitsFor.OFFER, None),
    "back-to-another-request": ("back to my balance", WaitsFor.OFFER, None),
    "forget-it": ("forget it", WaitsFor.CODE, Answer.CANCELLED),
    "cancel-something-else": ("cancel my direct debit", WaitsFor.CARD, None),
    "new-code": ("send me a new code", WaitsFor.CODE, Answer.RESUMED),
    "card": ("the credit card", WaitsFor.CARD, Answer.SLOT),
    "question": ("what is my balance?", WaitsFor.CARD, None),
    "zh-back": ("好，回到刚才的卡", WaitsFor.OFFER, Answer.RESUMED),
    "zh-forget": ("算了", WaitsFor.CARD, Answer.CANCELLED),
    "zh-yes-but": ("是的，但不是那张", WaitsFor.CONFIRMATION, None),
    "zh-traditional": ("繼續凍結吧", WaitsFor.OFFER, Answer.RESUMED),
    "long": ("cancel " * 40, WaitsFor.CARD, None),
}


@pytest.mark.parametrize(("text", "waits_for", "answer"), READINGS.values(), ids=READINGS.keys())
def test_reading(text: str, waits_for: WaitsFor, answer: Answer | None) -> None:
    assert read_answer(text, waits_for, about_card=True) is answer


def test_a_card_is_no_answer_where_none_is_needed() -> None:
    assert read_answer("the credit card", WaitsFor.CODE, about_card=False) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("no, show me my balance", ("no", "show me my balance")),
        ("cancel that and show me my balance", ("cancel that", "show me my balance")),
        ("算了，查一下余额", ("算了", "查一下余额")),
        ("show me my balance", None),
    ],
    ids=["refusal", "cancel", "zh", "one-clause"],
)
def test_first_clause(text: str, parts: tuple[str, str] | None) -> None:
    assert first_clause(text) == parts
