"""A customer asks for the balance, proves who they are, and gets the exact amount."""

import json
import re
import time
from typing import Any

from tests.fixtures.callers import Api
from tests.fixtures.service import Service

BALANCE = "€2,450.75"  # what the demo bank holds for cust-1001


def latest_code(service: Service) -> str:
    found = re.search(r"\d{6}", service.phone()[-1]["text"])
    assert found is not None
    return found.group()


def pending_challenge(api: Api, conversation: str) -> str:
    state = api.get(f"/v1/conversations/{conversation}").json()
    challenge: str = state["verification"]["pending"]["challenge_id"]
    return challenge


def messages(api: Api, conversation: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.get(f"/v1/conversations/{conversation}/messages").json()[
        "items"
    ]
    return items


def wait_for_text(api: Api, conversation: str, part: str, *, seconds: float = 10.0) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for message in messages(api, conversation):
            if part in message["text"]:
                return str(message["text"])
        time.sleep(0.05)
    raise AssertionError(f"{part!r} never came: {messages(api, conversation)}")


def test_balance_comes_after_the_code_and_not_before(customer: Api, service: Service) -> None:
    conversation = customer.open_conversation(locale="en")
    first = customer.say(conversation, "What is my balance?")
    assert first["decision"]["route"] == "account"
    assert BALANCE not in json.dumps(messages(customer, conversation), ensure_ascii=False)
    challenge = pending_challenge(customer, conversation)
    path = f"/v1/conversations/{conversation}/verification/{challenge}"
    assert customer.put(path, {"code": latest_code(service)}).json()["verified"] is True
    assert BALANCE in wait_for_text(customer, conversation, "balance of")


def test_wrong_code_shows_nothing_and_locks_after_five_tries(
    customer: Api, service: Service
) -> None:
    conversation = customer.open_conversation()
    customer.say(conversation, "What is my balance?")
    challenge = pending_challenge(customer, conversation)
    path = f"/v1/conversations/{conversation}/verification/{challenge}"
    right = latest_code(service)
    wrong = "000000" if right != "000000" else "111111"
    statuses = [customer.put(path, {"code": wrong}).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 429]
    assert customer.put(path, {"code": right}).status_code == 429
    assert all("balance of" not in item["text"] for item in messages(customer, conversation))


def test_visitor_is_asked_to_sign_in(visitor: Api) -> None:
    conversation = visitor.open_conversation()
    answer = visitor.say(conversation, "What is my balance?")
    assert "sign in" in answer["reply"]["text"]


def test_a_code_for_one_action_does_not_open_another(customer: Api, service: Service) -> None:
    conversation = customer.open_conversation()
    customer.say(conversation, "What is my balance?")
    challenge = pending_challenge(customer, conversation)
    customer.put(
        f"/v1/conversations/{conversation}/verification/{challenge}",
        {"code": latest_code(service)},
    )
    wait_for_text(customer, conversation, "balance of")
    answer = customer.say(conversation, "Please freeze my card")
    assert "one-time code" in answer["reply"]["text"]
