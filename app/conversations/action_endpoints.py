"""Doors of a conversation: resolve, reopen, read, rate, verify."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.auth.caller import Customer
from app.auth.dependencies import CurrentCaller, CurrentCustomer
from app.auth.step_up import CodeCheck
from app.banking.actions import ACTION_NAMES
from app.conversations.csat import mark_read, rate
from app.conversations.endpoints import ConversationId
from app.conversations.ratings import rate_answer
from app.conversations.schemas import (
    ConversationRead,
    FeedbackCreate,
    FeedbackRead,
    MessageRatingRead,
    MessageRatingUpdate,
    ReadUpdate,
    TypingUpdate,
    VerificationChallenge,
    VerificationCode,
    VerificationCreate,
    VerificationResult,
)
from app.conversations.service import ConversationService
from app.conversations.state import ConversationStatus
from app.conversations.verification import (
    bank_customer_of,
    enter_code,
    refusal,
    request_code,
)
from app.conversations.views import view_conversation
from app.dependencies import PartsDep, ReadSession, WriteSession
from app.errors import BadInput, FieldError
from app.idempotency import OnceDep
from app.rate_limits import CallerLimit
from app.realtime.events import TransientType
from app.realtime.publish import announce

router = APIRouter(prefix="/conversations", tags=["Conversations"], dependencies=[CallerLimit])


@router.post("/{conversation_id}/reopen")
def reopen(
    conversation_id: ConversationId, caller: CurrentCaller, session: WriteSession, once: OnceDep
) -> ConversationRead:
    """Back to the assistant."""

    def produce() -> ConversationRead:
        service = ConversationService(session)
        conversation = service.lock(conversation_id, caller)
        if conversation.status == ConversationStatus.RESOLVED:
            service.set_status(conversation, ConversationStatus.PENDING, actor=caller.actor)
        return view_conversation(session, conversation)

    return once.answer(session, produce, status=200)


@router.post("/{conversation_id}/typing", status_code=204)
def set_typing(
    conversation_id: ConversationId,
    body: TypingUpdate,
    caller: CurrentCaller,
    session: ReadSession,
    parts: PartsDep,
) -> None:
    """Show the other side that somebody types. Never stored; lost hints do no harm."""
    conversation = ConversationService(session).get(conversation_id, caller)
    author = "customer" if isinstance(caller, Customer) else "agent"
    announce(
        parts.bus,
        conversation.id,
        TransientType.TYPING,
        {"author": author, "is_typing": body.is_typing},
    )


@router.post("/{conversation_id}/read", status_code=204)
def set_read(
    conversation_id: ConversationId, body: ReadUpdate, caller: CurrentCaller, session: WriteSession
) -> None:
    """Say how far this side has read."""
    conversation = ConversationService(session).lock(conversation_id, caller)
    mark_read(session, conversation, body.up_to, by_staff=not isinstance(caller, Customer))


@router.post("/{conversation_id}/feedback")
def give_feedback(
    conversation_id: ConversationId,
    body: FeedbackCreate,
    caller: CurrentCaller,
    session: WriteSession,
    once: OnceDep,
) -> FeedbackRead:
    """Rate the conversation; a later rating replaces it."""

    def produce() -> FeedbackRead:
        conversation = ConversationService(session).lock(conversation_id, caller)
        row = rate(session, conversation, body.rating, body.comment, actor=caller.actor)
        return FeedbackRead.model_validate(row)

    return once.answer(session, produce, status=200)


@router.put("/{conversation_id}/messages/{message_id}/rating")
def rate_message(
    conversation_id: ConversationId,
    message_id: Annotated[str, Path(max_length=64)],
    body: MessageRatingUpdate,
    caller: CurrentCustomer,
    session: WriteSession,
) -> MessageRatingRead:
    """Say whether an answer with sources helped; a later word replaces the earlier one."""
    conversation = ConversationService(session).lock(conversation_id, caller)
    row = rate_answer(session, conversation, message_id, helpful=body.helpful, actor=caller.actor)
    return MessageRatingRead.model_validate(row)


@router.post("/{conversation_id}/verification", status_code=201)
def request_verification(
    conversation_id: ConversationId,
    body: VerificationCreate,
    caller: CurrentCaller,
    parts: PartsDep,
    once: OnceDep,
) -> VerificationChallenge:
    """Send a one-time code for one action to the customer's phone.

    Where an answer waits for the code of this action, the new code releases it; else the level
    counts for the next request of that action.
    """
    if body.action not in ACTION_NAMES:
        known = ", ".join(sorted(ACTION_NAMES))
        problem = FieldError("action", f"must be one of {known}")
        raise BadInput("Unknown action.", errors=(problem,))

    with parts.database.read() as reading:
        readable = ConversationService(reading).get(conversation_id, caller)
        customer = bank_customer_of(reading, parts, readable)

    with parts.database.write() as session:

        def produce() -> VerificationChallenge:
            challenge = request_code(
                session,
                parts,
                ConversationService(session).lock(conversation_id, caller),
                action=body.action,
                customer=customer,
                actor=caller.actor,
            )
            return VerificationChallenge.model_validate(challenge, from_attributes=True)

        return once.answer(session, produce, status=201)


@router.put("/{conversation_id}/verification/{challenge_id}")
def enter_verification_code(
    conversation_id: ConversationId,
    challenge_id: Annotated[str, Path(max_length=64)],
    body: VerificationCode,
    caller: CurrentCaller,
    parts: PartsDep,
) -> VerificationResult:
    """Enter the code. After it, the assistant posts the answer that waited for it."""
    with parts.database.write() as session:  # committed also when the code is wrong: tries count
        conversation = ConversationService(session).lock(conversation_id, caller)
        result = enter_code(
            session,
            parts,
            conversation,
            challenge_id=challenge_id,
            code=body.code,
            actor=caller.actor,
        )
    if result is not CodeCheck.VERIFIED:
        raise refusal(result)
    return VerificationResult(verified=True, level="otp")
