"""Ending a turn: once, with its audit event."""

from typing import Any

from sqlalchemy.orm import Session

from app.audit_trail import SYSTEM, record
from app.clock import utc_now
from app.db.conversation import TurnRecord

PERSON = "person"  # the ending of a message that a person will read


def end_turn(session: Session, turn: TurnRecord, ending: str, **details: Any) -> None:  # noqa: ANN401 - audit details
    """Give the turn its one ending."""
    turn.ending, turn.ended_at = ending, utc_now()
    record(
        session,
        "turn.ended",
        actor=SYSTEM,
        subject=turn.conversation_id,
        turn=turn.id,
        ending=ending,
        **details,
    )


def turn_key(turn_id: str) -> str:
    """The key of a turn's one job."""
    return f"turn:{turn_id}"
