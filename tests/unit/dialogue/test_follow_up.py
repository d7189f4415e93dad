"""A message that leans on what was said before is asked together with it."""

import pytest

from app.dialogue.context import PastMessage
from app.dialogue.follow_up import readings


def _after(*said: str) -> list[PastMessage]:
    thread: list[PastMessage] = []
    for text in said:
        thread += [PastMessage("customer", text), PastMessage("assistant", "An answer.")]
    return thread


@pytest.mark.parametrize(
    ("before", "text", "language", "expected"),
    [
        (
            "What does the student card cost?",
            "and for the gold one?",
            "en",
            "What does the student card cost and for the gold one?",
        ),
        (
            "How long does a transfer to Spain take?",
            "what about Norway?",
            "en",
            "How long does a transfer to Spain take Norway?",
        ),
        ("学生卡每年收费多少？", "那黄金卡呢?", "zh", "学生卡每年收费多少 黄金卡"),
        ("转账到西班牙要多久？", "换成挪威呢", "zh", "转账到西班牙要多久 挪威"),
    ],
)
def test_a_leaning_message_is_read_with_the_one_before(
    before: str, text: str, language: str, expected: str
) -> None:
    assert readings(text, _after(before), language=language)[0] == expected


@pytest.mark.parametrize(
    ("before", "text", "language"),
    [
        ("What does the card cost?", "How do I close my account?", "en"),
        ("银行卡怎么收费？", "怎么注销账户？", "zh"),
    ],
)
def test_a_short_message_of_its_own_is_asked_first_as_it_is(
    before: str, text: str, language: str
) -> None:
    asked = readings(text, _after(before), language=language)
    assert asked[0] == text
    assert len(asked) == 2


def test_words_that_the_router_joined_are_not_joined_again() -> None:
    joined = "What does the student card cost the gold one"
    history = _after("What does the student card cost?")
    assert readings("the gold one?", history, language="en", read_as=joined)[0] == joined


def test_nothing_is_joined_to_courtesy_or_without_history() -> None:
    assert readings("and for the gold one?", [], language="en") == ["and for the gold one?"]
    history = _after("What does the student card cost?")
    assert readings("thanks", history, language="en") == ["thanks"]
    long = "I would like to know how I can order a new card for my daughter who is twelve"
    assert readings(long, history, language="en") == [long]
