"""Read, verify and export the audit trail; each reading is itself recorded."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.audit.checkpoint import CHECKPOINT_FILE, Checkpoint
from app.audit.export import export_lines
from app.audit.repository import AuditRepository, EventFilter, StoredEvent
from app.audit.signing import Signer
from app.audit.verify import Report, Trust, verify
from app.audit_trail import Actor, record
from app.db.session import Database

SUBJECT = "audit:trail"
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One event for a reader."""

    id: str
    position: int
    time: datetime
    actor: str
    action: str
    subject: str
    outcome: str
    details: dict[str, Any]


def list_events(
    session: Session, wanted: EventFilter, *, limit: int, actor: Actor
) -> tuple[list[AuditEvent], int | None]:
    """The newest matching events, and the position to go on from (None at the end)."""
    rows = AuditRepository(session).list_events(wanted, limit=limit + 1)
    record(
        session,
        "audit.events_read",
        actor=actor,
        subject=SUBJECT,
        count=min(len(rows), limit),
        filters={"actor": wanted.actor, "subject": wanted.subject, "action": wanted.action},
    )
    has_more = len(rows) > limit
    return [_event_of(row) for row in rows[:limit]], rows[limit - 1].position if has_more else None


def build_trust(*, audit_key: bytes, signer: Signer, folder: Path) -> Trust:
    """The keys and the checkpoint against which the trail is verified."""
    return Trust(audit_key, signer.trusted, Checkpoint.load(folder / CHECKPOINT_FILE))


def verify_trail(database: Database, trust: Trust) -> Report:
    """Verify in a reading session: a long walk must not hold the write lock."""
    with database.read() as session:
        return verify(session, trust)


def record_verification(session: Session, report: Report, *, actor: Actor) -> None:
    record(
        session,
        "audit.verified",
        actor=actor,
        subject=SUBJECT,
        outcome="success" if report.ok else "failure",
        events=report.events,
        blocks=report.blocks,
    )


def record_export(session: Session, *, actor: Actor) -> None:
    record(session, "audit.exported", actor=actor, subject=SUBJECT)


def export_trail(database: Database, signer: Signer) -> Iterator[str]:
    """The trail as NDJSON lines, read while they are sent."""
    with database.read() as session:
        yield from export_lines(session, signer)


def _event_of(row: StoredEvent) -> AuditEvent:
    said = _said(row.payload)
    return AuditEvent(
        id=row.id,
        position=row.position,
        time=row.time,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        outcome=str(said.get("outcome", UNREADABLE)),
        details=details if isinstance(details := said.get("details"), dict) else {},
    )


def _said(payload: bytes | None) -> dict[str, Any]:
    """What the payload says; nothing where it was overwritten: the verification names the place."""
    try:
        said = json.loads(payload or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
