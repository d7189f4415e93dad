"""Which card, and are you sure: an open question is answered only by an answer to it."""

import pytest

from app.banking.client import CardStatus
from app.banking.demo_client import DemoBankingClient
from tests.fixtures.callers import Api, widget_api
from tests.fixtures.service import Service
from tests.journeys.test_account_answer import latest_code, pending_challenge, wait_for_text

CUSTOMER = "cust-1001"  # holds a debit and a credit card


def cards(service: Service) -> dict[str, CardStatus]:
    client = DemoBankingClient(service.settings.banking.demo_url)
    found = {card.kind: card.status for card in client.list_cards(CUSTOMER)}
    client.engine.dispose()
    return found


def ask(service: Service, text: str, *, until: str) -> tuple[Api, str]:
    """Ask for a card action, enter the code, and wait for the assistant's question."""
    customer = widget_api(service, CUSTOMER)
    conversation = customer.open_conversation(locale="en")
    customer.say(conversation, text)
    challenge = pending_challenge(customer, conversation)
    path = f"/v1/conversations/{conversation}/verification/{challenge}"
    assert customer.put(path, {"code": latest_code(service)}).status_code == 200
    wait_for_text(customer, conversation, until)
    return customer, conversation


@pytest.mark.parametrize(
    "text",
    [
        "no wait, don't freeze the debit card",
        "what is my balance on the debit card?",
        "how do I activate my credit card",
        "cancel",
    ],
)
def test_another_message_does_not_choose_a_card(sqlite_service: Service, text: str) -> None:
    customer, conversation = ask(sqlite_service, "Please freeze my card", until="Which card")
    customer.say(conversation, text)
    assert set(cards(sqlite_service).values()) == {CardStatus.ACTIVE}


def test_bare_choice_freezes_that_card_alone(sqlite_service: Service) -> None:
    customer, conversation = ask(sqlite_service, "Please freeze my card", until="Which card")
    answer = customer.say(conversation, "the credit card")
    assert "is frozen" in answer["reply"]["text"]
    assert cards(sqlite_service) == {"debit": CardStatus.ACTIVE, "credit": CardStatus.FROZEN}


def test_lost_card_is_blocked_only_after_a_yes(sqlite_service: Service) -> None:
    customer, conversation = ask(
        sqlite_service, "I lost my debit card", until="This cannot be undone"
    )
    assert cards(sqlite_service)["debit"] is CardStatus.ACTIVE
    answer = customer.say(conversation, "Yes, block it for good")
    assert "blocked for good" in answer["reply"]["text"]
    assert cards(sqlite_service) == {"debit": CardStatus.LOST, "credit": CardStatus.ACTIVE}


@pytest.mark.parametrize(
    "text", ["No, leave it", "actually I found my debit card", "hello, wait a moment"]
)
def test_lost_card_stays_without_a_yes(sqlite_service: Service, text: str) -> None:
    customer, conversation = ask(
        sqlite_service, "I lost my debit card", until="This cannot be undone"
    )
    customer.say(conversation, text)
    customer.say(conversation, "yes")
    assert cards(sqlite_service)["debit"] is CardStatus.ACTIVE


def test_words_against_a_change_change_nothing(sqlite_service: Service) -> None:
    customer = widget_api(sqlite_service, CUSTOMER)
    conversation = customer.open_conversation(locale="en")
    answer = customer.say(conversation, "please don't freeze my card")
    assert "nothing was changed" in answer["reply"]["text"]
