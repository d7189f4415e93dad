"""Append an event row in the transaction; send the hint after the commit."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import rfc3339
from app.db.after_commit import after_commit
from app.db.conversation import ConversationRecord
from app.db.event import EventRecord
from app.realtime.bus import EventBus
from app.realtime.events import EventType, TransientType

_KEY = "event_bus"


def session_info(bus: EventBus) -> dict[str, object]:
    """What a session must carry so that committed events are announced."""
    return {_KEY: bus}


def publish(
    session: Session,
    conversation: ConversationRecord,
    event_type: EventType,
    data: dict[str, Any],
    *,
    staff_only: bool = False,
) -> EventRecord:
    """The caller holds the conversation's row lock: that is what keeps `seq` gapless."""
    conversation.last_event_seq += 1
    row = EventRecord(
        conversation_id=conversation.id,
        seq=conversation.last_event_seq,
        type=event_type.value,
        data=data,
        staff_only=staff_only,
    )
    session.add(row)
    session.flush()
    bus: EventBus | None = session.info.get(_KEY)
    if bus is not None:
        hint = {"conversation_id": conversation.id, "seq": row.seq}
        conversation_id = conversation.id
        after_commit(session, lambda: bus.publish(conversation_id, hint))
    return row


def announce(
    bus: EventBus, conversation_id: str, event_type: TransientType, data: dict[str, Any]
) -> None:
    """Send a passing hint; nobody is told if it is lost."""
    hint = {"type": event_type.value, "conversation_id": conversation_id, "data": data}
    bus.publish(conversation_id, hint)


def list_events(
    session: Session, conversation_id: str, *, after: int, limit: int, include_staff_only: bool
) -> list[dict[str, Any]]:
    """Events after `after`, as clients see them. Staff-only rows are blanked, never skipped,

    so that a customer's client sees no gap and learns nothing but that something happened.
    """
    rows = session.scalars(
        select(EventRecord)
        .where(EventRecord.conversation_id == conversation_id, EventRecord.seq > after)
        .order_by(EventRecord.seq)
        .limit(limit)
    )
    return [_shown(row, include_staff_only=include_staff_only) for row in rows]


def _shown(row: EventRecord, *, include_staff_only: bool) -> dict[str, Any]:
    hidden = row.staff_only and not include_staff_only
    return {
        "seq": row.seq,
        "type": "hidden" if hidden else row.type,
        "conversation_id": row.conversation_id,
        "created_at": rfc3339(row.created_at),
        "data": {} if hidden else row.data,
    }
