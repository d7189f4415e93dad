"""Sealing: every committed event is covered once, in order, however transactions overlap."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.audit.checkpoint import CHECKPOINT_FILE, Checkpoint
from app.audit.export import export_lines
from app.audit.seal import Sealer, seal_once
from app.audit.signing import Signer, build_signer
from app.audit.verify import Report, Trust, verify
from app.audit_trail import Actor, record
from app.db.audit import AuditBlockRecord, AuditEventRecord
from app.db.session import Database
from tests.fixtures.horizon import wait_for_horizon

ACTOR = Actor("staff", "1")


@pytest.fixture
def signer() -> Signer:
    return build_signer(b"s" * 32)


def append(database: Database, count: int, *, note: str = "") -> None:
    for number in range(count):
        with database.write() as session:
            record(session, "test.done", actor=ACTOR, subject=f"thing:{number}", note=note)


def seal(database: Database, signer: Signer, **options: int) -> int:
    wait_for_horizon(database)
    return seal_once(database, signer, **options)


def verified(database: Database, signer: Signer, checkpoint: Checkpoint | None = None) -> Report:
    with database.read() as session:
        key = session.info["audit_key"]
        return verify(session, Trust(key, signer.trusted, checkpoint))


def test_events_are_sealed_and_verify(database: Database, signer: Signer) -> None:
    append(database, 5)
    before = verified(database, signer)
    assert (before.ok, before.events, before.unsealed) == (True, 5, 5)
    assert [seal(database, signer, limit=3) for _ in range(3)] == [3, 2, 0]
    after = verified(database, signer)
    assert (after.ok, after.events, after.blocks, after.unsealed) == (True, 5, 2, 0)


def test_an_open_transaction_is_sealed_later_and_not_lost(
    database: Database, signer: Signer
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer: transactions cannot overlap")
    append(database, 2)
    with database.write() as slow:
        record(slow, "test.slow", actor=ACTOR, subject="thing:slow")
        slow.flush()
        append(database, 3)
        seal_once(database, signer)
    seal(database, signer)
    report = verified(database, signer)
    assert (report.ok, report.events, report.unsealed) == (True, 6, 0)


def test_many_writers_and_sealers_cover_every_event_once(
    database: Database, signer: Signer, tmp_path: Path
) -> None:
    sealer = Sealer(database, signer, tmp_path)
    with ThreadPoolExecutor(6) as threads:
        writers = [threads.submit(append, database, 15) for _ in range(4)]
        sealers = [threads.submit(sealer.run_once) for _ in range(10)]
        for writer in writers:
            writer.result()
        for running in sealers:
            running.result()
    wait_for_horizon(database)
    sealer.run_once()
    report = verified(database, signer)
    assert (report.ok, report.events, report.unsealed) == (True, 60, 0)
    with database.read() as session:
        assert session.scalar(select(func.sum(AuditBlockRecord.events))) == 60


def test_the_sealer_remembers_the_newest_block(
    database: Database, signer: Signer, tmp_path: Path
) -> None:
    append(database, 1)
    wait_for_horizon(database)
    assert Sealer(database, signer, tmp_path).run_once() == 1
    checkpoint = Checkpoint.load(tmp_path / CHECKPOINT_FILE)
    assert checkpoint is not None
    assert checkpoint.number == 1
    assert verified(database, signer, checkpoint).ok


def test_text_of_any_script_verifies(database: Database, signer: Signer) -> None:
    append(database, 1, note="转账 café ≠ café \u200f")
    seal(database, signer)
    assert verified(database, signer).ok


def test_a_rolled_back_change_leaves_no_event(database: Database, signer: Signer) -> None:
    with database.write() as session:
        record(session, "test.done", actor=ACTOR, subject="thing")
        session.flush()
        session.rollback()
    assert verified(database, signer).events == 0


def test_the_database_refuses_changes(database: Database, signer: Signer) -> None:
    append(database, 1)
    seal(database, signer)
    for statement in (
        "DELETE FROM audit_events",
        "DELETE FROM audit_blocks",
        "UPDATE audit_events SET actor = 'x'",
        "UPDATE audit_blocks SET events = 0",
    ):
        with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
            session.execute(text(statement))


def test_export_ends_with_a_checkpoint(database: Database, signer: Signer) -> None:
    append(database, 2)
    seal(database, signer)
    append(database, 1)
    with database.read() as session:
        lines = list(export_lines(session, signer))
        count = session.scalar(select(func.count(AuditEventRecord.position)))
    kinds = [line.split('"', 4)[3] for line in lines]
    assert kinds == ["event", "event", "block", "event", "checkpoint"]
    assert count == 3
