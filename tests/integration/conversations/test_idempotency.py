"""Sent twice, done once: idempotency keys and client message ids, alone and in parallel."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.db.conversation import ConversationRecord, MessageRecord, TurnRecord
from app.ids import new_id
from tests.fixtures.callers import Api
from tests.fixtures.expectations import count_rows, expect_problem, thread_of
from tests.fixtures.service import Service

PARALLEL = 30


@pytest.fixture
def service(each_shared_service: Service) -> Service:
    return each_shared_service


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def test_same_key_and_body_give_the_stored_answer(customer: Api, service: Service) -> None:
    conversation = customer.open_conversation()
    path, key = f"/v1/conversations/{conversation}/messages", keyed(new_id())
    first = customer.post(path, {"text": "hello"}, headers=key)
    second = customer.post(path, {"text": "hello"}, headers=key)
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert count_rows(service, TurnRecord, conversation_id=conversation) == 1


def test_same_key_with_another_body_is_refused(customer: Api, service: Service) -> None:
    conversation = customer.open_conversation()
    path, key = f"/v1/conversations/{conversation}/messages", keyed(new_id())
    customer.post(path, {"text": "hello"}, headers=key)
    answer = customer.post(path, {"text": "hello again"}, headers=key)
    expect_problem(answer, 422, code="idempotency_key_reused", field="Idempotency-Key")
    elsewhere = customer.post(f"/v1/conversations/{conversation}/handoff", {}, headers=key)
    expect_problem(elsewhere, 422, code="idempotency_key_reused")
    assert count_rows(service, TurnRecord, conversation_id=conversation) == 1


def test_key_of_another_caller_is_another_key(customer: Api, other_customer: Api) -> None:
    key = keyed(new_id())
    mine = customer.post("/v1/conversations", {"channel": "widget"}, headers=key)
    theirs = other_customer.post("/v1/conversations", {"channel": "widget"}, headers=key)
    assert mine.json()["id"] != theirs.json()["id"]
    assert "Idempotency-Replayed" not in theirs.headers


def test_refused_request_stores_no_answer(customer: Api) -> None:
    """The key is free again: a retry after a 404 is carried out, not replayed."""
    key = keyed(new_id())
    refused = customer.post(f"/v1/conversations/{new_id()}/handoff", {}, headers=key)
    expect_problem(refused, 404)
    conversation = customer.open_conversation()
    path = f"/v1/conversations/{conversation}/handoff"
    assert customer.post(path, {}, headers=key).status_code == 201


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/handoff", {}, 201),
        ("/resolve", {}, 200),
        ("/feedback", {"rating": 4}, 200),
        ("/verification", {"action": "card_freeze"}, 201),
    ],
    ids=["handoff", "resolve", "feedback", "verification"],
)
def test_every_action_is_replayed(
    customer: Api, service: Service, path: str, body: dict[str, object], status: int
) -> None:
    conversation = customer.open_conversation()
    key, target = keyed(new_id()), f"/v1/conversations/{conversation}{path}"
    first = customer.post(target, body, headers=key)
    events = customer.get(f"/v1/conversations/{conversation}/events").json()["last_seq"]
    second = customer.post(target, body, headers=key)
    assert (first.status_code, second.status_code) == (status, status)
    assert second.json() == first.json()
    assert customer.get(f"/v1/conversations/{conversation}/events").json()["last_seq"] == events


def test_parallel_duplicates_have_one_effect(customer: Api, service: Service) -> None:
    conversation = customer.open_conversation()
    path, key = f"/v1/conversations/{conversation}/messages", keyed(new_id())

    def send(_: int) -> tuple[int, str | None]:
        answer = customer.post(path, {"text": "hello"}, headers=key)
        sent = answer.json()
        return answer.status_code, sent["message"]["id"] if "message" in sent else None

    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = list(pool.map(send, range(PARALLEL)))
    assert {status for status, _ in answers} <= {202, 409}
    assert len({message for status, message in answers if status == 202}) == 1
    written = {"conversation_id": conversation, "author": "customer"}
    assert count_rows(service, MessageRecord, **written) == 1
    assert count_rows(service, TurnRecord, conversation_id=conversation) == 1


def test_parallel_openings_with_one_key_open_one_conversation(crm: Api, service: Service) -> None:
    key = keyed(new_id())
    before = count_rows(service, ConversationRecord)
    with ThreadPoolExecutor(10) as pool:
        answers = list(
            pool.map(
                lambda _: (
                    crm.post("/v1/conversations", {"channel": "crm"}, headers=key).status_code
                ),
                range(10),
            )
        )
    assert set(answers) <= {201, 409}
    assert count_rows(service, ConversationRecord) == before + 1


def test_client_message_id_gives_the_same_message_and_no_second_turn(
    customer: Api, service: Service
) -> None:
    conversation = customer.open_conversation()
    path = f"/v1/conversations/{conversation}/messages?wait=reply"
    body = {"text": "hello", "client_message_id": "mine-1"}
    first, second = customer.post(path, body), customer.post(path, body)
    assert first.json()["message"]["id"] == second.json()["message"]["id"]
    assert first.json()["reply"] == second.json()["reply"] is not None
    assert [item["author"] for item in thread_of(customer, conversation)] == [
        "customer",
        "assistant",
    ]


def test_parallel_resends_of_one_client_message_id_store_one_message(
    customer: Api, service: Service
) -> None:
    conversation = customer.open_conversation()
    path = f"/v1/conversations/{conversation}/messages"
    body = {"text": "hello", "client_message_id": "mine-1"}
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: customer.post(path, body), range(10)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["message"]["id"] for answer in answers}) == 1
    assert count_rows(service, TurnRecord, conversation_id=conversation) == 1


def test_client_message_id_is_free_in_another_conversation(customer: Api) -> None:
    body = {"text": "hello", "client_message_id": "mine-1"}
    sent = [
        customer.post(f"/v1/conversations/{customer.open_conversation()}/messages", body).json()
        for _ in range(2)
    ]
    assert sent[0]["message"]["id"] != sent[1]["message"]["id"]


def test_retry_of_a_waiting_request_brings_the_ending(customer: Api) -> None:
    """A client that lost the line asks again and still learns how its message ended."""
    conversation = customer.open_conversation()
    path, key = f"/v1/conversations/{conversation}/messages?wait=reply", keyed(new_id())
    first = customer.post(path, {"text": "hello"}, headers=key)
    second = customer.post(path, {"text": "hello"}, headers=key)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.json() == first.json()
    assert second.status_code == 200
