"""Records as callers see them. Knows what is staff's business only."""

from typing import Any

from sqlalchemy.orm import Session

from app.clock import utc_now
from app.conversations.repository import Around, ConversationRepository
from app.conversations.schemas import (
    ConversationRead,
    CustomerRead,
    HandoffBrief,
    MessageRating,
    MessageRead,
    PendingVerification,
    PersonRead,
    VerificationState,
)
from app.db.conversation import ConversationRecord, MessageRecord
from app.db.credential import StepUpChallengeRecord


def view_conversation(session: Session, conversation: ConversationRecord) -> ConversationRead:
    """A conversation with who and what is around it."""
    around = ConversationRepository(session).around(conversation, now=utc_now())
    customer, assignee = around.customer, around.assignee
    return ConversationRead(
        id=conversation.id,
        status=conversation.status,
        channel=conversation.channel,
        locale=conversation.locale,
        customer=CustomerRead.model_validate(customer) if customer else None,
        assignee=PersonRead.model_validate(assignee) if assignee else None,
        verification=VerificationState(
            level=conversation.level, pending=_pending(around.challenge)
        ),
        handoff=view_handoff(around),
        intents=list(around.intents),
        last_seq=conversation.last_seq,
        last_event_seq=conversation.last_event_seq,
        metadata=conversation.details.get("metadata", {}),
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
    )


def view_handoff(around: Around) -> HandoffBrief | None:
    handoff = around.handoff
    if handoff is None:
        return None
    return HandoffBrief(
        id=handoff.id,
        status=handoff.status,
        queue=handoff.queue,
        priority=handoff.priority,
        reason=handoff.reason,
        position=around.position,
    )


def view_message(message: MessageRecord, *, helpful: bool | None = None) -> MessageRead:
    """A message; `helpful` is what the customer said of it, if anything."""
    shown = MessageRead.model_validate(message)
    if helpful is not None:
        shown.rating = MessageRating(helpful=helpful)
    return shown


def message_data(message: MessageRecord) -> dict[str, Any]:
    """A message inside an event."""
    return {"message": view_message(message).model_dump(mode="json")}


def conversation_data(session: Session, conversation: ConversationRecord) -> dict[str, Any]:
    """A conversation inside an event."""
    session.flush()
    return {"conversation": view_conversation(session, conversation).model_dump(mode="json")}


def _pending(challenge: StepUpChallengeRecord | None) -> PendingVerification | None:
    if challenge is None:
        return None
    return PendingVerification(
        challenge_id=challenge.id,
        action=challenge.action,
        sent_to=challenge.sent_to,
        expires_at=challenge.expires_at,
    )
