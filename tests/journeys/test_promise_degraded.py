"""Promise 7: with parts missing or broken every message still gets its ending.

No Redis anywhere here: these services are SQLite, threads and the CPU.
"""

import shutil
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from app.banking.client import BankUnavailable
from app.generation import (
    GenerationRejected,
    GenerationRequest,
    GenerationTimeout,
    GenerationUnavailable,
    GeneratorHealth,
)
from tests.fixtures.callers import Api, widget_api
from tests.fixtures.service import Service
from tests.journeys.test_account_answer import latest_code, pending_challenge, wait_for_text

TEXTS = (
    "hello",
    "What is my balance?",
    "How do I activate my card?",
    "怎样激活新卡？",
    "Explain compound interest",
    "zxcv qwer",
    "I lost my card",
)

pytestmark = [pytest.mark.journey, pytest.mark.slow]


class BrokenGenerator:
    """Fails before the first word, after some words, or says nothing."""

    name = "broken"

    def __init__(self, error: Exception | None, *, first: str = "") -> None:
        self._error = error
        self._first = first

    def stream(self, request: GenerationRequest) -> Iterator[str]:
        if self._first:
            yield self._first
        if self._error is not None:
            raise self._error

    def health(self) -> GeneratorHealth:
        return GeneratorHealth(ready=False, detail="broken")

    def close(self) -> None:
        pass


def fail(*_arguments: Any, **_named: Any) -> NoReturn:
    raise RuntimeError("something nobody foresaw")


def is_ended(answer: dict[str, Any]) -> bool:
    """An answer, a question, or a person."""
    return bool(answer["reply"] and answer["reply"]["text"].strip()) or bool(answer["handoff"])


def talk(service: Service) -> list[dict[str, Any]]:
    """Each text in a conversation of its own, by an identified customer."""
    customer = widget_api(service, "cust-1001")
    return [customer.say(customer.open_conversation(), text) for text in TEXTS]


@pytest.mark.parametrize(
    "generator",
    [
        pytest.param(BrokenGenerator(GenerationUnavailable("no worker")), id="unavailable"),
        pytest.param(BrokenGenerator(GenerationTimeout("too slow")), id="timeout"),
        pytest.param(BrokenGenerator(GenerationRejected("full")), id="rejected"),
        pytest.param(
            BrokenGenerator(GenerationUnavailable("died"), first="Half a sen"), id="half-way"
        ),
        pytest.param(BrokenGenerator(None), id="empty"),
    ],
)
def test_without_generation_every_message_ends(
    generator: BrokenGenerator, sqlite_service: Service
) -> None:
    sqlite_service.parts.generator = generator
    answers = talk(sqlite_service)
    assert all(is_ended(answer) for answer in answers)
    assert "Half a sen" not in str(answers)


def test_generator_that_breaks_unexpectedly_ends_with_a_person(sqlite_service: Service) -> None:
    sqlite_service.parts.generator = BrokenGenerator(RuntimeError("a bug"))
    customer = widget_api(sqlite_service, "cust-1001")
    answer = customer.say(customer.open_conversation(), "Explain compound interest")
    assert is_ended(answer)


def test_without_an_index_every_message_ends(sqlite_service: Service) -> None:
    shutil.rmtree(sqlite_service.settings.var / "knowledge")
    assert all(is_ended(answer) for answer in talk(sqlite_service))


def test_knowledge_that_breaks_ends_with_a_person(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_service.parts.knowledge, "answer", fail)
    customer = widget_api(sqlite_service)
    answer = customer.say(customer.open_conversation(), "How do I activate my card?")
    assert is_ended(answer)


def test_bank_that_is_down_ends_with_a_person(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_arguments: Any, **_named: Any) -> NoReturn:
        raise BankUnavailable("the core is in maintenance")

    for name in ("perform", "get_customer"):
        monkeypatch.setattr(sqlite_service.parts.bank, name, down)
    answers = talk(sqlite_service)
    assert all(is_ended(answer) for answer in answers)
    assert answers[1]["handoff"] is not None


def test_bank_that_goes_down_after_the_code_ends_with_a_person(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = widget_api(sqlite_service, "cust-1001")
    conversation = _asked_for_balance(customer)
    path = _code_door(customer, conversation)
    monkeypatch.setattr(sqlite_service.parts.bank, "perform", fail)
    entered = customer.put(path, {"code": latest_code(sqlite_service)})
    assert entered.status_code == 200
    wait_for_text(customer, conversation, "colleague", seconds=20)
    assert customer.get(f"/v1/conversations/{conversation}").json()["status"] == "open"


def test_router_that_breaks_ends_with_a_person(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_service.parts.router, "route", fail)
    customer = widget_api(sqlite_service)
    answer = customer.say(customer.open_conversation(), "hello")
    assert answer["handoff"] is not None
    assert answer["reply"]["text"]


def _asked_for_balance(customer: Api) -> str:
    conversation = customer.open_conversation(locale="en")
    customer.say(conversation, "What is my balance?")
    return conversation


def _code_door(customer: Api, conversation: str) -> str:
    challenge = pending_challenge(customer, conversation)
    return f"/v1/conversations/{conversation}/verification/{challenge}"
