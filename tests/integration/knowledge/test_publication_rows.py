"""The rows of publications: what the databases refuse, races, and what the index builder reads."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.audit_trail import Actor
from app.clock import utc_now
from app.db.audit import AuditEventRecord
from app.db.document import PublicationRecord
from app.db.session import Database
from app.errors import NotFound
from app.knowledge.content import as_published
from app.knowledge.index_queries import (
    PublicationKey,
    list_changed_documents,
    list_ended_publications,
    list_publication_keys,
    load_publications,
)
from app.knowledge.releases import ReleaseService
from app.knowledge.schemas import DocumentCreate
from app.knowledge.service import KnowledgeService
from app.knowledge.timeline import shown_at

EMMA, LI, ANA = (Actor("staff", name) for name in ("emma", "li", "ana"))
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
ROUNDS = 8


def day(number: int) -> datetime:
    return NEW_YEAR + timedelta(days=number)


def submitted(database: Database, document_id: str | None = None, **facts: object) -> str:
    """Written and submitted by Emma; the id of the document."""
    content = DocumentCreate.model_validate(
        {"title": "Fees", "body": f"The fee is {facts or 4}.", "locale": "en", **facts}
    )
    with database.write() as session:
        service = KnowledgeService(session, EMMA)
        if document_id is None:
            document_id = service.create(content).document.id
        else:
            service.add_version(document_id, content)
        service.submit(document_id)
    return document_id


def published(database: Database, document_id: str | None = None, **facts: object) -> str:
    document_id = submitted(database, document_id, **facts)
    with database.write() as session:
        ReleaseService(session, LI).publish(document_id)
    return document_id


def rows_of(database: Database, document_id: str) -> list[PublicationRecord]:
    with database.read() as session:
        return list(
            session.scalars(
                select(PublicationRecord)
                .where(PublicationRecord.document_id == document_id)
                .order_by(PublicationRecord.shown_from)
            )
        )


def actions_of(database: Database, document_id: str) -> list[str]:
    with database.read() as session:
        return list(
            session.scalars(
                select(AuditEventRecord.action).where(AuditEventRecord.subject == document_id)
            )
        )


# -- what the database itself refuses


@pytest.fixture
def between(database: Database) -> str:
    """A document, approved, with one publication from day 10 to day 20."""
    document_id = submitted(database)
    insert(database, document_id, 10, 20)
    return document_id


def insert(database: Database, document_id: str, begin: int, end: int | None) -> None:
    with database.write() as session:
        session.add(
            PublicationRecord(
                document_id=document_id,
                version=1,
                shown_from=day(begin),
                shown_until=None if end is None else day(end),
                cause="approved",
            )
        )


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        pytest.param(15, 25, id="begins-inside"),
        pytest.param(5, 15, id="ends-inside"),
        pytest.param(12, 18, id="lies-inside"),
        pytest.param(5, 25, id="lies-around"),
        pytest.param(10, 20, id="the-same"),
        pytest.param(15, None, id="open-from-inside"),
        pytest.param(5, None, id="open-from-before"),
        pytest.param(30, 30, id="contains-no-moment"),
        pytest.param(30, 29, id="ends-before-it-begins"),
    ],
)
def test_the_database_refuses_what_overlaps(
    database: Database, between: str, begin: int, end: int | None
) -> None:
    with pytest.raises(IntegrityError):
        insert(database, between, begin, end)


def test_the_database_refuses_a_change_that_overlaps(database: Database, between: str) -> None:
    insert(database, between, 20, 22)
    for changed in (day(21), None):
        with pytest.raises(IntegrityError), database.write() as session:
            session.execute(update(PublicationRecord).values(shown_until=changed))


@pytest.mark.parametrize(("begin", "end"), [(1, 10), (20, 30), (20, None)])
def test_neighbours_may_touch(
    database: Database, between: str, begin: int, end: int | None
) -> None:
    insert(database, between, begin, end)
    insert(database, submitted(database, title="Another"), 10, 20)
    assert len(rows_of(database, between)) == 2


def test_a_publication_names_a_version_that_exists(database: Database, between: str) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(
            PublicationRecord(document_id=between, version=7, shown_from=day(40), cause="approved")
        )


# -- two acts at once


def at_once(database: Database, *acts: Callable[[ReleaseService], object]) -> list[object]:
    """Each act in a thread and a transaction of its own; what each gave, or the error it raised."""
    barrier, results = threading.Barrier(len(acts)), [object()] * len(acts)

    def run(number: int, actor: Actor) -> None:
        barrier.wait(timeout=10)
        try:
            with database.write() as session:
                results[number] = acts[number](ReleaseService(session, actor))
        except NotFound as gone:
            results[number] = gone

    threads = [
        threading.Thread(target=run, args=(number, actor))
        for number, actor in enumerate((LI, ANA)[: len(acts)])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_approvers_at_once_publish_once(database: Database) -> None:
    for _ in range(ROUNDS):
        document_id = submitted(database)
        at_once(
            database,
            partial(ReleaseService.publish, document_id=document_id),
            partial(ReleaseService.publish, document_id=document_id),
        )
        assert len(rows_of(database, document_id)) == 1
        assert actions_of(database, document_id).count("document.published") == 1


def test_what_is_approved_and_deleted_at_once_is_shown_to_nobody(database: Database) -> None:
    for _ in range(ROUNDS):
        document_id = submitted(database)
        at_once(
            database,
            partial(ReleaseService.publish, document_id=document_id),
            partial(ReleaseService.delete, document_id=document_id),
        )
        assert all(row.shown_until is not None for row in rows_of(database, document_id))
        with database.read() as session:
            keys = list_publication_keys(session, ending_after=utc_now())
        assert document_id not in {key.document_id for key in keys}
        assert actions_of(database, document_id).count("document.deleted") == 1


def test_going_back_and_scheduling_at_once_both_take_effect(database: Database) -> None:
    for _ in range(ROUNDS):
        document_id = published(database)
        published(database, document_id, body="The fee is 5 EUR.")
        planned = utc_now() + timedelta(days=9)
        submitted(database, document_id, body="The fee is 6 EUR.", effective_from=planned)
        at_once(
            database,
            partial(ReleaseService.roll_back, document_id=document_id, number=1),
            partial(ReleaseService.publish, document_id=document_id),
        )
        rows = rows_of(database, document_id)
        assert [row.version for row in rows] == [1, 2, 1, 3]
        assert all(one.shown_until == after.shown_from for one, after in pairwise(rows))
        assert (rows[-1].shown_from, rows[-1].shown_until) == (planned, None)


def test_two_who_go_back_at_once_leave_one_timeline(database: Database) -> None:
    for _ in range(ROUNDS):
        document_id = published(database)
        published(database, document_id, body="The fee is 5 EUR.")
        published(database, document_id, body="The fee is 6 EUR.")
        at_once(
            database,
            partial(ReleaseService.roll_back, document_id=document_id, number=1),
            partial(ReleaseService.roll_back, document_id=document_id, number=2),
        )
        rows = rows_of(database, document_id)
        assert [row.version for row in rows][:3] == [1, 2, 3]
        assert {row.version for row in rows[3:]} == {1, 2}
        assert all(one.shown_until == after.shown_from for one, after in pairwise(rows))


def test_a_clock_that_runs_behind_does_not_rewrite_what_was_read(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = published(database)
    begun = rows_of(database, document_id)[0].shown_from
    submitted(database, document_id, body="The fee is 5 EUR.")
    monkeypatch.setattr("app.knowledge.editing.utc_now", lambda: begun - timedelta(seconds=5))
    with database.write() as session:
        after = ReleaseService(session, LI).publish(document_id).timeline
    shown = shown_at(after, begun)
    assert shown is not None
    assert (shown.version, shown.shown_from) == (2, begun)


# -- what the index builder reads


def test_keys_name_what_is_shown_now_or_later(database: Database) -> None:
    shown, gone, deleted = (published(database) for _ in range(3))
    planned = utc_now() + timedelta(days=9)
    published(database, shown, body="The fee is 5 EUR.", effective_from=planned)
    with database.write() as session:
        ReleaseService(session, LI).withdraw(gone)
        ReleaseService(session, LI).delete(deleted)
    with database.read() as session:
        keys = list_publication_keys(session, ending_after=utc_now())
        ended = list_ended_publications(session, ended_by=utc_now())
        later = list_publication_keys(session, ending_after=planned)
    assert {(key.document_id, key.version, key.shown_until) for key in keys} == {
        (shown, 1, planned),
        (shown, 2, None),
    }
    assert {key.version for key in later} == {2}
    assert {key.document_id for key in ended} == {gone, deleted}


def test_changed_documents_are_named_with_those_that_are_gone(database: Database) -> None:
    before, changed, deleted, draft = (published(database) for _ in range(4))
    since = utc_now()
    published(database, changed, body="The fee is 5 EUR.")
    submitted(database, draft, body="Nobody has decided about this yet.")
    with database.write() as session:
        ReleaseService(session, LI).delete(deleted)
    with database.read() as session:
        assert list_changed_documents(session, since=since) == {changed, deleted}
        keys = list_publication_keys(
            session, ending_after=utc_now(), document_ids=[before, deleted]
        )
    assert {key.document_id for key in keys} == {before}


def test_bodies_are_loaded_by_key_and_an_outdated_key_finds_nothing(database: Database) -> None:
    ids = sorted(published(database) for _ in range(3))
    with database.read() as session:
        keys = list_publication_keys(session, ending_after=utc_now())
        loaded = load_publications(session, keys)
        assert load_publications(session, ()) == []
    assert [one.document.id for one in loaded] == ids
    with database.write() as session:
        ReleaseService(session, LI).withdraw(ids[0])
    unknown = PublicationKey("nobody", 1, NEW_YEAR, None)
    with database.read() as session:
        assert [one.document.id for one in load_publications(session, keys | {unknown})] == ids[1:]


def test_a_publication_becomes_a_document_in_force_while_it_is_shown(database: Database) -> None:
    before, planned = utc_now(), utc_now() + timedelta(days=9)
    document_id = published(database, effective_from=before - timedelta(days=1))
    expiry = planned + timedelta(days=30)
    published(
        database,
        document_id,
        body="<p>The fee is 5 EUR.</p>",
        format="html",
        effective_from=planned,
        expires_at=expiry,
    )
    with database.read() as session:
        keys = list_publication_keys(session, ending_after=utc_now())
        first, second = (
            as_published(one.document, one.version, one.publication)
            for one in load_publications(session, keys)
        )
    assert first.effective_from is not None
    assert first.effective_from >= before, "nobody read it before it was approved"
    assert first.expires_at == second.effective_from == planned
    assert (second.expires_at, second.body) == (expiry, "The fee is 5 EUR.")
