"""What would we have answered on day D: looking back, ahead, and as somebody else."""

from collections.abc import Callable
from datetime import timedelta
from itertools import combinations_with_replacement
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.audit_trail import SYSTEM
from app.auth.caller import Scope
from app.clock import rfc3339
from app.db.audit import AuditEventRecord
from app.knowledge.releases import ReleaseService
from app.knowledge.schemas import DocumentCreate
from app.knowledge.service import KnowledgeService
from app.parts import Parts
from tests.integration.knowledge.conftest import MovableClock

Headers = dict[str, str]
Work = Callable[[], int]
QUESTION = "Where is the marmalade vault?"
TICK = timedelta(microseconds=1)
SPANS = list(combinations_with_replacement((-2, -1, 0, 1), 2))  # microseconds around a switch

# who may look how does not depend on the database
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def vault(where: str, **facts: Any) -> DocumentCreate:
    body = f"## {QUESTION}\n\nThe marmalade vault is {where}."
    return DocumentCreate(title="Marmalade vault", body=body, locale="en", **facts)


@pytest.fixture
def shelf(parts: Parts, work: Work, clock: MovableClock) -> "Shelf":
    return Shelf(parts, work)


class Shelf:
    """Publishes, withdraws and deletes; `index` brings the index up to date."""

    def __init__(self, parts: Parts, work: Work) -> None:
        self.parts, self.work = parts, work

    def publish(self, content: DocumentCreate, document_id: str | None = None) -> str:
        with self.parts.database.write() as session:
            service = KnowledgeService(session, SYSTEM)
            if document_id is None:
                stored = service.create(content)
            else:
                stored = service.add_version(document_id, content)
            ReleaseService(session, SYSTEM).publish_as_system(stored)
        return stored.document.id

    def release(self, act: Callable[[ReleaseService], object]) -> None:
        with self.parts.database.write() as session:
            act(ReleaseService(session, SYSTEM))

    def index(self) -> None:
        with self.parts.database.write() as session:
            KnowledgeService(session, SYSTEM).request_reindex()
        self.work()


class Reader:
    """One caller who searches and asks."""

    def __init__(self, client: TestClient, headers: Headers) -> None:
        self.client, self.headers = client, headers

    def post(self, door: str, **body: object) -> Any:
        path = f"/v1/knowledge/{door}"
        return self.client.post(path, json=body, headers=self.headers)

    def found(self, **how: object) -> list[tuple[str, int]]:
        answer = self.post("search", query=QUESTION, **how)
        assert answer.status_code == 200, answer.text
        return [(hit["document_id"], hit["version"]) for hit in answer.json()["hits"]]

    def cited(self, **how: object) -> list[int] | None:
        answer = self.post("answer", question=QUESTION, **how)
        assert answer.status_code == 200, answer.text
        if answer.json()["abstained"]:
            return None
        return [citation["version"] for citation in answer.json()["citations"]]


@pytest.fixture
def agent(client: TestClient, staff: Callable[[str], Headers]) -> Reader:
    return Reader(client, staff("agent"))


def test_an_answer_of_a_day_cites_the_version_of_that_day(
    shelf: Shelf, clock: MovableClock, agent: Reader
) -> None:
    document_id = shelf.publish(vault("below the mill"))
    first_day = clock.now
    second_day = clock.pass_by(days=1)
    shelf.publish(vault("in the tower"), document_id)
    shelf.index()
    assert agent.cited() == [2]
    clock.pass_by(days=1)
    shelf.release(lambda releases: releases.withdraw(document_id))
    assert agent.cited() is None, "before the index knows"
    shelf.index()
    assert agent.cited() is None
    assert agent.cited(as_of=rfc3339(first_day)) == [1]
    assert agent.cited(as_of=rfc3339(second_day)) == [2]
    assert agent.cited(as_of=rfc3339(clock.now - TICK)) == [2]
    assert agent.cited(as_of=rfc3339(clock.now)) is None
    assert agent.cited(as_of=rfc3339(first_day - TICK)) is None


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
def test_a_deleted_document_is_found_only_by_looking_back(
    shelf: Shelf, clock: MovableClock, agent: Reader, mode: str
) -> None:
    document_id = shelf.publish(vault("below the mill"))
    that_day = rfc3339(clock.now)
    clock.pass_by(days=1)
    shelf.release(lambda releases: releases.delete(document_id))
    shelf.index()
    assert agent.found(mode=mode) == []
    assert agent.found(mode=mode, as_of=that_day) == [(document_id, 1)]
    assert agent.found(mode=mode, as_of=rfc3339(clock.now)) == []
    clock.pass_by(days=30)
    assert agent.found(mode=mode) == []


def test_looking_ahead_shows_what_is_scheduled(
    shelf: Shelf, clock: MovableClock, agent: Reader
) -> None:
    document_id = shelf.publish(vault("below the mill"))
    planned = clock.now + timedelta(days=9)
    shelf.publish(vault("in the tower", effective_from=planned), document_id)
    shelf.index()
    assert agent.cited() == [1]
    assert agent.cited(as_of=rfc3339(planned - TICK)) == [1]
    assert agent.cited(as_of=rfc3339(planned)) == [2]


def test_going_back_shows_each_version_in_its_days(
    shelf: Shelf, clock: MovableClock, agent: Reader
) -> None:
    document_id = shelf.publish(vault("below the mill"))
    days = [clock.now]
    days.append(clock.pass_by(days=1))
    shelf.publish(vault("in the tower"), document_id)
    days.append(clock.pass_by(days=1))
    shelf.release(lambda releases: releases.roll_back(document_id, 1))
    shelf.index()
    assert [agent.found(as_of=rfc3339(day)) for day in days] == [
        [(document_id, 1)],
        [(document_id, 2)],
        [(document_id, 1)],
    ]
    assert agent.found() == [(document_id, 1)]


def test_nobody_reads_nothing_when_a_planned_version_takes_over(
    shelf: Shelf,
    clock: MovableClock,
    agent: Reader,
    parts: Parts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However a search and its comparison with the rows lie around the switch."""
    document_id = shelf.publish(vault("below the mill"))
    switch = clock.now + timedelta(days=9)
    shelf.publish(vault("in the tower", effective_from=switch), document_id)
    shelf.index()

    def slow(ask: Callable[..., object]) -> Callable[..., object]:
        def answer(*question: object, **how: object) -> object:
            found = ask(*question, **how)
            clock.now = held
            return found

        return answer

    for door in ("search", "answer"):
        monkeypatch.setattr(parts.knowledge, door, slow(getattr(parts.knowledge, door)))
    for before, after in SPANS:
        version = 1 if before < 0 else 2
        begun, held = switch + before * TICK, switch + after * TICK
        clock.now = begun
        assert agent.found() == [(document_id, version)], (before, after)
        clock.now = begun
        assert agent.cited() == [version], (before, after)


@pytest.mark.parametrize("how", ["withdraw", "delete"])
def test_a_decision_while_a_search_runs_is_never_missed(
    shelf: Shelf,
    clock: MovableClock,
    agent: Reader,
    parts: Parts,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    """Even where the clock of the machine that decided runs ahead of the one that searches."""
    document_id = shelf.publish(vault("below the mill"))
    shelf.index()
    clock.pass_by(hours=1)
    ask = parts.knowledge.search

    def overtaken(*question: Any, **options: Any) -> object:
        hits = ask(*question, **options)
        assert hits
        ahead, behind = clock.now + timedelta(seconds=1), clock.now
        clock.now = ahead
        with parts.database.write() as session:
            getattr(ReleaseService(session, SYSTEM), how)(document_id)
        clock.now = behind
        return hits

    monkeypatch.setattr(parts.knowledge, "search", overtaken)
    assert agent.found() == []


# -- who may look how


@on_sqlite
@pytest.mark.parametrize("external_id", [None, "cust-1"], ids=["visitor", "customer"])
@pytest.mark.parametrize("door", ["search", "answer"])
@pytest.mark.parametrize(
    ("how", "named"),
    [
        ({"as_of": "2026-11-01T00:00:00Z"}, "as_of"),
        ({"audience": "public"}, "audience"),
        ({"as_of": "2026-11-01T00:00:00Z", "audience": "staff"}, "as_of and audience"),
    ],
)
def test_customers_look_as_themselves_and_as_of_now(
    client: TestClient,
    widget: Callable[[str | None], Headers],
    external_id: str | None,
    door: str,
    how: dict[str, str],
    named: str,
) -> None:
    words = {"query": "x"} if door == "search" else {"question": "x"}
    refused = Reader(client, widget(external_id)).post(door, **words, **how)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert refused.json()["detail"].startswith(f"{named}: only staff")


@on_sqlite
@pytest.mark.parametrize("door", ["search", "answer"])
def test_a_key_without_the_scope_looks_at_nothing(
    client: TestClient, key: Callable[..., Headers], door: str
) -> None:
    words = {"query": "x"} if door == "search" else {"question": "x"}
    stranger = Reader(client, key(Scope.CONVERSATIONS_READ))
    assert stranger.post(door, **words, as_of="2026-11-01T00:00:00Z").status_code == 403


@on_sqlite
@pytest.mark.parametrize(
    ("how", "field", "limit"),
    [
        ({"as_of": "2026-11-01T00:00:00"}, "as_of", "time zone"),
        ({"as_of": 1_700_000_000}, "as_of", "moment such as"),
        ({"as_of": "9999-12-31T23:59:59-14:00"}, "as_of", "9999"),
        ({"audience": "everyone"}, "audience", "customers"),
    ],
)
def test_bad_perspectives_name_field_and_limit(
    agent: Reader, how: dict[str, object], field: str, limit: str
) -> None:
    refused = agent.post("search", query="x", **how)
    (problem,) = refused.json()["errors"]
    assert (refused.status_code, problem["field"]) == (422, field)
    assert limit in problem["message"]


@pytest.mark.parametrize("as_of", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])
def test_the_calendar_has_two_ends(shelf: Shelf, agent: Reader, as_of: str) -> None:
    document_id = shelf.publish(vault("below the mill"))
    shelf.index()
    expected = [] if as_of.startswith("0001") else [(document_id, 1)]
    assert agent.found(as_of=as_of) == expected


@pytest.mark.parametrize(
    ("audience", "readable"),
    [
        ("public", {"public"}),
        ("customers", {"public", "customers"}),
        ("staff", {"public", "customers", "staff"}),
    ],
)
def test_staff_see_what_an_audience_sees(
    shelf: Shelf, agent: Reader, audience: str, readable: set[str]
) -> None:
    ids = {
        shelf.publish(vault(f"told to {name}", audience=name)): name
        for name in ("public", "customers", "staff")
    }
    shelf.index()
    assert {ids[document_id] for document_id, _ in agent.found(audience=audience)} == readable


def test_looking_back_is_audited_without_the_question(
    shelf: Shelf, clock: MovableClock, agent: Reader, parts: Parts
) -> None:
    document_id = shelf.publish(vault("below the mill"))
    shelf.index()
    agent.cited()
    that_day = rfc3339(clock.now)
    agent.cited(as_of=that_day, audience="public")
    agent.found(as_of=that_day)
    with parts.database.read() as session:
        rows = session.scalars(
            select(AuditEventRecord)
            .where(AuditEventRecord.action == "knowledge.looked_back")
            .order_by(AuditEventRecord.id)
        ).all()
    assert [row.subject for row in rows] == ["answer", "search"]
    assert all(row.actor.startswith("staff:") for row in rows)
    payload = rows[0].payload.decode()
    assert f'"shown":["{document_id}:1"]' in payload
    assert f'"as_of":"{that_day}","audience":"public"' in payload
    assert "marmalade" not in payload


# -- the audience is applied before the cut to k


@pytest.fixture
def crowded(shelf: Shelf) -> set[str]:
    """Six public documents behind 200 chunks for staff that fit better; ids of the public ones."""
    sections = (f"## {QUESTION} ({number})\n\nThe marmalade vault." for number in range(200))
    shelf.publish(
        DocumentCreate(title=QUESTION, body="\n\n".join(sections), locale="en", audience="staff")
    )
    public = {
        shelf.publish(
            DocumentCreate(
                title=f"Opening hours {number}",
                body=f"The vault in street {number} opens at nine and closes at five.",
                locale="en",
            )
        )
        for number in range(6)
    }
    shelf.index()
    return public


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
def test_what_a_caller_may_not_read_takes_nobodys_place(
    client: TestClient,
    crowded: set[str],
    widget: Callable[[str | None], Headers],
    key: Callable[..., Headers],
    agent: Reader,
    mode: str,
) -> None:
    def ids(reader: Reader, **how: object) -> set[str]:
        return {document_id for document_id, _ in reader.found(k=5, mode=mode, **how)}

    visitor, customer = Reader(client, widget(None)), Reader(client, widget("cust-1"))
    crm = Reader(client, key(Scope.KNOWLEDGE_READ))
    for reader in (agent, crm):
        assert not ids(reader) & crowded, "the chunks for staff are the better ones"
        assert len(reader.found(k=5, mode=mode, audience="public")) == 5
        assert ids(reader, audience="public") <= crowded
    for reader in (visitor, customer):
        assert len(reader.found(k=5, mode=mode)) == 5
        assert ids(reader) <= crowded
