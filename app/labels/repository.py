"""All SQL for labels. Access is in the query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from app.auth.access import readable_conversations
from app.auth.caller import Caller
from app.db.conversation import ConversationRecord, MessageRecord, TurnRecord
from app.db.decision import DecisionRecord
from app.db.label import LabelRecord
from app.db.repository import Repository

OUT_OF_SCOPE = "out_of_scope"
IN_FORCE = ("pending", "accepted")
MOST_COMPARED = 5_000


@dataclass(frozen=True, slots=True)
class DecidedMessage:
    """A decision with the customer's words that it was made for."""

    decision: DecisionRecord
    message: MessageRecord
    channel: str


class LabelRepository(Repository[LabelRecord]):
    record = LabelRecord

    def lock_decided(self, decision_id: str, caller: Caller) -> DecidedMessage | None:
        """A decision of a conversation that this caller may read; its labels change in order."""
        row = self.session.execute(
            select(DecisionRecord, MessageRecord, ConversationRecord)
            .join(ConversationRecord, ConversationRecord.id == DecisionRecord.conversation_id)
            .join(TurnRecord, TurnRecord.id == DecisionRecord.turn_id)
            .join(MessageRecord, MessageRecord.id == TurnRecord.message_id)
            .where(DecisionRecord.id == decision_id, readable_conversations(caller))
            .with_for_update(of=ConversationRecord)
        ).one_or_none()
        return None if row is None else DecidedMessage(row[0], row[1], row[2].channel)

    def list_unlabelled(self, decision_ids: Sequence[str]) -> list[DecidedMessage]:
        """Those of a suggestion's decisions on which nobody's word stands, in conversation order.

        The suggestion shows their texts already, so its scope decides, not the conversation's.
        """
        is_labelled = exists().where(
            LabelRecord.decision_id == DecisionRecord.id, LabelRecord.status.in_(IN_FORCE)
        )
        rows = self.session.execute(
            select(DecisionRecord, MessageRecord, ConversationRecord)
            .join(ConversationRecord, ConversationRecord.id == DecisionRecord.conversation_id)
            .join(TurnRecord, TurnRecord.id == DecisionRecord.turn_id)
            .join(MessageRecord, MessageRecord.id == TurnRecord.message_id)
            .where(DecisionRecord.id.in_(decision_ids), ~is_labelled)
            .order_by(ConversationRecord.id, DecisionRecord.id)
            .with_for_update(of=ConversationRecord)
        )
        return [DecidedMessage(row[0], row[1], row[2].channel) for row in rows]

    def is_one_of_several(self, decision: DecisionRecord) -> bool:
        """Whether the message of this decision held other requests, too."""
        others = select(DecisionRecord.id).where(
            DecisionRecord.turn_id == decision.turn_id, DecisionRecord.id != decision.id
        )
        return self.session.scalar(select(others.exists())) or False

    def is_readable(self, decision_id: str, caller: Caller) -> bool:
        found = self.session.scalar(
            select(DecisionRecord.id)
            .join(ConversationRecord, ConversationRecord.id == DecisionRecord.conversation_id)
            .where(DecisionRecord.id == decision_id, readable_conversations(caller))
        )
        return found is not None

    def list_of_decision(self, decision_id: str) -> Sequence[LabelRecord]:
        """Newest first: the whole history."""
        return self.session.scalars(
            select(LabelRecord)
            .where(LabelRecord.decision_id == decision_id)
            .order_by(LabelRecord.id.desc())
        ).all()

    def lock(self, label_id: str) -> LabelRecord | None:
        return self.session.scalar(
            select(LabelRecord)
            .where(LabelRecord.id == label_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )

    def list_page(
        self,
        *,
        status: str | None,
        intent: str | None,
        language: str | None,
        after: str | None,
        limit: int,
    ) -> Sequence[LabelRecord]:
        """Newest first; ids sort by creation."""
        query = select(LabelRecord)
        if status is not None:
            query = query.where(LabelRecord.status == status)
        if intent == OUT_OF_SCOPE:
            query = query.where(LabelRecord.intent.is_(None))
        elif intent is not None:
            query = query.where(LabelRecord.intent == intent)
        if language is not None:
            query = query.where(LabelRecord.language == language)
        if after is not None:
            query = query.where(LabelRecord.id < after)
        return self.session.scalars(query.order_by(LabelRecord.id.desc()).limit(limit)).all()

    def list_in_force(self, language: str) -> Sequence[LabelRecord]:
        """What waits or is accepted in a language, the newest first."""
        return self.session.scalars(
            select(LabelRecord)
            .where(LabelRecord.language == language, LabelRecord.status.in_(IN_FORCE))
            .order_by(LabelRecord.id.desc())
            .limit(MOST_COMPARED)
        ).all()

    def list_accepted(self) -> Sequence[LabelRecord]:
        """Oldest first, so that the same labels make the same training set."""
        return self.session.scalars(
            select(LabelRecord).where(LabelRecord.status == "accepted").order_by(LabelRecord.id)
        ).all()

    def list_accepted_alike(self, label: LabelRecord) -> Sequence[LabelRecord]:
        """Other accepted labels of the same decision, or of the same text."""
        return self.session.scalars(
            select(LabelRecord).where(
                LabelRecord.status == "accepted",
                LabelRecord.id != label.id,
                (LabelRecord.decision_id == label.decision_id)
                | (LabelRecord.normalised == label.normalised),
            )
        ).all()

    def count_by_status(self) -> dict[str, int]:
        rows = self.session.execute(
            select(LabelRecord.status, func.count()).group_by(LabelRecord.status)
        )
        return {row[0]: row[1] for row in rows}

    def count_accepted_since(self, moment: datetime | None) -> int:
        query = select(func.count()).where(LabelRecord.status == "accepted")
        if moment is not None:
            query = query.where(LabelRecord.reviewed_at > moment)
        return self.session.scalar(query) or 0
