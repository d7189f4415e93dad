"""Doors of a conversation: open, read, speak."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from app.auth.access import sees_staff_side
from app.auth.caller import Caller, Customer, Integration, Scope, Staff
from app.auth.dependencies import CurrentCaller, has_scope
from app.clock import utc_now
from app.content_filter import inspect
from app.conversations.repository import ConversationRepository
from app.conversations.schemas import (
    ConversationCreate,
    ConversationRead,
    DecisionBrief,
    MessageAccepted,
    MessageCreate,
    MessageRead,
)
from app.conversations.service import ConversationService
from app.conversations.state import MessageKind
from app.conversations.views import view_conversation, view_handoff, view_message
from app.conversations.waiting import wait_for_ending
from app.dependencies import PartsDep, ReadSession, WriteSession
from app.errors import Forbidden
from app.idempotency import OnceDep, Replay
from app.monitoring.metrics import FILTER_ACTIONS
from app.pagination import CursorParam, LimitParam, Page, decode_cursor, encode_cursor
from app.parts import Parts
from app.rate_limits import CallerLimit, MessageLimit

router = APIRouter(prefix="/conversations", tags=["Conversations"], dependencies=[CallerLimit])
ConversationId = Annotated[
    str, Path(max_length=64, examples=["019237f0-0000-7000-8000-000000000000"])
]
MAX_WAIT_SECONDS = 60.0


@router.post("", status_code=201)
def open_conversation(
    body: ConversationCreate, caller: CurrentCaller, session: WriteSession, once: OnceDep
) -> ConversationRead:
    """Begin a conversation."""
    _require_write(caller)

    def produce() -> ConversationRead:
        return view_conversation(session, ConversationService(session).open(body, caller))

    return once.answer(session, produce, status=201)


@router.get("")
def list_conversations(
    caller: CurrentCaller,
    session: ReadSession,
    status: Literal["pending", "open", "snoozed", "resolved"] | None = None,
    after: CursorParam = None,
    limit: LimitParam = 50,
) -> Page[ConversationRead]:
    """Conversations that this caller may read, newest first."""
    rows = ConversationRepository(session).list_readable(
        caller, status=status, after=decode_cursor(after), limit=limit
    )
    more = encode_cursor(rows[-1].id) if len(rows) == limit else None
    return Page(items=[view_conversation(session, row) for row in rows], next=more)


@router.get("/{conversation_id}")
def read_conversation(
    conversation_id: ConversationId, caller: CurrentCaller, session: ReadSession
) -> ConversationRead:
    """State, assignee, intents, verification level."""
    return view_conversation(session, ConversationService(session).get(conversation_id, caller))


@router.get("/{conversation_id}/messages")
def list_messages(
    conversation_id: ConversationId,
    caller: CurrentCaller,
    session: ReadSession,
    after: Annotated[int, Query(ge=0, le=2_000_000_000, description="Last seq you have.")] = 0,
    limit: LimitParam = 100,
) -> Page[MessageRead]:
    """Messages in `seq` order."""
    conversation = ConversationService(session).get(conversation_id, caller)
    conversations = ConversationRepository(session)
    rows = conversations.list_messages(
        conversation.id, after=after, limit=limit, include_notes=sees_staff_side(caller)
    )
    rated = conversations.list_message_ratings([row.id for row in rows if row.citations])
    more = str(rows[-1].seq) if len(rows) == limit else None
    return Page(items=[view_message(row, helpful=rated.get(row.id)) for row in rows], next=more)


@router.post(
    "/{conversation_id}/messages",
    status_code=202,
    responses={200: {"model": MessageAccepted, "description": "With `wait=reply`: the ending"}},
)
def post_message(
    conversation_id: ConversationId,
    body: MessageCreate,
    caller: CurrentCaller,
    parts: PartsDep,
    once: OnceDep,
    response: Response,
    _limit: MessageLimit,
    wait: Annotated[Literal["reply"] | None, Query(description="Wait for the ending.")] = None,
    timeout: Annotated[float, Query(ge=0, le=MAX_WAIT_SECONDS)] = 20,
) -> MessageAccepted:
    """Say something. Acknowledged means stored: it gets exactly one ending."""
    _require_write(caller)
    if isinstance(caller, Staff):
        return _post_as_staff(parts, conversation_id, body, caller, once)
    if body.kind == "note":
        raise Forbidden("Notes are for staff.")
    # the filter runs before the first write and outside any transaction
    filtered = inspect(body.text)
    FILTER_ACTIONS.labels(action=filtered.action.value).inc()
    try:
        with parts.database.write() as session:

            def produce() -> MessageAccepted:
                service = ConversationService(session)
                accepted = service.accept_customer_message(
                    service.lock(conversation_id, caller),
                    filtered,
                    actor=caller.actor,
                    client_message_id=body.client_message_id,
                )
                return MessageAccepted(message=view_message(accepted.message))

            answer = once.answer(session, produce, status=202)
    except Replay as stored:  # a repeated request may wait for the ending as well
        if wait is None:
            raise
        response.headers["Idempotency-Replayed"] = "true"
        answer = MessageAccepted.model_validate(stored.answer)
    if wait is None:
        return answer
    response.status_code = 200
    return _with_ending(parts, conversation_id, answer, timeout=timeout)


def _post_as_staff(
    parts: Parts, conversation_id: str, body: MessageCreate, staff: Staff, once: OnceDep
) -> MessageAccepted:
    filtered = inspect(body.text)  # promise 4 holds for what agents type, too
    with parts.database.write() as session:

        def produce() -> MessageAccepted:
            service = ConversationService(session)
            conversation = service.lock(conversation_id, staff)
            message = service.post_staff_message(
                conversation, filtered.text, staff=staff, kind=MessageKind(body.kind)
            )
            return MessageAccepted(message=view_message(message))

        return once.answer(session, produce, status=202)


def _with_ending(
    parts: Parts, conversation_id: str, answer: MessageAccepted, *, timeout: float
) -> MessageAccepted:
    """The acknowledged message with reply, decision and handoff, as far as there are any."""
    with parts.database.read() as session:
        begun = ConversationRepository(session).find_turn_of_message(answer.message.id)
    if begun is None:
        return answer
    turn = wait_for_ending(parts, conversation_id, begun.id, timeout=timeout)
    with parts.database.read() as session:
        repository = ConversationRepository(session)
        reply = repository.find_reply(begun.id)
        decision = repository.find_decision(turn.decision_id if turn else None)
        conversation = repository.find(conversation_id)
        around = repository.around(conversation, now=utc_now()) if conversation else None
        return MessageAccepted(
            message=answer.message,
            reply=view_message(reply) if reply else None,
            decision=DecisionBrief.model_validate(decision) if decision else None,
            handoff=view_handoff(around) if around else None,
        )


def _require_write(caller: Caller) -> None:
    match caller:
        case Customer():
            return
        case Staff() | Integration():
            if not has_scope(caller, Scope.CONVERSATIONS_WRITE):
                raise Forbidden("This caller lacks the scope conversations:write.")
