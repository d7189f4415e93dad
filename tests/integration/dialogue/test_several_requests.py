"""Several requests in one message: one ending, everything answered, kept for later, or named."""

import pytest

from app.db.conversation import ConversationRecord
from tests.fixtures.callers import Api
from tests.fixtures.expectations import thread_of
from tests.fixtures.service import Service


def decisions_of(crm: Api, conversation: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = crm.get(f"/v1/conversations/{conversation}/decisions").json()[
        "items"
    ]
    return items


def test_first_waits_for_its_code_and_the_second_is_answered(customer: Api, crm: Api) -> None:
    conversation = customer.open_conversation(locale="en")
    answer = customer.say(conversation, "What is my balance? And how do I activate my new card?")
    text = answer["reply"]["text"]
    assert "first payment with PIN" in text
    assert "one-time code" in text
    assert answer["reply"]["citations"]
    assert len(thread_of(customer, conversation)) == 2
    decision = decisions_of(crm, conversation)[-1]
    assert decision["intent"] == "balance_inquiry"
    parts = decision["parts"]
    assert isinstance(parts, list)
    assert [part["intent"] for part in parts] == ["card_activation"]


def test_two_that_need_a_code_are_taken_one_after_the_other(
    customer: Api, service: Service
) -> None:
    conversation = customer.open_conversation(locale="en")
    sent = len(service.phone())
    answer = customer.say(conversation, "freeze my card and tell me my balance")
    assert "one-time code" in answer["reply"]["text"]
    assert "show your balance" in answer["reply"]["text"]
    assert len(service.phone()) == sent + 1
    with service.parts.database.read() as session:
        details = session.get_one(ConversationRecord, conversation).details
    assert details["open_request"]["request"]["action"] == "card_freeze"
    assert [one["action"] for one in details["later_requests"]] == ["balance_inquiry"]


def test_chinese_message_is_split_too(customer: Api) -> None:
    conversation = customer.open_conversation(locale="zh")
    answer = customer.say(conversation, "查一下余额，另外怎么激活新卡？")
    assert "验证码" in answer["reply"]["text"]
    assert "激活" in answer["reply"]["text"]


def test_stolen_card_comes_first_and_the_person_takes_the_rest(customer: Api) -> None:
    conversation = customer.open_conversation(locale="en")
    text = "How do I activate my new card? My wallet was stolen, and tell me my balance"
    answer = customer.say(conversation, text)
    words = answer["reply"]["text"]
    assert answer["handoff"]["queue"] == "fraud"
    assert answer["decision"]["intent"] == "card_stolen"
    assert words.startswith("This comes first")
    assert "first payment with PIN" in words
    assert "your account balance" in words
    assert "one-time code" not in words


def test_a_complaint_goes_to_its_queue_after_the_answer(customer: Api) -> None:
    conversation = customer.open_conversation(locale="en")
    answer = customer.say(conversation, "How do I activate my new card? And I want to complain")
    words = answer["reply"]["text"]
    assert answer["handoff"]["queue"] == "complaints"
    assert words.index("first payment with PIN") < words.index("I am sorry")


def test_visitor_is_asked_to_sign_in_once(visitor: Api) -> None:
    conversation = visitor.open_conversation(locale="en")
    words = visitor.say(conversation, "tell me my balance and show me my transactions")["reply"][
        "text"
    ]
    assert words.count("sign in") == 1
    assert "your recent transactions" in words


def test_part_without_an_answer_is_named_and_a_person_offered(
    customer: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.dialogue.ladder.answer_knowledge", lambda *_, **__: None)
    conversation = customer.open_conversation(locale="en")
    answer = customer.say(conversation, "How do I activate my new card? And tell me my balance")
    assert "activating a card" in answer["reply"]["text"]
    assert "Talk to a person" in answer["reply"]["quick_replies"]
    assert answer["handoff"] is None


def test_too_many_are_asked_which_comes_first(customer: Api) -> None:
    conversation = customer.open_conversation(locale="en")
    text = (
        "Tell me my balance, show me my transactions, freeze my card and explain how to activate"
        " a new card"
    )
    answer = customer.say(conversation, text)
    assert answer["decision"]["outcome"] == "clarify"
    assert "which comes first" in answer["reply"]["text"]
    assert "freezing your card" in answer["reply"]["quick_replies"]
    chosen = customer.say(conversation, "freezing your card")
    assert chosen["decision"]["intent"] == "card_freeze"


def test_route_answers_parts_and_context(crm: Api) -> None:
    several = crm.post("/v1/route", {"text": "freeze my card and tell me my balance"}).json()
    assert [part["intent"] for part in several["parts"]] == ["card_freeze", "balance_inquiry"]
    assert several["intent"] == "card_freeze"
    assert several["parts"][0]["decision_id"] == several["decision_id"]
    history = [
        {"author": "customer", "text": "What is my balance?"},
        {"author": "assistant", "text": "Which account?"},
    ]
    follow_up = crm.post("/v1/route", {"text": "and my savings?", "history": history}).json()
    assert (follow_up["intent"], follow_up["context"]) == ("balance_inquiry", "follow_up")
    alone = crm.post("/v1/route", {"text": "What is my balance?", "history": history}).json()
    assert (alone["context"], alone["parts"]) == (None, [])
