"""Search and answer: what each caller reads, and that nothing outdated is ever shown."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.auth.caller import Scope
from app.knowledge.lookup import current_only
from app.parts import Parts
from knowledge_base import Answer, Citation, IndexDamaged

Headers = dict[str, str]
DOCUMENTS = "/v1/knowledge/documents"
QUESTION = "Where is the marmalade vault?"

# what a request may look like does not depend on the database
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def published(
    client: TestClient, editor: Headers, second: Headers, work: Callable[[], int]
) -> Callable[..., str]:
    """Write, publish and index a document; its id."""

    def make(body: str, *, audience: str = "public", **facts: object) -> str:
        document = {"title": "Vault", "body": body, "locale": "en", "audience": audience, **facts}
        document_id: str = client.post(DOCUMENTS, json=document, headers=editor).json()["id"]
        review(client, document_id, editor, second)
        work()
        return document_id

    return make


def review(client: TestClient, document_id: str, editor: Headers, second: Headers) -> None:
    assert client.post(f"{DOCUMENTS}/{document_id}/submit", headers=editor).is_success
    assert client.post(f"{DOCUMENTS}/{document_id}/publish", headers=second).is_success


def search(client: TestClient, headers: Headers, **changes: object) -> list[dict[str, Any]]:
    answer = client.post(
        "/v1/knowledge/search", json={"query": QUESTION, **changes}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    hits: list[dict[str, Any]] = answer.json()["hits"]
    return hits


def ask(client: TestClient, headers: Headers) -> dict[str, Any]:
    answer = client.post("/v1/knowledge/answer", json={"question": QUESTION}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


class SureKnowledge:
    """A knowledge base that always cites the same chunk."""

    index_version = "v1"

    def __init__(self, document_id: str, version: int, text: str) -> None:
        citation = Citation(document_id, version, f"{document_id}:{version}:0", "Vault", text)
        self._answer = Answer(text, 0.9, (citation,), self.index_version)

    def answer(self, _question: str, **_limits: object) -> Answer:
        return self._answer


def test_nothing_is_found_before_the_first_index(client: TestClient, editor: Headers) -> None:
    answer = client.post("/v1/knowledge/search", json={"query": QUESTION}, headers=editor)
    assert answer.json() == {"hits": [], "index_version": ""}
    assert ask(client, editor) == {
        "answer": None,
        "abstained": True,
        "citations": [],
        "confidence": 0.0,
    }


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
def test_what_is_published_is_found(
    client: TestClient, editor: Headers, published: Callable[..., str], mode: str
) -> None:
    document_id = published("The marmalade vault is below the mill.")
    (hit,) = search(client, editor, mode=mode, k=1)
    assert (hit["document_id"], hit["version"]) == (document_id, 1)
    assert hit["chunk_id"] == f"{document_id}:1:0"
    assert "below the mill" in hit["text"]


@pytest.mark.parametrize(
    ("who", "readable"),
    [
        ("visitor", {"public"}),
        ("customer", {"public", "customers"}),
        ("agent", {"public", "customers", "staff"}),
        ("crm", {"public", "customers", "staff"}),
    ],
)
def test_each_caller_reads_their_share(
    client: TestClient,
    published: Callable[..., str],
    widget: Callable[[str | None], Headers],
    staff: Callable[[str], Headers],
    key: Callable[..., Headers],
    who: str,
    readable: set[str],
) -> None:
    callers: dict[str, Callable[[], Headers]] = {
        "visitor": lambda: widget(None),
        "customer": lambda: widget("cust-1"),
        "agent": lambda: staff("agent"),
        "crm": lambda: key(Scope.KNOWLEDGE_READ),
    }
    ids = {
        published(f"The marmalade vault for {audience}.", audience=audience): audience
        for audience in ("public", "customers", "staff")
    }
    hits = search(client, callers[who](), k=50)
    assert {ids[hit["document_id"]] for hit in hits} == readable


@on_sqlite
@pytest.mark.parametrize("door", ["search", "answer"])
def test_the_wrong_callers_are_refused(
    client: TestClient, key: Callable[..., Headers], door: str
) -> None:
    body = {"query": "x"} if door == "search" else {"question": "x"}
    path = f"/v1/knowledge/{door}"
    assert client.post(path, json=body).status_code == 401
    stranger = key(Scope.CONVERSATIONS_READ)
    assert client.post(path, json=body, headers=stranger).status_code == 403


def test_a_deleted_document_is_gone_before_the_index_knows(
    client: TestClient, editor: Headers, published: Callable[..., str], work: Callable[[], int]
) -> None:
    document_id = published("The marmalade vault is below the mill.")
    assert search(client, editor)
    client.delete(f"{DOCUMENTS}/{document_id}", headers=editor)
    assert search(client, editor) == []
    assert ask(client, editor)["abstained"]
    assert work() == 1
    assert search(client, editor) == []


def test_an_older_version_is_not_shown(
    client: TestClient,
    editor: Headers,
    second: Headers,
    published: Callable[..., str],
    work: Callable[[], int],
) -> None:
    document_id = published("The marmalade vault is below the mill.")
    newer = {"title": "Vault", "body": "The marmalade vault has moved.", "locale": "en"}
    client.put(f"{DOCUMENTS}/{document_id}", json=newer, headers=editor)
    assert search(client, editor)[0]["version"] == 1
    review(client, document_id, editor, second)
    assert search(client, editor) == []
    work()
    assert search(client, editor)[0]["version"] == 2


def test_an_answer_cites_what_is_published(
    client: TestClient, editor: Headers, published: Callable[..., str], parts: Parts
) -> None:
    document_id = published("The marmalade vault is below the mill.")
    text = "Below the mill. Ring 4111 1111 1111 1111."
    parts.knowledge = SureKnowledge(document_id, 1, text)  # type: ignore[assignment]  # only answers
    found = ask(client, editor)
    assert found["abstained"] is False
    assert found["confidence"] == pytest.approx(0.9)
    assert found["citations"][0]["document_id"] == document_id
    assert "4111" not in found["answer"] + found["citations"][0]["quote"]


@pytest.mark.parametrize("how", ["deleted", "outdated", "unknown"])
def test_an_answer_from_what_is_not_current_is_an_abstention(
    client: TestClient, editor: Headers, published: Callable[..., str], parts: Parts, how: str
) -> None:
    document_id = published("The marmalade vault is below the mill.")
    if how == "deleted":
        client.delete(f"{DOCUMENTS}/{document_id}", headers=editor)
    cited = ("nobody", 1) if how == "unknown" else (document_id, 7 if how == "outdated" else 1)
    parts.knowledge = SureKnowledge(*cited, "Below the mill.")  # type: ignore[assignment]
    assert ask(client, editor)["answer"] is None


def test_current_only_wants_every_citation_current(
    published: Callable[..., str], parts: Parts
) -> None:
    document_id = published("The marmalade vault is below the mill.")
    good = Citation(document_id, 1, "c", "Vault", "quote")
    bad = Citation(document_id, 2, "c", "Vault", "quote")
    with parts.database.read() as session:
        assert current_only(session, [good])
        assert current_only(session, [])
        assert not current_only(session, [good, bad])


@on_sqlite
@pytest.mark.parametrize(
    ("body", "field", "limit"),
    [
        ({"query": "x", "k": 51}, "k", "50"),
        ({"query": "x", "k": 0}, "k", "1"),
        ({"query": "a" * 4001}, "query", "4000"),
        ({"query": " "}, "query", "visible"),
        ({"query": "x", "mode": "magic"}, "mode", "hybrid"),
        ({"query": "x", "locale": "fr"}, "locale", "zh"),
    ],
)
def test_bad_input_names_field_and_limit(
    client: TestClient, editor: Headers, body: dict[str, object], field: str, limit: str
) -> None:
    refused = client.post("/v1/knowledge/search", json=body, headers=editor)
    (problem,) = refused.json()["errors"]
    assert refused.status_code == 422
    assert problem["field"] == field
    assert limit in problem["message"]


def test_a_repeated_search_with_a_key_is_the_same_answer(
    client: TestClient, editor: Headers, published: Callable[..., str]
) -> None:
    keyed = {**editor, "Idempotency-Key": "s1"}
    assert search(client, keyed) == []
    published("The marmalade vault is below the mill.")
    assert search(client, keyed) == []
    assert search(client, editor)


@on_sqlite
@pytest.mark.parametrize("door", ["search", "answer"])
def test_a_broken_index_is_said_to_be_unavailable(
    client: TestClient, editor: Headers, parts: Parts, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise IndexDamaged("chunks.jsonl differs")

    monkeypatch.setattr(parts.knowledge, door, broken)
    body = {"query": "x"} if door == "search" else {"question": "x"}
    refused = client.post(f"/v1/knowledge/{door}", json=body, headers=editor)
    assert (refused.status_code, refused.json()["code"]) == (503, "index_unavailable")
