"""All SQL for conversations and messages. Access is in the query."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.auth.access import readable_conversations, writable_conversations
from app.auth.caller import Caller
from app.db.conversation import ConversationRecord, CsatRecord, MessageRecord, TurnRecord
from app.db.credential import StepUpChallengeRecord
from app.db.decision import DecisionRecord
from app.db.editorial import MessageRatingRecord
from app.db.handoff import HandoffRecord, queue_position
from app.db.people import CustomerRecord, StaffRecord
from app.db.repository import R, Repository


@dataclass(frozen=True, slots=True)
class Around:
    """What is shown beside a conversation."""

    customer: CustomerRecord | None
    assignee: StaffRecord | None
    handoff: HandoffRecord | None
    position: int | None
    challenge: StepUpChallengeRecord | None
    intents: Sequence[str]


class ConversationRepository(Repository[ConversationRecord]):
    record = ConversationRecord

    def find_readable(self, conversation_id: str, caller: Caller) -> ConversationRecord | None:
        return self._find(conversation_id, readable_conversations(caller))

    def find_writable(self, conversation_id: str, caller: Caller) -> ConversationRecord | None:
        """Under the row lock: what happens in a conversation happens in order."""
        return self._find(conversation_id, writable_conversations(caller), locked=True)

    def lock(self, conversation_id: str) -> ConversationRecord:
        """For jobs of the service itself; the row must exist."""
        return self.session.scalars(
            select(ConversationRecord)
            .where(ConversationRecord.id == conversation_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one()

    def list_readable(
        self, caller: Caller, *, status: str | None, after: str | None, limit: int
    ) -> Sequence[ConversationRecord]:
        query = select(ConversationRecord).where(readable_conversations(caller))
        if status is not None:
            query = query.where(ConversationRecord.status == status)
        if after is not None:
            query = query.where(ConversationRecord.id < after)
        return self.session.scalars(query.order_by(ConversationRecord.id.desc()).limit(limit)).all()

    def around(self, conversation: ConversationRecord, *, now: datetime) -> Around:
        """Customer, assignee, open handoff with its place in the queue, waiting challenge."""
        session = self.session
        handoff = session.scalar(
            select(HandoffRecord).where(
                HandoffRecord.conversation_id == conversation.id, HandoffRecord.status != "closed"
            )
        )
        challenge = session.scalar(
            select(StepUpChallengeRecord)
            .where(
                StepUpChallengeRecord.conversation_id == conversation.id,
                StepUpChallengeRecord.verified_at.is_(None),
                StepUpChallengeRecord.expires_at > now,
            )
            .order_by(StepUpChallengeRecord.created_at.desc())
            .limit(1)
        )
        return Around(
            customer=_get(session, CustomerRecord, conversation.customer_id),
            assignee=_get(session, StaffRecord, conversation.assignee_id),
            handoff=handoff,
            position=queue_position(session, handoff) if handoff else None,
            challenge=challenge,
            intents=self._intents(conversation.id),
        )

    def find_by_client_id(
        self, conversation_id: str, client_message_id: str
    ) -> MessageRecord | None:
        return self.session.scalar(
            select(MessageRecord).where(
                MessageRecord.conversation_id == conversation_id,
                MessageRecord.client_message_id == client_message_id,
            )
        )

    def list_messages(
        self, conversation_id: str, *, after: int, limit: int, include_notes: bool
    ) -> Sequence[MessageRecord]:
        query = select(MessageRecord).where(
            MessageRecord.conversation_id == conversation_id, MessageRecord.seq > after
        )
        if not include_notes:
            query = query.where(MessageRecord.kind != "note")
        return self.session.scalars(query.order_by(MessageRecord.seq).limit(limit)).all()

    def find_message(self, conversation_id: str, message_id: str) -> MessageRecord | None:
        """A message of this conversation; another's looks like none."""
        return self.session.scalar(
            select(MessageRecord).where(
                MessageRecord.id == message_id, MessageRecord.conversation_id == conversation_id
            )
        )

    def find_message_rating(self, message_id: str) -> MessageRatingRecord | None:
        return self.session.scalar(
            select(MessageRatingRecord).where(MessageRatingRecord.message_id == message_id)
        )

    def list_message_ratings(self, message_ids: Collection[str]) -> dict[str, bool]:
        """Which of these messages were rated, and whether they helped."""
        if not message_ids:
            return {}
        rows = self.session.execute(
            select(MessageRatingRecord.message_id, MessageRatingRecord.helpful).where(
                MessageRatingRecord.message_id.in_(message_ids)
            )
        )
        return {row.message_id: row.helpful for row in rows}

    def find_turn_of_message(self, message_id: str) -> TurnRecord | None:
        return self.session.scalar(select(TurnRecord).where(TurnRecord.message_id == message_id))

    def has_open_turn(self, conversation_id: str) -> bool:
        """Whether a message of this conversation still waits for its ending."""
        open_turn = select(TurnRecord.id).where(
            TurnRecord.conversation_id == conversation_id, TurnRecord.ending.is_(None)
        )
        return self.session.scalar(open_turn.limit(1)) is not None

    def find_reply(self, turn_id: str) -> MessageRecord | None:
        return self.session.scalar(select(MessageRecord).where(MessageRecord.turn_id == turn_id))

    def find_decision(self, decision_id: str | None) -> DecisionRecord | None:
        return _get(self.session, DecisionRecord, decision_id)

    def find_rating(self, conversation_id: str) -> CsatRecord | None:
        return self.session.scalar(
            select(CsatRecord).where(CsatRecord.conversation_id == conversation_id)
        )

    def _find(
        self, conversation_id: str, access: ColumnElement[bool], *, locked: bool = False
    ) -> ConversationRecord | None:
        query = select(ConversationRecord).where(ConversationRecord.id == conversation_id, access)
        if locked:
            query = query.with_for_update().execution_options(populate_existing=True)
        return self.session.scalar(query)

    def _intents(self, conversation_id: str) -> Sequence[str]:
        """Intents in the order in which they first came up."""
        rows = self.session.execute(
            select(DecisionRecord.intent, func.min(DecisionRecord.id).label("first"))
            .where(
                DecisionRecord.conversation_id == conversation_id,
                DecisionRecord.intent.is_not(None),
            )
            .group_by(DecisionRecord.intent)
            .order_by("first")
        )
        return [row.intent for row in rows]


def _get(session: Session, record: type[R], row_id: str | None) -> R | None:
    return None if row_id is None else session.get(record, row_id)
