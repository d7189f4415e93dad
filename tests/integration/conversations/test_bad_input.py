"""Bad input gets a problem that names the field and its limit; nothing is half-written."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from app.db.base import Base
from app.db.conversation import ConversationRecord, CsatRecord, MessageRecord, TurnRecord
from app.db.event import EventRecord
from app.db.handoff import HandoffRecord
from app.db.job import JobRecord
from app.ids import new_id
from tests.fixtures.callers import Api, crm_api, staff_api, widget_api
from tests.fixtures.expectations import expect_problem
from tests.fixtures.service import Service

WATCHED: tuple[type[Base], ...] = (
    ConversationRecord,
    MessageRecord,
    TurnRecord,
    EventRecord,
    HandoffRecord,
    CsatRecord,
    JobRecord,
)
LONG = "a" * 4_001
MEGABYTE = "a" * 1_000_000


@pytest.fixture
def service(each_shared_service: Service) -> Service:
    """What a database cannot keep differs: both kinds."""
    return each_shared_service


@pytest.fixture
def conversation(customer: Api) -> str:
    return customer.open_conversation()


def rows(service: Service) -> dict[str, int]:
    with service.parts.database.read() as session:
        return {
            record.__tablename__: session.scalar(select(func.count()).select_from(record)) or 0
            for record in WATCHED
        }


@pytest.fixture
def nothing_written(service: Service, conversation: str) -> Iterator[None]:
    before = rows(service)
    yield
    assert rows(service) == before


# name -> (path, raw body, field, part of the detail)
TEXTS: dict[str, tuple[bytes, str, str]] = {
    "empty-text": (b'{"text": ""}', "text", "text: at least 1 character"),
    "blank-text": (
        b'{"text": " \\n\\t "}',
        "text",
        "text: must contain at least one visible character",
    ),
    "4001-characters": (json.dumps({"text": LONG}).encode(), "text", "4000"),
    "1-MB-of-text": (json.dumps({"text": MEGABYTE}).encode(), "text", "4000"),
    "nul": (b'{"text": "a\\u0000b"}', "text", "NUL"),
    "lone-surrogate": (b'{"text": "a\\ud800b"}', "text", "valid Unicode"),
    "number": (b'{"text": 5}', "text", "must be text"),
    "null": (b'{"text": null}', "text", "must be text"),
    "list": (b'{"text": ["a"]}', "text", "must be text"),
    "missing": (b"{}", "text", "missing"),
    "unknown-field": (b'{"text": "a", "bogus": 1}', "bogus", "unknown field"),
    "attachments": (b'{"text": "a", "attachments": ["x"]}', "attachments", "at most 0 items"),
    "unknown-kind": (b'{"text": "a", "kind": "activity"}', "kind", "note"),
    "weird-client-id": (b'{"text": "a", "client_message_id": "\\u0000"}', "client_message_id", ""),
    "body-is-a-list": (b"[]", "body", ""),
    "body-is-text": (b'"hello"', "body", ""),
    "no-body": (b"", "body", "required"),
    "not-json": (b"{text: hello", "body", ""),
    "cut-json": (b'{"text": "hel', "body", ""),
    "not-utf-8": (b'{"text": "\xff\xfe"}', "body", ""),
    "nested-too-deep": (b'{"text": ' + b"[" * 100_000, "body", ""),
    "number-too-long": (b'{"text": ' + b"9" * 10_000 + b"}", "body", ""),
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.usefixtures("nothing_written")
def test_bad_message_is_refused(customer: Api, conversation: str, name: str) -> None:
    raw, field, part = TEXTS[name]
    answer = customer.call(
        "POST",
        f"/v1/conversations/{conversation}/messages",
        content=raw,
        headers={"Content-Type": "application/json"},
    )
    problem = expect_problem(answer, 422, code="bad_input", field=field)
    assert part in problem["detail"]


BODIES: dict[str, tuple[str, dict[str, object], str]] = {
    "rating-0": ("/feedback", {"rating": 0}, "rating"),
    "rating-6": ("/feedback", {"rating": 6}, "rating"),
    "rating-half": ("/feedback", {"rating": 4.5}, "rating"),
    "rating-digits": ("/feedback", {"rating": "5"}, "rating"),
    "rating-true": ("/feedback", {"rating": True}, "rating"),
    "rating-words": ("/feedback", {"rating": "five"}, "rating"),
    "long-comment": ("/feedback", {"rating": 5, "comment": "a" * 2_001}, "comment"),
    "nul-in-comment": ("/feedback", {"rating": 5, "comment": "\x00"}, "comment"),
    "read-negative": ("/read", {"up_to": -1}, "up_to"),
    "read-huge": ("/read", {"up_to": 10**12}, "up_to"),
    "typing-true-word": ("/typing", {"is_typing": "true"}, "is_typing"),
    "typing-1": ("/typing", {"is_typing": 1}, "is_typing"),
    "read-digits": ("/read", {"up_to": "1"}, "up_to"),
    "typing-word": ("/typing", {"is_typing": "perhaps"}, "is_typing"),
    "long-note": ("/handoff", {"note": "a" * 2_001}, "note"),
    "reason-with-space": ("/handoff", {"reason": "I want to"}, "reason"),
    "unknown-action": ("/verification", {"action": "transfer_everything"}, "action"),
    "unknown-method": ("/verification", {"method": "sms", "action": "card_freeze"}, "method"),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.usefixtures("nothing_written")
def test_bad_action_is_refused(customer: Api, conversation: str, name: str) -> None:
    path, body, field = BODIES[name]
    answer = customer.post(f"/v1/conversations/{conversation}{path}", body)
    expect_problem(answer, 422, code="bad_input", field=field)


CREATIONS: dict[str, tuple[dict[str, object], str]] = {
    "no-channel": ({}, "channel"),
    "unknown-channel": ({"channel": "fax"}, "channel"),
    "unknown-locale": ({"channel": "crm", "locale": "de"}, "locale"),
    "customer-without-id": ({"channel": "crm", "customer": {"name": "X"}}, "customer.external_id"),
    "nul-in-customer": (
        {"channel": "crm", "customer": {"external_id": "\x00"}},
        "customer.external_id",
    ),
    "bad-address": (
        {"channel": "crm", "customer": {"external_id": "a", "email": "nobody"}},
        "customer.email",
    ),
    "much-metadata": (
        {"channel": "crm", "metadata": {f"k{n}": "v" for n in range(21)}},
        "metadata",
    ),
    "long-metadata": ({"channel": "crm", "metadata": {"k": "v" * 501}}, "metadata.k"),
    "nested-metadata": ({"channel": "crm", "metadata": {"k": {"a": 1}}}, "metadata.k"),
}


@pytest.mark.parametrize("name", CREATIONS)
@pytest.mark.usefixtures("nothing_written")
def test_bad_conversation_is_refused(crm: Api, name: str) -> None:
    body, field = CREATIONS[name]
    expect_problem(crm.post("/v1/conversations", body), 422, code="bad_input", field=field)


QUERIES = {
    "messages-after-negative": ("/messages?after=-1", "after"),
    "messages-after-huge": ("/messages?after=99999999999999999999", "after"),
    "messages-after-word": ("/messages?after=last", "after"),
    "messages-limit-0": ("/messages?limit=0", "limit"),
    "messages-limit-201": ("/messages?limit=201", "limit"),
    "events-after-negative": ("/events?after=-1", "after"),
    "events-wait-negative": ("/events?wait=-1", "wait"),
    "events-wait-hour": ("/events?wait=3600", "wait"),
    "events-wait-nan": ("/events?wait=nan", "wait"),
    "events-wait-inf": ("/events?wait=inf", "wait"),
}


@pytest.mark.parametrize("name", QUERIES)
def test_bad_query_is_refused(customer: Api, conversation: str, name: str) -> None:
    path, field = QUERIES[name]
    answer = customer.get(f"/v1/conversations/{conversation}{path}")
    expect_problem(answer, 422, code="bad_input", field=field)


LISTS = {
    "unknown-status": ("/v1/conversations?status=closed", "status"),
    "not-a-cursor": ("/v1/conversations?after=%%%", "after"),
    "cursor-with-nul": ("/v1/conversations?after=AA", "after"),
    "cursor-not-ascii": ("/v1/conversations?after=余额", "after"),
    "long-cursor": (f"/v1/conversations?after={'a' * 201}", "after"),
    "long-queue": (f"/v1/handoffs?queue={'a' * 51}", "queue"),
    "handoff-status": ("/v1/handoffs?status=lost", "status"),
}


@pytest.mark.parametrize("name", LISTS)
def test_bad_list_query_is_refused(crm: Api, name: str) -> None:
    path, field = LISTS[name]
    expect_problem(crm.get(path), 422, code="bad_input", field=field)


@pytest.mark.parametrize("timeout", ["-1", "61", "1e9", "nan"])
@pytest.mark.usefixtures("nothing_written")
def test_bad_timeout_is_refused_before_the_message_is_stored(
    customer: Api, conversation: str, timeout: str
) -> None:
    path = f"/v1/conversations/{conversation}/messages?wait=reply&timeout={timeout}"
    expect_problem(customer.post(path, {"text": "hello"}), 422, field="timeout")


WEIRD_IDS = {
    "unknown": new_id(),
    "ten-thousand-characters": "a" * 10_000,
    "nul": "%00",
    "nul-inside": "abc%00def",
    "parent-folder": "..%2F..%2Fetc%2Fpasswd",
    "sql": quote("' OR 1=1 --", safe=""),
    "emoji": quote("🏦"),
    "invalid-utf-8": "%ED%A0%80",
    "percent": "%25",
    "newline": "a%0Ab",
}
ID_DOORS = {
    "conversation": ("GET", "/v1/conversations/{id}", "crm"),
    "messages": ("GET", "/v1/conversations/{id}/messages", "customer"),
    "post": ("POST", "/v1/conversations/{id}/messages", "customer"),
    "events": ("GET", "/v1/conversations/{id}/events", "customer"),
    "handoff": ("POST", "/v1/handoffs/{id}/accept", "agent"),
    "challenge": ("PUT", "/v1/conversations/{conversation}/verification/{id}", "customer"),
}


@pytest.fixture
def callers(service: Service, customer: Api) -> dict[str, Api]:
    return {"customer": customer, "crm": crm_api(service), "agent": staff_api(service, "agent")}


@pytest.mark.parametrize("door", ID_DOORS)
def test_weird_ids_are_not_found(callers: dict[str, Api], conversation: str, door: str) -> None:
    method, path, who = ID_DOORS[door]
    body = {"POST": {"text": "hello"}, "PUT": {"code": "123456"}}.get(method)
    for name, weird in WEIRD_IDS.items():
        target = path.replace("{id}", weird).replace("{conversation}", conversation)
        sent = {} if door == "handoff" else body
        answer = callers[who].call(method, target, json=sent)
        assert answer.status_code in (404, 422), f"{name}: {answer.status_code} {answer.text}"
        expect_problem(answer, answer.status_code)


@pytest.mark.parametrize(
    "path",
    ["/v1/handoffs?queue=%00", "/v1/conversations?after=%00", "/v1/audit/events?actor=%00"],
    ids=["queue", "cursor", "audit-actor"],
)
def test_nul_in_a_query_is_refused(crm: Api, path: str) -> None:
    expect_problem(crm.get(path), 422, code="bad_input")


@pytest.mark.usefixtures("nothing_written")
def test_nine_megabytes_are_too_large(customer: Api, conversation: str) -> None:
    answer = customer.call(
        "POST",
        f"/v1/conversations/{conversation}/messages",
        content=b'{"text": "' + b"a" * 9_000_000 + b'"}',
        headers={"Content-Type": "application/json"},
    )
    problem = expect_problem(answer, 413, code="too_large", field="body")
    assert "8388608" in problem["detail"]


@pytest.mark.parametrize("key", ["", "k" * 256], ids=["empty", "256-characters"])
@pytest.mark.usefixtures("nothing_written")
def test_bad_idempotency_key_is_refused(customer: Api, conversation: str, key: str) -> None:
    answer = customer.post(
        f"/v1/conversations/{conversation}/messages",
        {"text": "hello"},
        headers={"Idempotency-Key": key},
    )
    expect_problem(answer, 422, code="bad_input", field="idempotency-key")


def test_other_content_type_and_method_are_problems(customer: Api, conversation: str) -> None:
    path = f"/v1/conversations/{conversation}/messages"
    form = customer.call(
        "POST", path, content=b"text=hello", headers={"Content-Type": "text/plain"}
    )
    expect_problem(form, 422, code="bad_input", field="body")
    expect_problem(customer.call("DELETE", path), 405, code="method_not_allowed")
    expect_problem(customer.get("/v1/nothing-here"), 404, code="not_found")


def test_request_id_of_the_caller_is_kept_where_it_is_harmless(visitor: Api) -> None:
    named = visitor.get("/v1/conversations", headers={"X-Request-ID": "trace-0123456789"})
    assert named.headers["x-request-id"] == "trace-0123456789"
    spoiled = visitor.get("/v1/conversations", headers={"X-Request-ID": "x" * 65})
    assert spoiled.headers["x-request-id"] != "x" * 65


def test_text_at_the_limit_is_accepted(service: Service) -> None:
    api = widget_api(service)
    conversation = api.open_conversation()
    answer = api.post(f"/v1/conversations/{conversation}/messages", {"text": "余" * 4_000})
    assert answer.status_code == 202
    assert len(answer.json()["message"]["text"]) == 4_000
