"""All SQL for suggested intents, and for the messages that no intent fitted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select

from app.db.conversation import MessageRecord, TurnRecord
from app.db.decision import DecisionRecord
from app.db.job import JobRecord
from app.db.label import IntentSuggestionRecord, LabelRecord
from app.db.repository import Repository

MOST_MESSAGES = 10_000
MANY_QUESTIONS = 2  # asked back so often in one conversation, the assistant did not understand


@dataclass(frozen=True, slots=True)
class Unfitted:
    """A customer's message that no intent fitted, masked."""

    decision_id: str
    text: str
    language: str
    created_at: datetime


class SuggestionRepository(Repository[IntentSuggestionRecord]):
    record = IntentSuggestionRecord

    def list_unfitted(self, *, since: datetime) -> list[Unfitted]:
        """Out of scope, or asked back again and again; not what a person has named meanwhile."""
        asked_often = (
            select(DecisionRecord.conversation_id)
            .where(DecisionRecord.outcome == "clarify", DecisionRecord.created_at >= since)
            .group_by(DecisionRecord.conversation_id)
            .having(func.count() >= MANY_QUESTIONS)
        )
        is_named = exists().where(
            LabelRecord.decision_id == DecisionRecord.id,
            LabelRecord.status.in_(("pending", "accepted")),
            LabelRecord.intent.is_not(None),
        )
        rows = self.session.execute(
            select(
                DecisionRecord.id,
                MessageRecord.text,
                DecisionRecord.language,
                DecisionRecord.created_at,
            )
            .join(TurnRecord, TurnRecord.id == DecisionRecord.turn_id)
            .join(MessageRecord, MessageRecord.id == TurnRecord.message_id)
            .where(
                DecisionRecord.created_at >= since,
                or_(
                    DecisionRecord.out_of_scope,
                    and_(
                        DecisionRecord.outcome == "clarify",
                        DecisionRecord.conversation_id.in_(asked_often),
                    ),
                ),
                ~is_named,
            )
            .order_by(DecisionRecord.id.desc())
            .limit(MOST_MESSAGES)
        )
        return [Unfitted(*row) for row in rows]

    def list_page(
        self, *, status: str | None, after: str | None, limit: int
    ) -> Sequence[IntentSuggestionRecord]:
        """Newest first; ids sort by creation."""
        query = select(IntentSuggestionRecord)
        if status is not None:
            query = query.where(IntentSuggestionRecord.status == status)
        if after is not None:
            query = query.where(IntentSuggestionRecord.id < after)
        return self.session.scalars(
            query.order_by(IntentSuggestionRecord.id.desc()).limit(limit)
        ).all()

    def list_all_locked(self) -> Sequence[IntentSuggestionRecord]:
        return self.session.scalars(select(IntentSuggestionRecord).with_for_update()).all()

    def lock(self, suggestion_id: str) -> IntentSuggestionRecord | None:
        return self.session.scalar(
            select(IntentSuggestionRecord)
            .where(IntentSuggestionRecord.id == suggestion_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )

    def find_waiting_job(self, kind: str) -> JobRecord | None:
        return self.session.scalar(
            select(JobRecord)
            .where(JobRecord.kind == kind, JobRecord.state == "ready")
            .limit(1)
            .with_for_update()
        )
