"""The long poll and the socket: one stream, resumable, refused to strangers."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from app.clock import utc_now
from app.db.credential import SocketTicketRecord
from app.ids import new_id
from tests.fixtures.callers import Api
from tests.fixtures.expectations import events_of
from tests.fixtures.service import Service


@pytest.fixture
def conversation(customer: Api) -> str:
    return customer.open_conversation()


def ticket_for(api: Api, conversation: str) -> str:
    issued = api.post(f"/v1/conversations/{conversation}/events/ticket")
    assert issued.status_code == 201
    ticket: str = issued.json()["ticket"]
    return ticket


@contextmanager
def socket_of(
    service: Service, conversation: str, ticket: str, *, after: int = 0
) -> Iterator[WebSocketTestSession]:
    url = f"/v1/conversations/{conversation}/events?after={after}&ticket={ticket}"
    with service.client.websocket_connect(url) as socket:
        yield socket


def receive(socket: WebSocketTestSession, wanted: str) -> dict[str, Any]:
    """The next event of a type; fails when 50 others came before."""
    for _ in range(50):
        event: dict[str, Any] = socket.receive_json()
        if event["type"] == wanted:
            return event
    raise AssertionError(f"no {wanted}")


def test_long_poll_returns_at_once_when_there_is_something(
    customer: Api, conversation: str
) -> None:
    began = time.monotonic()
    answer = customer.get(f"/v1/conversations/{conversation}/events?wait=20").json()
    assert time.monotonic() - began < 5
    assert [event["type"] for event in answer["events"]] == ["conversation.updated"]


def test_long_poll_returns_as_soon_as_something_happens(customer: Api, conversation: str) -> None:
    results: list[dict[str, Any]] = []
    path = f"/v1/conversations/{conversation}/events?after=1&wait=20"
    waiting = threading.Thread(target=lambda: results.append(customer.get(path).json()))
    began = time.monotonic()
    waiting.start()
    customer.post(f"/v1/conversations/{conversation}/messages", {"text": "hello"})
    waiting.join(timeout=15)
    assert time.monotonic() - began < 10
    assert results[0]["events"][0]["data"]["message"]["text"] == "hello"
    assert results[0]["last_seq"] == results[0]["events"][-1]["seq"]


def test_long_poll_ends_empty_when_its_time_is_over(customer: Api, conversation: str) -> None:
    answer = customer.get(f"/v1/conversations/{conversation}/events?after=1&wait=0.2").json()
    assert answer == {"events": [], "last_seq": 1}


def test_socket_and_long_poll_tell_the_same_story(
    customer: Api, service: Service, conversation: str
) -> None:
    customer.say(conversation, "hello")
    polled = events_of(customer, conversation)
    with socket_of(service, conversation, ticket_for(customer, conversation)) as socket:
        assert [socket.receive_json() for _ in polled] == polled


def test_socket_resumes_after_a_seq_and_follows(
    customer: Api, service: Service, conversation: str
) -> None:
    customer.say(conversation, "hello")
    last = events_of(customer, conversation)[-1]["seq"]
    ticket = ticket_for(customer, conversation)
    with socket_of(service, conversation, ticket, after=last - 1) as socket:
        assert socket.receive_json()["seq"] == last
        customer.post(f"/v1/conversations/{conversation}/messages", {"text": "hello again"})
        event = receive(socket, "message.created")
        assert event["seq"] == last + 1
        assert event["data"]["message"]["text"] == "hello again"


def test_socket_hides_notes_from_customers_and_shows_them_to_staff(
    customer: Api, agent: Api, service: Service, conversation: str
) -> None:
    path = f"/v1/conversations/{conversation}/messages"
    agent.post(path, {"text": "a quiet word", "kind": "note"})
    with socket_of(service, conversation, ticket_for(customer, conversation), after=1) as socket:
        assert socket.receive_json() == {
            **socket_free(events_of(customer, conversation)[-1]),
            "type": "hidden",
            "data": {},
        }
    with socket_of(service, conversation, ticket_for(agent, conversation), after=1) as socket:
        assert socket.receive_json()["data"]["message"]["text"] == "a quiet word"


def socket_free(event: dict[str, Any]) -> dict[str, Any]:
    return {name: event[name] for name in ("seq", "conversation_id", "created_at")}


def test_typing_arrives_and_is_not_stored(
    customer: Api, agent: Api, service: Service, conversation: str
) -> None:
    with socket_of(service, conversation, ticket_for(customer, conversation), after=1) as socket:
        # a passing hint is lost when it comes before the socket listens: a stored event tells
        agent.post(f"/v1/conversations/{conversation}/read", {"up_to": 0})
        receive(socket, "message.read")
        answer = agent.post(f"/v1/conversations/{conversation}/typing", {"is_typing": True})
        assert answer.status_code == 204
        typing = receive(socket, "typing")
    assert typing["data"] == {"author": "agent", "is_typing": True}
    assert "seq" not in typing
    assert "typing" not in [event["type"] for event in events_of(customer, conversation)]


def test_working_hint_comes_before_the_reply(
    customer: Api, service: Service, conversation: str
) -> None:
    with socket_of(service, conversation, ticket_for(customer, conversation)) as socket:
        socket.receive_json()
        customer.post(f"/v1/conversations/{conversation}/messages", {"text": "hello"})
        receive(socket, "assistant.working")
        assert receive(socket, "message.created")["data"]["message"]["author"] == "assistant"


def refused_with(service: Service, conversation: str, ticket: str) -> int:
    with (
        socket_of(service, conversation, ticket) as socket,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        socket.receive_json()
    return closed.value.code


def test_ticket_works_once(customer: Api, service: Service, conversation: str) -> None:
    ticket = ticket_for(customer, conversation)
    with socket_of(service, conversation, ticket) as socket:
        socket.receive_json()
    assert refused_with(service, conversation, ticket) == 4401


def test_ticket_of_another_conversation_is_refused_and_stays_good(
    customer: Api, other_customer: Api, service: Service, conversation: str
) -> None:
    other = other_customer.open_conversation()
    ticket = ticket_for(other_customer, other)
    assert refused_with(service, conversation, ticket) == 4401
    with socket_of(service, other, ticket) as socket:
        assert socket.receive_json()["conversation_id"] == other


def test_expired_ticket_is_refused(customer: Api, service: Service, conversation: str) -> None:
    ticket = ticket_for(customer, conversation)
    with service.parts.database.write() as session:
        session.execute(
            update(SocketTicketRecord)
            .where(SocketTicketRecord.conversation_id == conversation)
            .values(expires_at=utc_now() - timedelta(seconds=1))
        )
    assert refused_with(service, conversation, ticket) == 4401


@pytest.mark.parametrize("ticket", ["", "sbt_unknown", "余额", "a" * 200])
def test_unknown_ticket_is_refused(service: Service, conversation: str, ticket: str) -> None:
    assert refused_with(service, conversation, ticket) == 4401
    assert refused_with(service, new_id(), ticket) == 4401


@pytest.mark.parametrize(
    "path",
    ["/v1/conversations/{id}/events?after=-1", "/v1/conversations/{id}%00/events?ticket=a"],
    ids=["negative-after", "nul-in-the-id"],
)
def test_bad_address_is_closed_before_it_opens(
    service: Service, conversation: str, path: str
) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        service.client.websocket_connect(path.replace("{id}", conversation)) as socket,
    ):
        socket.receive_json()
