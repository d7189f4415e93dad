"""A customer asks for two things, is interrupted, comes back, and corrects themselves."""

from app.banking.client import CardStatus
from tests.fixtures.callers import Api, widget_api
from tests.fixtures.service import Service
from tests.journeys.test_account_answer import (
    BALANCE,
    latest_code,
    messages,
    pending_challenge,
    wait_for_text,
)
from tests.journeys.test_card_choice import CUSTOMER, cards

ACTIVE, FROZEN = CardStatus.ACTIVE, CardStatus.FROZEN


def enter_code(service: Service, customer: Api, conversation: str, *, until: str) -> str:
    challenge = pending_challenge(customer, conversation)
    path = f"/v1/conversations/{conversation}/verification/{challenge}"
    assert customer.put(path, {"code": latest_code(service)}).status_code == 200
    return wait_for_text(customer, conversation, until)


def test_two_requests_with_a_question_between(sqlite_service: Service) -> None:
    """freeze and balance → code → which card? → a question between → back → frozen → balance."""
    service, customer = sqlite_service, widget_api(sqlite_service, CUSTOMER)
    conversation = customer.open_conversation(locale="en")
    asked = customer.say(conversation, "freeze my card and tell me my balance")["reply"]["text"]
    assert "one-time code" in asked
    assert "show your balance" in asked
    enter_code(service, customer, conversation, until="Which card")
    between = customer.say(conversation, "how do I activate my new card?")["reply"]
    assert "first payment with PIN" in between["text"]
    assert "freeze your card" in between["text"]
    assert set(cards(service).values()) == {ACTIVE}

    again = customer.say(conversation, "ok, back to the card")["reply"]["text"]
    assert "Which card" in again
    done = customer.say(conversation, "the credit card")["reply"]
    assert "is frozen" in done["text"]
    assert "show your balance" in done["text"]
    assert cards(service) == {"debit": ACTIVE, "credit": FROZEN}

    code = customer.say(conversation, "yes")["reply"]["text"]
    assert "one-time code" in code
    assert BALANCE in enter_code(service, customer, conversation, until="balance of")
    assert all(BALANCE not in one["text"] for one in messages(customer, conversation)[:-1])


def test_the_other_one_and_a_correction(sqlite_service: Service) -> None:
    service, customer = sqlite_service, widget_api(sqlite_service, CUSTOMER)
    conversation = customer.open_conversation(locale="en")
    customer.say(conversation, "Please freeze my debit card")
    enter_code(service, customer, conversation, until="is frozen")
    assert cards(service) == {"debit": FROZEN, "credit": ACTIVE}
    other = customer.say(conversation, "and the other one?")
    assert other["decision"]["intent"] == "card_freeze"
    assert "credit card" in other["reply"]["text"]
    assert cards(service) == {"debit": FROZEN, "credit": FROZEN}


def test_correction_before_a_yes_blocks_nothing(sqlite_service: Service) -> None:
    service, customer = sqlite_service, widget_api(sqlite_service, CUSTOMER)
    conversation = customer.open_conversation(locale="en")
    customer.say(conversation, "I lost my debit card")
    enter_code(service, customer, conversation, until="This cannot be undone")
    put_right = customer.say(conversation, "no, I meant the credit card")["reply"]["text"]
    assert "credit card" in put_right
    assert "cannot be undone" in put_right
    assert set(cards(service).values()) == {ACTIVE}
    customer.say(conversation, "yes")
    assert cards(service) == {"debit": ACTIVE, "credit": CardStatus.LOST}


def test_yes_after_a_question_between_asks_again(sqlite_service: Service) -> None:
    service, customer = sqlite_service, widget_api(sqlite_service, CUSTOMER)
    conversation = customer.open_conversation(locale="en")
    customer.say(conversation, "I lost my debit card")
    enter_code(service, customer, conversation, until="This cannot be undone")
    customer.say(conversation, "how do I activate my new card?")
    asked = customer.say(conversation, "yes")["reply"]["text"]
    assert "cannot be undone" in asked
    assert cards(service)["debit"] is ACTIVE
    customer.say(conversation, "yes")
    assert cards(service)["debit"] is CardStatus.LOST


def test_forget_it_ends_the_request_and_its_code(sqlite_service: Service) -> None:
    service, customer = sqlite_service, widget_api(sqlite_service, CUSTOMER)
    conversation = customer.open_conversation(locale="zh")
    customer.say(conversation, "查一下我的余额")
    challenge, code = pending_challenge(customer, conversation), latest_code(service)
    ended = customer.say(conversation, "算了")["reply"]["text"]
    assert "不再查询余额" in ended
    path = f"/v1/conversations/{conversation}/verification/{challenge}"
    assert customer.put(path, {"code": code}).status_code == 409
    assert "查询余额" not in customer.say(conversation, "你好")["reply"]["text"]


def test_refusal_with_another_request_does_both(sqlite_service: Service) -> None:
    service, customer = sqlite_service, widget_api(sqlite_service, CUSTOMER)
    conversation = customer.open_conversation(locale="en")
    customer.say(conversation, "I lost my debit card")
    enter_code(service, customer, conversation, until="This cannot be undone")
    answer = customer.say(conversation, "no, how do I activate my new card?")["reply"]["text"]
    assert "nothing was changed" in answer
    assert "first payment with PIN" in answer
    customer.say(conversation, "yes")
    assert cards(service)["debit"] is ACTIVE
