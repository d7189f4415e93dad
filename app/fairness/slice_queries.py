"""Which decisions the slices count: those of turns in a period, with their channel."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.conversation import ConversationRecord, TurnRecord
from app.db.decision import DecisionRecord
from app.fairness.slices import Served

MOST_TURNS = 200_000  # the newest; a report counts in memory


def served_between(session: Session, start: datetime, end: datetime) -> list[Served]:
    """Turns of the period that were decided, newest first."""
    statement = (
        select(
            DecisionRecord.id,
            DecisionRecord.language,
            ConversationRecord.channel,
            DecisionRecord.outcome,
        )
        .select_from(TurnRecord)
        .join(DecisionRecord, TurnRecord.decision_id == DecisionRecord.id)
        .join(ConversationRecord, ConversationRecord.id == TurnRecord.conversation_id)
        .where(TurnRecord.created_at >= start, TurnRecord.created_at < end)
        .order_by(TurnRecord.created_at.desc())
        .limit(MOST_TURNS)
    )
    return [Served._make(row) for row in session.execute(statement)]
