"""Messages that a customer sends in a burst are answered in their order, each once."""

import time

from tests.fixtures.callers import Api

BURST = ("hello", "How do I activate my card?", "What is compound interest?", "hello again")


def test_a_burst_is_answered_in_order(customer: Api) -> None:
    conversation = customer.open_conversation(locale="en")
    path = f"/v1/conversations/{conversation}/messages"
    asked = [customer.post(path, {"text": text}).json()["message"]["id"] for text in BURST]
    items = _wait_for_replies(customer, path, count=len(BURST))
    decisions = [item["decision_id"] for item in items if item["author"] == "assistant"]
    assert len(decisions) == len(set(decisions)) == len(asked)
    texts = [item["text"] for item in items if item["author"] == "assistant"]
    assert "PIN" in texts[1]
    assert "interest" in texts[2]


def _wait_for_replies(api: Api, path: str, *, count: int) -> list[dict[str, str]]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        items: list[dict[str, str]] = api.get(path).json()["items"]
        if sum(item["author"] == "assistant" for item in items) >= count:
            return items
        time.sleep(0.05)
    raise AssertionError("not every message was answered")
