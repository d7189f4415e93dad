"""Editors' doors: write, review, publish, go back, delete; and who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.auth.caller import Scope
from app.db.audit import AuditEventRecord
from app.db.job import JobRecord
from app.knowledge.files import MAX_FILE_BYTES
from app.parts import Parts

Headers = dict[str, str]
DOCUMENTS = "/v1/knowledge/documents"
CARD = {
    "title": "Lost card",
    "body": "## What do I do?\n\nBlock the card in the app and order another one.",
    "format": "markdown",
    "locale": "en",
}
DOORS = [
    ("POST", ""),
    ("GET", ""),
    ("GET", "/1"),
    ("PUT", "/1"),
    ("DELETE", "/1"),
    ("GET", "/1/versions"),
    ("GET", "/1/versions/1"),
    ("GET", "/1/publications"),
    ("GET", "/1/diff?from=1&to=2"),
    ("POST", "/1/submit"),
    ("POST", "/1/reject"),
    ("POST", "/1/publish"),
    ("POST", "/1/rollback"),
    ("POST", "/1/withdraw"),
    ("POST", "/1/unschedule"),
    ("POST", "/../reindex"),
]
CHANGES = [door for door in DOORS if door[0] != "GET"]

# who is refused, and for what, does not depend on the database
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def create(client: TestClient, headers: Headers, **changes: object) -> dict[str, Any]:
    answer = client.post(DOCUMENTS, json={**CARD, **changes}, headers=headers)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


def publish(client: TestClient, document_id: str, editor: Headers, second: Headers) -> None:
    assert client.post(f"{DOCUMENTS}/{document_id}/submit", headers=editor).status_code == 200
    answer = client.post(f"{DOCUMENTS}/{document_id}/publish", headers=second)
    assert answer.status_code == 200, answer.text


def audited(parts: Parts) -> list[str]:
    with parts.database.read() as session:
        rows = session.scalars(select(AuditEventRecord.action).order_by(AuditEventRecord.id))
        return list(rows)


def ask(client: TestClient, method: str, path: str, headers: Headers) -> int:
    address = f"{DOCUMENTS}{path}".replace("/documents/..", "")
    bodies: dict[str, dict[str, object]] = {
        "rollback": {"version": 1},
        "reject": {"reason": "The fee is wrong."},
    }
    body = bodies.get(path.rpartition("/")[2])
    return client.request(method, address, headers=headers, json=body).status_code


@on_sqlite
@pytest.mark.parametrize(("method", "path"), DOORS)
def test_nobody_enters_without_a_secret(client: TestClient, method: str, path: str) -> None:
    assert ask(client, method, path, {}) == 401


@on_sqlite
@pytest.mark.parametrize(("method", "path"), DOORS)
def test_customers_are_refused(
    client: TestClient, widget: Callable[[str | None], Headers], method: str, path: str
) -> None:
    assert ask(client, method, path, widget("cust-1")) == 403


@on_sqlite
@pytest.mark.parametrize(("method", "path"), DOORS)
def test_a_key_without_the_scope_is_refused(
    client: TestClient, key: Callable[..., Headers], method: str, path: str
) -> None:
    assert ask(client, method, path, key(Scope.CONVERSATIONS_WRITE)) == 403


@on_sqlite
@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize("role", ["agent", "auditor"])
def test_staff_who_only_read_change_nothing(
    client: TestClient, staff: Callable[[str], Headers], role: str, method: str, path: str
) -> None:
    assert ask(client, method, path, staff(role)) == 403


@on_sqlite
@pytest.mark.parametrize(("method", "path"), DOORS[2:-1])
def test_a_document_that_is_not_there_is_not_found(
    client: TestClient, editor: Headers, method: str, path: str
) -> None:
    if method == "PUT":
        assert client.put(f"{DOCUMENTS}/1", json=CARD, headers=editor).status_code == 404
    else:
        assert ask(client, method, path, editor) == 404


def test_a_new_document_is_a_draft_that_nobody_reads(
    client: TestClient, editor: Headers, parts: Parts
) -> None:
    document = create(client, editor, intents=["card_lost"], source_url="https://bank.example/x")
    assert (document["status"], document["version"]) == ("draft", 1)
    assert document["published_version"] is None
    assert document["author"]["kind"] == "staff"
    assert client.get(f"{DOCUMENTS}/{document['id']}", headers=editor).json() == document
    assert audited(parts) == ["document.created"]


def test_the_story_of_a_document(
    client: TestClient, editor: Headers, second: Headers, parts: Parts
) -> None:
    path = f"{DOCUMENTS}/{(document_id := create(client, editor)['id'])}"
    publish(client, document_id, editor, second)
    changed = {**CARD, "body": "Ring us."}
    draft = client.put(path, json=changed, headers=editor).json()
    assert (draft["version"], draft["status"], draft["published_version"]) == (2, "draft", 1)
    publish(client, document_id, editor, second)
    versions = client.get(f"{path}/versions", headers=second).json()["items"]
    assert [(one["version"], one["status"]) for one in versions] == [
        (2, "published"),
        (1, "retired"),
    ]
    back = client.post(f"{path}/rollback", json={"version": 1}, headers=second).json()
    assert (back["published_version"], back["version"], back["status"]) == (1, 2, "retired")
    old = client.get(f"{path}/versions/1", headers=second).json()
    assert (old["status"], old["body"]) == ("published", CARD["body"])
    assert client.delete(path, headers=editor).status_code == 204
    assert client.get(path, headers=editor).status_code == 404
    assert client.delete(path, headers=editor).status_code == 404
    assert [action for action in audited(parts) if action.startswith("document.")] == [
        "document.created",
        "document.submitted",
        "document.published",
        "document.version_created",
        "document.submitted",
        "document.published",
        "document.rolled_back",
        "document.deleted",
    ]


def test_the_author_cannot_publish(client: TestClient, editor: Headers, parts: Parts) -> None:
    path = f"{DOCUMENTS}/{create(client, editor)['id']}"
    client.post(f"{path}/submit", headers=editor)
    refused = client.post(f"{path}/publish", headers=editor)
    assert (refused.status_code, refused.json()["code"]) == (409, "second_person_required")
    assert client.get(path, headers=editor).json()["published_version"] is None
    assert "document.published" not in audited(parts)


def test_a_key_cannot_publish_what_it_wrote_but_a_person_can(
    client: TestClient, key: Callable[..., Headers], editor: Headers
) -> None:
    crm = key(Scope.KNOWLEDGE_READ, Scope.KNOWLEDGE_WRITE)
    path = f"{DOCUMENTS}/{create(client, crm)['id']}"
    client.post(f"{path}/submit", headers=crm)
    assert client.post(f"{path}/publish", headers=crm).json()["code"] == "second_person_required"
    assert client.post(f"{path}/publish", headers=editor).status_code == 200


def test_a_draft_cannot_be_published(client: TestClient, editor: Headers, second: Headers) -> None:
    path = f"{DOCUMENTS}/{create(client, editor)['id']}"
    refused = client.post(f"{path}/publish", headers=second)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_submitted")


def test_what_was_reviewed_is_what_is_published(
    client: TestClient, editor: Headers, second: Headers
) -> None:
    path = f"{DOCUMENTS}/{create(client, editor)['id']}"
    client.put(path, json={**CARD, "body": "Slipped in."}, headers=editor)
    client.post(f"{path}/submit", headers=editor)
    refused = client.post(f"{path}/publish", json={"version": 1}, headers=second)
    assert (refused.status_code, refused.json()["code"]) == (409, "version_changed")
    assert client.post(f"{path}/publish", json={"version": 2}, headers=second).is_success


@pytest.mark.parametrize(
    ("version", "status", "code"), [(1, 409, "never_published"), (9, 404, "version_not_found")]
)
def test_rolling_back_leads_to_what_was_read(
    client: TestClient, editor: Headers, version: int, status: int, code: str
) -> None:
    path = f"{DOCUMENTS}/{create(client, editor)['id']}/rollback"
    refused = client.post(path, json={"version": version}, headers=editor)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_burst_of_publications_is_one_job(
    client: TestClient, editor: Headers, second: Headers, parts: Parts
) -> None:
    for _ in range(3):
        publish(client, create(client, editor)["id"], editor, second)
    asked = client.post("/v1/knowledge/reindex", headers=editor)
    assert asked.status_code == 202
    with parts.database.read() as session:
        (job,) = session.scalars(select(JobRecord)).all()
    assert asked.json() == {"job_id": job.id, "status": "ready"}


def test_a_job_under_way_does_not_stand_for_later_changes(
    client: TestClient, editor: Headers, parts: Parts
) -> None:
    first = client.post("/v1/knowledge/reindex", headers=editor).json()["job_id"]
    with parts.database.write() as session:
        session.get_one(JobRecord, first).state = "running"
    assert client.post("/v1/knowledge/reindex", headers=editor).json()["job_id"] != first


def test_documents_are_listed_by_page_and_filter(client: TestClient, editor: Headers) -> None:
    made = [create(client, editor, title=f"Card {number}")["id"] for number in range(3)]
    create(client, editor, locale="zh", title="卡片", body="请致电客服。")
    first = client.get(DOCUMENTS, params={"limit": 2, "locale": "en"}, headers=editor).json()
    rest = client.get(
        DOCUMENTS, params={"limit": 2, "locale": "en", "after": first["next"]}, headers=editor
    ).json()
    assert [one["id"] for one in [*first["items"], *rest["items"]]] == made[::-1]
    assert rest["next"] is None
    assert "body" not in first["items"][0]
    published = client.get(DOCUMENTS, params={"status": "published"}, headers=editor).json()
    assert published["items"] == []


def test_versions_are_listed_by_page(client: TestClient, editor: Headers) -> None:
    path = f"{DOCUMENTS}/{create(client, editor)['id']}"
    client.put(path, json=CARD, headers=editor)
    pages = f"{path}/versions"
    first = client.get(pages, params={"limit": 1}, headers=editor).json()
    rest = client.get(pages, params={"limit": 2, "after": first["next"]}, headers=editor).json()
    assert [one["version"] for one in [*first["items"], *rest["items"]]] == [2, 1]
    strange = client.get(pages, params={"after": "eHl6"}, headers=editor)
    assert (strange.status_code, strange.json()["errors"][0]["field"]) == (422, "after")


def test_publishing_and_submitting_twice_changes_nothing(
    client: TestClient, editor: Headers, second: Headers, parts: Parts
) -> None:
    path = f"{DOCUMENTS}/{create(client, editor)['id']}"
    for door, who in (("submit", editor), ("publish", second)):
        first, again = (client.post(f"{path}/{door}", headers=who) for _ in range(2))
        assert first.json() == again.json()
    assert audited(parts).count("document.published") == 1


@on_sqlite
@pytest.mark.parametrize(
    ("change", "field", "limit"),
    [
        pytest.param({"title": ""}, "title", "1 character", id="no-title"),
        pytest.param({"body": "a" * 200_001}, "body", "200000", id="long-body"),
        pytest.param({"body": "# Only a heading"}, "body", "no text", id="only-headings"),
        pytest.param({"body": "<br>", "format": "html"}, "body", "read as html", id="no-html"),
        pytest.param({"format": "pdf"}, "format", "'markdown', 'html' or 'text'", id="format"),
        pytest.param({"author": "me"}, "author", "not permitted", id="unknown-field"),
        pytest.param({"intents": "x"}, "intents", "valid array", id="not-a-list"),
    ],
)
def test_bad_input_names_field_and_limit(
    client: TestClient, editor: Headers, change: dict[str, object], field: str, limit: str
) -> None:
    refused = client.post(DOCUMENTS, json={**CARD, **change}, headers=editor)
    (problem,) = refused.json()["errors"]
    assert refused.status_code == 422
    assert problem["field"] == field
    assert limit in problem["message"]


@on_sqlite
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"title": "\xff"}', b'"text"'])
def test_a_body_that_is_no_document_is_refused(
    client: TestClient, editor: Headers, body: bytes
) -> None:
    refused = client.post(DOCUMENTS, content=body, headers=editor)
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_input")


def test_the_language_of_a_document_is_fixed(client: TestClient, editor: Headers) -> None:
    path = f"{DOCUMENTS}/{create(client, editor)['id']}"
    refused = client.put(path, json={**CARD, "locale": "zh"}, headers=editor)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "locale"


def test_a_repeated_request_makes_one_document(
    client: TestClient, editor: Headers, second: Headers
) -> None:
    keyed = {**editor, "Idempotency-Key": "once"}
    first, again = (client.post(DOCUMENTS, json=CARD, headers=keyed) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    other = client.post(DOCUMENTS, json={**CARD, "title": "Other"}, headers=keyed)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(client.get(DOCUMENTS, headers=second).json()["items"]) == 1


def test_a_file_becomes_a_document_and_is_kept(
    client: TestClient, editor: Headers, parts: Parts
) -> None:
    text = b"---\ntitle: Lost card\nlocale: en\n---\n\nBlock the card in the app."
    answer = client.post(
        DOCUMENTS,
        files={"file": ("card.md", text, "text/markdown")},
        data={"audience": "customers", "intents": ["card_lost", "card_block"], "source_url": ""},
        headers=editor,
    )
    assert answer.status_code == 201, answer.text
    document = answer.json()
    assert (document["title"], document["audience"]) == ("Lost card", "customers")
    assert document["intents"] == ["card_lost", "card_block"]
    with parts.database.read() as session:
        payload = session.scalars(select(AuditEventRecord.payload)).one()
    name = payload.decode().split('"original":"')[1].split('"')[0]
    assert parts.files.read(name) == text


def test_a_file_can_be_the_next_version(client: TestClient, editor: Headers) -> None:
    path = f"{DOCUMENTS}/{create(client, editor)['id']}"
    files = {"file": ("next.txt", b"Ring us.", "text/plain")}
    answer = client.put(path, files=files, headers=editor)
    assert (answer.json()["version"], answer.json()["body"]) == (2, "Ring us.")


@on_sqlite
@pytest.mark.parametrize(
    ("files", "data", "status", "field"),
    [
        pytest.param({"file": ("a.exe", b"MZ")}, {}, 422, "file", id="ending"),
        pytest.param({"other": ("a.md", b"text")}, {}, 422, "file", id="no-file"),
        pytest.param({"file": ("a.md", b"text")}, {"locale": "fr"}, 422, "locale", id="locale"),
        pytest.param({"file": ("a.md", b"text")}, {"colour": "x"}, 422, "colour", id="unknown"),
        pytest.param(
            {"file": ("a.md", b"a" * (MAX_FILE_BYTES + 1))}, {}, 413, "file", id="too-large"
        ),
    ],
)
def test_a_bad_form_names_the_field(
    client: TestClient, editor: Headers, files: Any, data: Any, status: int, field: str
) -> None:
    refused = client.post(DOCUMENTS, files=files, data=data, headers=editor)
    assert refused.status_code == status
    assert refused.json()["errors"][0]["field"] == field


def test_owner_and_review_day_are_kept_with_the_version(
    client: TestClient, editor: Headers
) -> None:
    made = create(client, editor, owner="Cards team", review_by="2027-06-30")
    assert (made["owner"], made["review_by"]) == ("Cards team", "2027-06-30")
    path = f"{DOCUMENTS}/{made['id']}"
    file = {"file": ("a.md", b"---\nowner: Fees team\nreview_by: 2028-01-31\n---\n\nText of it.")}
    changed = client.put(path, files=file, data={"locale": "en", "title": "A"}, headers=editor)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["owner"], changed.json()["review_by"]) == ("Fees team", "2028-01-31")
    plain = client.put(path, json=CARD, headers=editor).json()
    assert (plain["owner"], plain["review_by"]) == (None, None)


@on_sqlite
@pytest.mark.parametrize("day", [20270630, "20270630", "2027-13-01", "soon", True])
def test_a_review_day_is_a_date(client: TestClient, editor: Headers, day: object) -> None:
    answer = client.post(DOCUMENTS, json={**CARD, "review_by": day}, headers=editor)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["review_by"]
