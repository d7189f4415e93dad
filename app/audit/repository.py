"""All SQL of the audit feature. Events are ordered by (transaction, position), blocks by number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Select,
    String,
    Tuple,
    case,
    func,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.db.audit import AuditBlockRecord, AuditEventRecord
from app.db.base import UtcDateTime

Point = tuple[int, int]  # (transaction, position) of an event
START: Point = (-(2**62), -(2**62))  # before every event, forged positions included
SEALER_LOCK = 7_305_511_902  # any constant that no other advisory lock uses
BATCH = 2_000
SQLITE_MOMENT = "%Y-%m-%d %H:%M:%S"


class StoredEvent(NamedTuple):
    """One row of `audit_events`, as it lies in the database; a value of another type is None."""

    transaction: int
    position: int
    id: str
    time: datetime
    actor: str
    action: str
    subject: str
    payload: bytes
    leaf: bytes
    mac: bytes

    @property
    def point(self) -> Point:
        return self.transaction, self.position


class StoredBlock(NamedTuple):
    """One row of `audit_blocks`, likewise."""

    number: int
    last_transaction: int
    last_position: int
    events: int
    root: bytes
    previous_hash: bytes
    hash: bytes
    signature: bytes
    key_id: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events a reader asks for."""

    actor: str | None = None
    subject: str | None = None
    action: str | None = None
    before: int | None = None  # positions below this one


class AuditRepository:
    """Reads events and blocks; adds blocks. Nothing here changes a row."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._is_postgresql = session.get_bind().dialect.name == "postgresql"

    def hold_sealing(self) -> bool:
        """Whether this transaction may seal. SQLite: it already holds the only write lock."""
        if not self._is_postgresql:
            return True
        return bool(self.session.scalar(select(func.pg_try_advisory_xact_lock(SEALER_LOCK))))

    def find_last_block(self) -> AuditBlockRecord | None:
        newest = select(AuditBlockRecord).order_by(AuditBlockRecord.number.desc()).limit(1)
        return self.session.scalar(newest)

    def add_block(self, block: AuditBlockRecord) -> None:
        self.session.add(block)
        self.session.flush()

    def list_sealable(self, last: Point, *, limit: int) -> Sequence[tuple[int, int, bytes]]:
        """(transaction, position, leaf) of events that nothing can be inserted before any more."""
        event = AuditEventRecord
        statement = (
            select(event.transaction, event.position, event.leaf)
            .where(_is_after(last))
            .order_by(event.transaction, event.position)
            .limit(limit)
        )
        if self._is_postgresql:
            # below the oldest open transaction: later commits can only have higher numbers
            statement = statement.where(
                text("xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            )
        return [(row[0], row[1], row[2]) for row in self.session.execute(statement)]

    def iter_blocks(self) -> Iterator[StoredBlock]:
        """Every block in order, page by page."""
        number: int | None = None
        while page := self._block_page(number):
            yield from page
            number = page[-1].number

    def iter_events(self, after: Point, until: Point | None) -> Iterator[StoredEvent]:
        """Events in (after, until], page by page; `until` None means to the end."""
        while page := self._event_page(after, until):
            yield from page
            after = page[-1].point

    def list_events(self, wanted: EventFilter, *, limit: int) -> list[StoredEvent]:
        """The newest events that match, newest first."""
        event = AuditEventRecord
        equals = [
            column == value
            for column, value in (
                (event.actor, wanted.actor),
                (event.subject, wanted.subject),
                (event.action, wanted.action),
            )
            if value is not None
        ]
        if wanted.before is not None:
            equals.append(event.position < wanted.before)
        statement = self._events().where(*equals).order_by(event.position.desc()).limit(limit)
        return [StoredEvent._make(row) for row in self.session.execute(statement)]

    def _block_page(self, after: int | None) -> list[StoredBlock]:
        columns = (getattr(AuditBlockRecord, name) for name in StoredBlock._fields)
        statement = (
            select(*(self._as_stored(column) for column in columns))
            .order_by(AuditBlockRecord.number)
            .limit(BATCH)
        )
        if after is not None:
            statement = statement.where(AuditBlockRecord.number > after)
        return [StoredBlock._make(row) for row in self.session.execute(statement)]

    def _event_page(self, after: Point, until: Point | None) -> list[StoredEvent]:
        statement = (
            self._events()
            .where(_is_after(after))
            .order_by(AuditEventRecord.transaction, AuditEventRecord.position)
            .limit(BATCH)
        )
        if until is not None:
            statement = statement.where(_place() <= until)
        return [StoredEvent._make(row) for row in self.session.execute(statement)]

    def _events(self) -> Select[Any]:
        columns = (getattr(AuditEventRecord, name) for name in StoredEvent._fields)
        return select(*(self._as_stored(column) for column in columns))

    def _as_stored(self, column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
        """SQLite keeps any type in any column: one that is not the column's is read as None."""
        if self._is_postgresql:
            return column.expression
        value: ColumnElement[Any] = column.expression
        if isinstance(column.type, LargeBinary):
            return case((func.typeof(column) == "blob", value))
        if isinstance(column.type, String):
            return case((func.typeof(column) == "text", value))
        if isinstance(column.type, UtcDateTime):  # a text that is no moment cannot be converted
            said = func.substr(column, 1, 19)
            is_moment = (func.strftime(SQLITE_MOMENT, column) == said) & (said > "0001")
            return case((is_moment, value))
        return value


def _place() -> Tuple:
    return tuple_(AuditEventRecord.transaction, AuditEventRecord.position)


def _is_after(point: Point) -> ColumnElement[bool]:
    return _place() > point
