"""Editors read names, not ids, of those who wrote, rejected and published."""

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from app.auth.caller import Scope

Headers = dict[str, str]
DOCUMENTS = "/v1/knowledge/documents"


def names(client: TestClient, headers: Headers) -> set[str]:
    answer = client.get("/v1/knowledge/people", headers=headers)
    assert answer.status_code == 200, answer.text
    return {person["id"] for person in answer.json()["items"]}


def test_only_those_who_acted_are_named(
    client: TestClient, staff: Callable[[str], Headers], key: Callable[..., Headers]
) -> None:
    writer, second, idle = staff("editor"), staff("editor"), staff("editor")
    assert names(client, idle) == set()
    body = {"title": "Lost card", "body": "Block it.", "locale": "en"}
    made: dict[str, Any] = client.post(DOCUMENTS, json=body, headers=writer).json()
    assert names(client, idle) == {made["author"]["id"]}
    client.post(f"{DOCUMENTS}/{made['id']}/submit", headers=writer)
    shown = client.post(f"{DOCUMENTS}/{made['id']}/publish", headers=second).json()
    both = {made["author"]["id"], shown["approver_id"]}
    assert names(client, key(Scope.KNOWLEDGE_READ)) == both
    answer = client.get("/v1/knowledge/people", headers=idle).json()
    assert {person["name"] for person in answer["items"]} == {"Emma"}


def test_customers_read_no_names(
    client: TestClient, widget: Callable[[str | None], Headers], key: Callable[..., Headers]
) -> None:
    assert client.get("/v1/knowledge/people").status_code == 401
    assert client.get("/v1/knowledge/people", headers=widget("cust-1")).status_code == 403
    headers = key(Scope.CONVERSATIONS_READ)
    assert client.get("/v1/knowledge/people", headers=headers).status_code == 403
