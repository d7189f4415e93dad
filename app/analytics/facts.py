"""One row of facts for each conversation of a period: every report counts these same rows.

The database picks and joins; counting and time arithmetic are Python, so that SQLite and
PostgreSQL give the same numbers.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from app.analytics.filters import (
    Filters,
    conditions,
    conversation_intent,
    conversation_language,
    conversation_variant,
    first_message_at,
)
from app.db.conversation import ConversationRecord, CsatRecord, TurnRecord
from app.db.handoff import HandoffRecord

REPEAT_WINDOW = timedelta(hours=72)  # part of the definition of containment, version 1


class ConversationFacts(NamedTuple):
    """What the reports need to know of one conversation."""

    id: str
    channel: str
    first_message_at: datetime
    created_at: datetime
    following: datetime | None  # when the same customer next began a conversation
    resolved_at: datetime | None
    language: str
    intent: str | None
    variant: str | None
    handoff_reason: str | None  # of the first handoff
    is_answered: bool
    rating: int | None

    @property
    def is_handed_off(self) -> bool:
        return self.handoff_reason is not None

    @property
    def is_contained(self) -> bool:
        """Answered without a person, and the customer did not come back within the window."""
        came_back = self.following and self.following - self.created_at <= REPEAT_WINDOW
        return bool(self.is_answered and not self.is_handed_off and not came_back)

    @property
    def day(self) -> str:
        """The UTC day of the customer's first message in the period."""
        return self.first_message_at.date().isoformat()


def list_facts(session: Session, filters: Filters) -> list[ConversationFacts]:
    """The facts of every conversation that the filters let pass, newest first."""
    conversation = ConversationRecord
    later = aliased(ConversationRecord)
    following = select(func.min(later.created_at)).where(
        later.customer_id == conversation.customer_id, later.created_at > conversation.created_at
    )
    reason = (
        select(HandoffRecord.reason)
        .where(HandoffRecord.conversation_id == conversation.id)
        .order_by(HandoffRecord.created_at, HandoffRecord.id)
        .limit(1)
    )
    answered = exists().where(
        TurnRecord.conversation_id == conversation.id, TurnRecord.ending == "answer"
    )
    statement = (
        select(
            conversation.id,
            conversation.channel,
            first_message_at(filters.period),
            conversation.created_at,
            following.correlate(conversation).scalar_subquery(),
            conversation.resolved_at,
            conversation_language(),
            conversation_intent(),
            conversation_variant(),
            reason.correlate(conversation).scalar_subquery(),
            answered,
            CsatRecord.rating,
        )
        .outerjoin(CsatRecord, CsatRecord.conversation_id == conversation.id)
        .where(*conditions(filters))
        .order_by(conversation.created_at.desc(), conversation.id.desc())
    )
    return [ConversationFacts._make(row) for row in session.execute(statement)]
