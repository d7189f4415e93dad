"""Which decided turns of a period the slices count, and which of them people checked."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.conversation import ConversationRecord, TurnRecord
from app.db.decision import DecisionRecord
from app.db.label import LabelRecord
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


def checked_between(session: Session, start: datetime, end: datetime) -> dict[str, bool]:
    """Decision id -> whether the accepted label agrees with it, for decisions of the period."""
    statement = (
        select(LabelRecord.decision_id, LabelRecord.intent, LabelRecord.decided_intent)
        .add_columns(LabelRecord.decided_out_of_scope)
        .join(DecisionRecord, DecisionRecord.id == LabelRecord.decision_id)
        .where(LabelRecord.status == "accepted")
        .where(DecisionRecord.created_at >= start, DecisionRecord.created_at < end)
        .limit(MOST_TURNS)
    )
    return {
        decision: is_lost if intent is None else not is_lost and intent == decided
        for decision, intent, decided, is_lost in session.execute(statement)
    }
