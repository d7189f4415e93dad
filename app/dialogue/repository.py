"""All SQL for decisions."""

from collections import defaultdict
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
    parts: Sequence[DecisionRecord] = ()  # further requests of the same message


def list_explained_turns(session: Session, conversation_id: str) -> Sequence[ExplainedTurn]:
    """Oldest first."""
    rows = session.execute(
        select(DecisionRecord, TurnRecord, MessageRecord)
        .join(TurnRecord, TurnRecord.decision_id == DecisionRecord.id)
        .outerjoin(MessageRecord, MessageRecord.turn_id == TurnRecord.id)
        .where(TurnRecord.conversation_id == conversation_id)
        .order_by(TurnRecord.message_seq)
    )
    parts: dict[str | None, list[DecisionRecord]] = defaultdict(list)
    for part in session.scalars(
        select(DecisionRecord)
        .where(DecisionRecord.conversation_id == conversation_id, DecisionRecord.part > 0)
        .order_by(DecisionRecord.part)
    ):
        parts[part.turn_id].append(part)
    return [ExplainedTurn(row[0], row[1], row[2], parts[row[1].id]) for row in rows]
