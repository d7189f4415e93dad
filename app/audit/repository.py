"""All SQL of the audit feature. Events are ordered by (transaction, position), blocks by number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Tuple, func, select, text, tuple_
from sqlalchemy.orm import Session

from app.db.audit import AuditBlockRecord, AuditEventRecord

Point = tuple[int, int]  # (transaction, position) of an event
START: Point = (-(2**62), -(2**62))  # before every event, forged positions included
SEALER_LOCK = 7_305_511_902  # any constant that no other advisory lock uses
BATCH = 2_000


class StoredEvent(NamedTuple):
    """One row of `audit_events`, as it lies in the database."""

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

    def iter_blocks(self) -> Iterator[AuditBlockRecord]:
        """Every block in order, page by page."""
        number: int | None = None
        while page := self._block_page(number):
            yield from page
            number = page[-1].number
            self.session.expunge_all()

    def iter_events(self, after: Point, until: Point | None) -> Iterator[StoredEvent]:
        """Events in (after, until], page by page; `until` None means to the end."""
        while page := self._event_page(after, until):
            yield from page
            after = page[-1].point

    def list_events(self, wanted: EventFilter, *, limit: int) -> Sequence[AuditEventRecord]:
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
        statement = select(event).where(*equals).order_by(event.position.desc()).limit(limit)
        return self.session.scalars(statement).all()

    def _block_page(self, after: int | None) -> Sequence[AuditBlockRecord]:
        statement = select(AuditBlockRecord).order_by(AuditBlockRecord.number).limit(BATCH)
        if after is not None:
            statement = statement.where(AuditBlockRecord.number > after)
        return self.session.scalars(statement).all()

    def _event_page(self, after: Point, until: Point | None) -> list[StoredEvent]:
        statement = (
            select(*(getattr(AuditEventRecord, name) for name in StoredEvent._fields))
            .where(_is_after(after))
            .order_by(AuditEventRecord.transaction, AuditEventRecord.position)
            .limit(BATCH)
        )
        if until is not None:
            statement = statement.where(_place() <= until)
        return [StoredEvent._make(row) for row in self.session.execute(statement)]


def _place() -> Tuple:
    return tuple_(AuditEventRecord.transaction, AuditEventRecord.position)


def _is_after(point: Point) -> ColumnElement[bool]:
    return _place() > point
