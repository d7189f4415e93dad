"""All SQL for decisions."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.conversation import MessageRecord, TurnRecord
from app.db.decision import DecisionRecord


@dataclass(frozen=True, slots=True)
class ExplainedTurn:
    """A decision with the turn it was made for, and the reply that ended it."""

    decision: DecisionRecord
    turn: TurnRecord
    reply: MessageRecord | None


def list_explained_turns(session: Session, conversation_id: str) -> Sequence[ExplainedTurn]:
    """Oldest first."""
    rows = session.execute(
        select(DecisionRecord, TurnRecord, MessageRecord)
        .join(TurnRecord, TurnRecord.decision_id == DecisionRecord.id)
        .outerjoin(MessageRecord, MessageRecord.turn_id == TurnRecord.id)
        .where(TurnRecord.conversation_id == conversation_id)
        .order_by(TurnRecord.message_seq)
    )
    return [ExplainedTurn(row[0], row[1], row[2]) for row in rows]
