"""The tamper matrix: every kind of change to the stored rows, at every place, is detected."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from sqlalchemy import Connection, text

from app.audit.block import block_hash, header_bytes
from app.audit.checkpoint import Checkpoint
from app.audit.merkle import merkle_root
from app.audit.repository import AuditRepository
from app.audit.seal import checkpoint_of, seal_once
from app.audit.signing import Signer, build_signer
from app.audit.verify import Report, Trust, verify
from app.audit_trail import Actor, authenticate, leaf_hash, record
from app.db.audit import AuditBlockRecord
from app.db.audit_triggers import create_statements, drop_statements
from app.db.session import Database
from tests.fixtures.horizon import wait_for_horizon

BLOCKS, SIZE = 4, 3  # and two events that no block covers
SIGNER = build_signer(b"s" * 32)
Change = Callable[[Connection, int], None]


@dataclass(frozen=True, slots=True)
class Trail:
    """A sealed trail whose rows a test may change."""

    database: Database
    positions: list[int]
    checkpoint: Checkpoint

    def verify(self) -> Report:
        with self.database.read() as session:
            key = session.info["audit_key"]
            return verify(session, Trust(key, SIGNER.trusted, self.checkpoint))

    def survives(self, change: Change, at: int) -> Report:
        """The report on the trail after `change`, which is then taken back."""
        with self.database.write() as session:
            key = session.connection().info["audit_key"] = session.info["audit_key"]
            change(session.connection(), at)
            report = verify(session, Trust(key, SIGNER.trusted, self.checkpoint))
            session.rollback()
        return report


@pytest.fixture
def trail(database: Database) -> Iterator[Trail]:
    for block in range(BLOCKS + 1):
        for number in range(SIZE if block < BLOCKS else 2):
            with database.write() as session:
                actor = Actor("staff", f"{block}.{number}")
                record(session, "test.done", actor=actor, subject=f"thing:{block}", amount=number)
        if block < BLOCKS:
            wait_for_horizon(database)
            assert seal_once(database, SIGNER) == SIZE
    dialect = database.engine.dialect.name
    with database.engine.begin() as connection:
        for statement in drop_statements(dialect):
            connection.exec_driver_sql(statement)
        rows = connection.execute(
            text("SELECT position FROM audit_events ORDER BY xid, position")
        ).scalars()
        positions = list(rows)
    with database.read() as session:
        newest = AuditRepository(session).find_last_block()
        assert newest is not None
        checkpoint = checkpoint_of(newest)
    yield Trail(database, positions, checkpoint)
    with database.engine.begin() as connection:
        for statement in create_statements(dialect):
            connection.exec_driver_sql(statement)


def run(connection: Connection, sql: str, **values: object) -> None:
    assert connection.execute(text(sql), values).rowcount == 1


def statement(sql: str) -> Change:
    """One statement about the block with that number."""

    def change(connection: Connection, number: int) -> None:
        run(connection, sql, number=number)

    return change


def payload_at(connection: Connection, position: int) -> bytes:
    statement = text("SELECT payload FROM audit_events WHERE position = :position")
    return bytes(connection.execute(statement, {"position": position}).scalar_one())


def edit_payload(connection: Connection, position: int) -> None:
    forged = payload_at(connection, position).replace(b"success", b"failure")
    sql = "UPDATE audit_events SET payload = :forged WHERE position = :position"
    run(connection, sql, forged=forged, position=position)


def edit_payload_and_leaf(connection: Connection, position: int) -> None:
    forged = payload_at(connection, position).replace(b"success", b"failure")
    sql = "UPDATE audit_events SET payload = :forged, leaf = :leaf WHERE position = :position"
    run(connection, sql, forged=forged, leaf=leaf_hash(forged), position=position)


def edit_with_the_audit_key(connection: Connection, position: int) -> None:
    forged = payload_at(connection, position).replace(b"success", b"failure")
    sql = "UPDATE audit_events SET payload=:forged, leaf=:leaf, mac=:mac WHERE position=:position"
    mac = authenticate(forged, connection.info["audit_key"])
    run(connection, sql, forged=forged, leaf=leaf_hash(forged), mac=mac, position=position)


def edit_actor(connection: Connection, position: int) -> None:
    sql = "UPDATE audit_events SET actor = 'staff:other' WHERE position = :position"
    run(connection, sql, position=position)


def edit_time(connection: Connection, position: int) -> None:
    sql = "UPDATE audit_events SET time = '2001-01-01 00:00:00' WHERE position = :position"
    run(connection, sql, position=position)


def delete(connection: Connection, position: int) -> None:
    run(connection, "DELETE FROM audit_events WHERE position = :position", position=position)


def duplicate(connection: Connection, position: int) -> None:
    sql = (
        "INSERT INTO audit_events (position, xid, id, time, actor, action, subject, payload, leaf,"
        " mac) SELECT position + 1000, xid, 'copy', time, actor, action, subject, payload, leaf,"
        " mac FROM audit_events WHERE position = :position"
    )
    run(connection, sql, position=position)


def swap(connection: Connection, position: int) -> None:
    """Exchange the places of two events: the contents stay authentic."""
    move = "UPDATE audit_events SET position = :to, xid = :xid WHERE position = :at"
    other = position + 1
    rows = connection.execute(
        text("SELECT position, xid FROM audit_events WHERE position IN (:a, :b)"),
        {"a": position, "b": other},
    )
    transactions = {row[0]: row[1] for row in rows}
    run(connection, move, at=position, to=0, xid=0)
    run(connection, move, at=other, to=position, xid=transactions[position])
    run(connection, move, at=0, to=other, xid=transactions[other])


EVENT_CHANGES = {
    change.__name__: change
    for change in (
        edit_payload,
        edit_payload_and_leaf,
        edit_with_the_audit_key,
        edit_actor,
        edit_time,
        delete,
        duplicate,
        swap,
    )
}


def test_a_changed_event_is_detected_everywhere(trail: Trail) -> None:
    sealed = trail.positions[: BLOCKS * SIZE]
    for (name, change), (index, position) in product(EVENT_CHANGES.items(), enumerate(sealed)):
        if change is swap and index == len(sealed) - 1:
            continue  # no sealed neighbour
        report = trail.survives(change, position)
        place = report.first_bad
        assert place is not None, (name, position)
        block = index // SIZE + 1
        assert place.position in (position, position + 1000) or place.block in (block, block + 1)
    assert trail.verify().ok


def test_an_event_that_no_block_covers_yet_is_protected_by_its_code(trail: Trail) -> None:
    changes = (edit_payload, edit_payload_and_leaf, edit_actor, forge)
    for change, position in product(changes, trail.positions[BLOCKS * SIZE :]):
        assert not trail.survives(change, position).ok


def forge(connection: Connection, position: int) -> None:
    duplicate(connection, position)
    edit_payload_and_leaf(connection, position + 1000)


def test_a_cut_tail_is_detected(trail: Trail) -> None:
    for keep in range(BLOCKS * SIZE):
        assert not trail.survives(cut_events, trail.positions[keep]).ok
        assert not trail.survives(cut_blocks_too, trail.positions[keep]).ok


def cut_events(connection: Connection, position: int) -> None:
    connection.execute(text("DELETE FROM audit_events WHERE position >= :p"), {"p": position})


def cut_blocks_too(connection: Connection, position: int) -> None:
    cut_events(connection, position)
    connection.execute(text("DELETE FROM audit_blocks WHERE last_position >= :p"), {"p": position})


BLOCK_CHANGES = (
    "events = events + 1",
    "root = previous_hash",
    "previous_hash = root",
    "hash = root",
    "signature = hash",
    "key_id = '0123456789abcdef'",
    "sealed_at = '2001-01-01 00:00:00'",
    "last_position = last_position - 1",
    "last_transaction = last_transaction - 1",
    "number = number + 100",
)


def test_a_changed_block_is_located(trail: Trail) -> None:
    for change, number in product(BLOCK_CHANGES, range(1, BLOCKS + 1)):
        sql = f"UPDATE audit_blocks SET {change} WHERE number = :number"
        place = trail.survives(statement(sql), number).first_bad
        assert place is not None, (change, number)
        assert (place.kind, place.block) == ("block", number)


# what SQLite lets anyone put into any column; PostgreSQL keeps the type, if not the constraint
FOREIGN = {
    "sqlite": ("'text'", "CAST({column} AS TEXT)", "CAST(x'ff' AS TEXT)", "7", "1.5"),
    "postgresql": ("NULL",),
}
BYTES = ("substr({column}, 1, 3)", "{column} || {column}", "substr({column}, 1, 0)")
EVENT_BYTES = ("payload", "leaf", "mac")
EVENT_WORDS = {"sqlite": ("7.5", "x'00'"), "postgresql": ("NULL",)}
BLOCK_BYTES = ("root", "previous_hash", "hash", "signature")


def overwrite(table: str, column: str, value: str) -> Change:
    key = "position" if table == "audit_events" else "number"
    sql = f"UPDATE {table} SET {column} = {value.format(column=column)} WHERE {key} = :at"

    def change(connection: Connection, at: int) -> None:
        if value == "NULL":
            connection.exec_driver_sql(f"ALTER TABLE {table} ALTER {column} DROP NOT NULL")
        run(connection, sql, at=at)

    return change


def test_an_event_with_a_value_of_another_type_or_length_is_located(trail: Trail) -> None:
    dialect = trail.database.engine.dialect.name
    places = (trail.positions[SIZE], trail.positions[-1])  # in a block, and in none
    for column, value in product(EVENT_BYTES, FOREIGN[dialect] + BYTES):
        for position in places:
            place = trail.survives(overwrite("audit_events", column, value), position).first_bad
            assert place is not None, (column, value)
            assert (place.kind, place.position) == ("event", position)
            assert str(place).startswith(f"event {position} was changed: its ")
    assert trail.verify().ok


def test_an_event_with_another_type_beside_the_payload_is_located(trail: Trail) -> None:
    dialect = trail.database.engine.dialect.name
    position = trail.positions[-1]
    for column, value in product(("actor", "action", "subject", "time"), EVENT_WORDS[dialect]):
        if (column, value) == ("time", "7.5"):
            value = "'yesterday'"
        place = trail.survives(overwrite("audit_events", column, value), position).first_bad
        assert place is not None, (column, value)
        assert (place.kind, place.position) == ("event", position)


def test_an_authentic_payload_that_is_no_event_is_located(trail: Trail) -> None:
    """Whoever holds the audit key can write anything."""

    def forge_payload(connection: Connection, position: int) -> None:
        key = connection.info["audit_key"]
        sql = "UPDATE audit_events SET payload=:p, leaf=:leaf, mac=:mac WHERE position=:at"
        mac = authenticate(forged, key)
        run(connection, sql, p=forged, leaf=leaf_hash(forged), mac=mac, at=position)

    for forged in (b"", b"[]", b"{}", b"\xff", b"7", b"[" * 100_000):
        place = trail.survives(forge_payload, trail.positions[-1]).first_bad
        assert place is not None, forged[:5]
        assert place.reason == "columns do not match the payload"


def test_a_block_with_a_value_of_another_type_or_length_is_located(trail: Trail) -> None:
    dialect = trail.database.engine.dialect.name
    for column, value in product(BLOCK_BYTES, FOREIGN[dialect] + BYTES):
        place = trail.survives(overwrite("audit_blocks", column, value), 2).first_bad
        assert place is not None, (column, value)
        assert (place.kind, place.block) == ("block", 2)
        assert str(place).startswith("block 2 is not as it was sealed: ")
    for column in ("events", "last_position", "last_transaction", "key_id", "sealed_at"):
        value = "NULL" if dialect == "postgresql" else "x'00'"
        place = trail.survives(overwrite("audit_blocks", column, value), 2).first_bad
        assert place is not None, column
        assert (place.kind, place.block) == ("block", 2)


def test_a_deleted_block_is_located(trail: Trail) -> None:
    sql = "DELETE FROM audit_blocks WHERE number = :number"
    for number in range(1, BLOCKS + 1):
        place = trail.survives(statement(sql), number).first_bad
        assert place is not None
        assert place.block == number


@pytest.mark.parametrize("keeps_key_id", [True, False], ids=["same-key-id", "own-key-id"])
def test_a_chain_rebuilt_without_the_key_is_located(trail: Trail, keeps_key_id: bool) -> None:
    """A forger who even holds the audit key rewrites everything from one event on."""
    forger = build_signer(b"f" * 32)
    key_id = SIGNER.key_id if keeps_key_id else forger.key_id

    def rebuild(connection: Connection, first: int) -> None:
        edit_with_the_audit_key(connection, trail.positions[(first - 1) * SIZE])
        rechain(connection, first, forger, key_id)

    for first in range(1, BLOCKS + 1):
        place = trail.survives(rebuild, first).first_bad
        assert place is not None
        assert (place.kind, place.block) == ("block", first)


def rechain(connection: Connection, first: int, forger: Signer, key_id: str) -> None:
    table = AuditBlockRecord.__table__
    blocks = connection.execute(table.select().order_by(table.c.number)).all()
    leaves = connection.execute(text("SELECT leaf FROM audit_events ORDER BY xid, position"))
    all_leaves = [bytes(leaf) for leaf in leaves.scalars()]
    previous = bytes(blocks[first - 1].previous_hash)
    for block in blocks[first - 1 :]:
        root = merkle_root(all_leaves[(block.number - 1) * SIZE : block.number * SIZE])
        header = header_bytes(
            number=block.number,
            last=(block.last_transaction, block.last_position),
            events=block.events,
            root=root,
            previous_hash=previous,
            key_id=key_id,
            sealed_at=block.sealed_at,
        )
        digest = block_hash(header)
        sql = (
            "UPDATE audit_blocks SET root=:root, previous_hash=:previous, hash=:digest,"
            " signature=:signature, key_id=:key_id WHERE number=:number"
        )
        run(
            connection,
            sql,
            root=root,
            previous=previous,
            digest=digest,
            signature=forger.sign(digest),
            key_id=key_id,
            number=block.number,
        )
        previous = digest


def test_an_older_copy_of_the_whole_database_differs_from_the_checkpoint(trail: Trail) -> None:
    """Blocks that verify, but not the ones that were there."""
    with trail.database.read() as session:
        key = session.info["audit_key"]
        other = Checkpoint(BLOCKS, "00" * 32, "", SIGNER.key_id)
        report = verify(session, Trust(key, SIGNER.trusted, other))
    assert report.first_bad is not None
    assert report.first_bad.reason == "differs from the checkpoint"
