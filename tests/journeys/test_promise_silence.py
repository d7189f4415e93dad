"""Promise 2: once a person has taken a conversation, the assistant says nothing in it."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.generation import GenerationRequest, GeneratorHealth
from tests.fixtures.callers import Api, staff_api, widget_api
from tests.fixtures.service import Service
from tests.journeys.test_account_answer import latest_code, pending_challenge

SECONDS = 15.0

pytestmark = pytest.mark.journey


class HeldGenerator:
    """Writes its answer only once it is let go."""

    name = "held"

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.let_go = threading.Event()

    def stream(self, request: GenerationRequest) -> Iterator[str]:
        self.asked.set()
        assert self.let_go.wait(SECONDS)
        yield "Compound interest is interest on interest."

    def health(self) -> GeneratorHealth:
        return GeneratorHealth(ready=True, detail="held")

    def close(self) -> None:
        self.let_go.set()


def ask_for_person(api: Api, conversation: str) -> str:
    asked = api.post(f"/v1/conversations/{conversation}/handoff")
    assert asked.status_code == 201, asked.text
    return str(asked.json()["id"])


def assistant_words(api: Api, conversation: str) -> list[str]:
    items = api.get(f"/v1/conversations/{conversation}/messages").json()["items"]
    return [item["text"] for item in items if item["author"] == "assistant"]


def endings(agent: Api, conversation: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]]
    items = agent.get(f"/v1/conversations/{conversation}/decisions").json()["items"]
    return items


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def jobs_are_done(service: Service) -> bool:
    """No turn waits or runs: what the assistant has not said now it will not say."""
    with service.parts.database.engine.connect() as connection:
        open_jobs = "SELECT count(*) FROM jobs WHERE state IN ('ready', 'running')"
        return bool(connection.exec_driver_sql(open_jobs).scalar_one() == 0)


def test_assistant_is_silent_from_the_request_until_the_return(
    service: Service, customer: Api, agent: Api
) -> None:
    conversation = customer.open_conversation()
    customer.say(conversation, "hello")
    handoff = ask_for_person(customer, conversation)
    before = assistant_words(customer, conversation)
    for step in ("waiting", "accept", "release", "accept"):
        if step != "waiting":
            assert agent.post(f"/v1/handoffs/{handoff}/{step}").status_code == 200
        for text in ("hello", "What is my balance?", "I lost my card", "你好"):
            assert customer.say(conversation, text)["reply"] is None
    wait_until(lambda: jobs_are_done(service))
    assert assistant_words(customer, conversation) == before
    assert agent.post(f"/v1/handoffs/{handoff}/return").status_code == 200
    assert customer.say(conversation, "hello")["reply"]["author"] == "assistant"


def test_answer_that_was_being_written_is_never_shown(
    database_url: str, serve: Callable[..., Service]
) -> None:
    service = serve(database_url)
    held = HeldGenerator()
    service.parts.generator = held
    customer, agent = widget_api(service, "cust-1001"), staff_api(service, "agent")
    conversation = customer.open_conversation()
    path = f"/v1/conversations/{conversation}/messages"
    assert customer.post(path, {"text": "Explain compound interest"}).status_code == 202
    assert held.asked.wait(SECONDS)
    handoff = ask_for_person(customer, conversation)
    assert agent.post(f"/v1/handoffs/{handoff}/accept").status_code == 200
    held.let_go.set()
    wait_until(lambda: jobs_are_done(service))
    assert assistant_words(customer, conversation) == []
    assert len(endings(agent, conversation)) == 1  # the decision is kept, the words are not


def test_code_entered_after_a_person_took_over_opens_no_answer(
    service: Service, customer: Api, agent: Api
) -> None:
    conversation = customer.open_conversation(locale="en")
    customer.say(conversation, "What is my balance?")
    challenge, code = pending_challenge(customer, conversation), latest_code(service)
    handoff = ask_for_person(customer, conversation)
    assert agent.post(f"/v1/handoffs/{handoff}/accept").status_code == 200
    before = assistant_words(customer, conversation)
    entered = customer.put(
        f"/v1/conversations/{conversation}/verification/{challenge}", {"code": code}
    )
    assert entered.status_code == 200
    wait_until(lambda: jobs_are_done(service))
    assert assistant_words(customer, conversation) == before
