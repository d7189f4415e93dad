"""Doors of the desk: ask for a person, list, accept, release, transfer, return, resolve."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from app.audit_trail import record
from app.auth.caller import Caller, Customer, Scope
from app.auth.dependencies import CurrentCaller, CurrentStaff, has_scope
from app.clock import utc_now
from app.conversations.endpoints import ConversationId
from app.conversations.schemas import ConversationRead
from app.conversations.service import ConversationService
from app.conversations.views import view_conversation
from app.db.handoff import queue_position
from app.db.people import StaffRecord
from app.dependencies import PartsDep, ReadSession, WriteSession
from app.errors import Forbidden, NotFound
from app.handoff.reasons import HandoffReason
from app.handoff.repository import HandoffRepository, ListedHandoff
from app.handoff.schemas import (
    AssigneeRead,
    HandoffCreate,
    HandoffRead,
    HandoffTransfer,
    PresenceRead,
    PresenceUpdate,
    QueueList,
    QueueRead,
)
from app.handoff.service import HandoffService
from app.handoff.waiting import estimated_wait, seconds_between
from app.idempotency import OnceDep
from app.pagination import LimitParam, Page
from app.rate_limits import CallerLimit

router = APIRouter(tags=["Desk"], dependencies=[CallerLimit])
HandoffId = Annotated[str, Path(max_length=64)]


@router.post("/conversations/{conversation_id}/handoff", status_code=201)
def request_handoff(
    conversation_id: ConversationId,
    body: HandoffCreate,
    caller: CurrentCaller,
    session: WriteSession,
    once: OnceDep,
) -> HandoffRead:
    """A person, always possible. Asking twice gives the same handoff."""

    def produce() -> HandoffRead:
        conversation = ConversationService(session).lock(conversation_id, caller)
        is_known = body.reason in tuple(HandoffReason)
        default = (
            HandoffReason.CUSTOMER_REQUEST
            if isinstance(caller, Customer)
            else HandoffReason.INTEGRATION
        )
        handoff = HandoffService(session).request(
            conversation,
            reason=HandoffReason(body.reason) if body.reason and is_known else default,
            actor=caller.actor,
            note=body.note if is_known or not body.reason else f"{body.reason}: {body.note or ''}",
        )
        return _read(session, handoff.id, caller)

    return once.answer(session, produce, status=201)


@router.post("/conversations/{conversation_id}/resolve")
def resolve(
    conversation_id: ConversationId, caller: CurrentCaller, session: WriteSession, once: OnceDep
) -> ConversationRead:
    """End the conversation."""

    def produce() -> ConversationRead:
        return view_conversation(session, HandoffService(session).resolve(conversation_id, caller))

    return once.answer(session, produce, status=200)


@router.get("/handoffs")
def list_handoffs(
    caller: CurrentCaller,
    session: ReadSession,
    queue: Annotated[str | None, Query(max_length=50)] = None,
    status: Literal["waiting", "accepted", "closed"] | None = None,
    limit: LimitParam = 100,
) -> Page[HandoffRead]:
    """Customers who wait or are being helped, in the order in which they are served."""
    _require_desk(caller)
    repository = HandoffRepository(session)
    rows = repository.list_served(caller, status=status, queue=queue, limit=limit)
    return Page(items=[_view(repository, row) for row in rows], next=None)


@router.post("/handoffs/{handoff_id}/accept")
def accept(
    handoff_id: HandoffId, staff: CurrentStaff, session: WriteSession, once: OnceDep
) -> HandoffRead:
    """Take a waiting customer; 409 when a colleague was first."""

    def produce() -> HandoffRead:
        return _read(session, HandoffService(session).accept(handoff_id, staff).id, staff)

    return once.answer(session, produce, status=200)


@router.post("/handoffs/{handoff_id}/release")
def release(
    handoff_id: HandoffId, staff: CurrentStaff, session: WriteSession, once: OnceDep
) -> HandoffRead:
    """Put the customer back into the queue."""

    def produce() -> HandoffRead:
        return _read(session, HandoffService(session).release(handoff_id, staff).id, staff)

    return once.answer(session, produce, status=200)


@router.post("/handoffs/{handoff_id}/transfer")
def transfer(
    handoff_id: HandoffId,
    body: HandoffTransfer,
    staff: CurrentStaff,
    session: WriteSession,
    parts: PartsDep,
    once: OnceDep,
) -> HandoffRead:
    """Pass the customer to another queue."""
    queues = parts.router.taxonomy.queues()

    def produce() -> HandoffRead:
        service = HandoffService(session)
        handoff = service.transfer(handoff_id, body.queue, staff, queues=queues)
        return _read(session, handoff.id, staff)

    return once.answer(session, produce, status=200)


@router.post("/handoffs/{handoff_id}/return")
def return_to_assistant(
    handoff_id: HandoffId, staff: CurrentStaff, session: WriteSession, once: OnceDep
) -> HandoffRead:
    """Give the conversation back to the assistant."""

    def produce() -> HandoffRead:
        handoff = HandoffService(session).return_to_assistant(handoff_id, staff)
        return _read(session, handoff.id, staff)

    return once.answer(session, produce, status=200)


@router.get("/queues")
def list_queues(caller: CurrentCaller, session: ReadSession) -> QueueList:
    """Who waits where, and for how long."""
    _require_desk(caller)
    repository, now = HandoffRepository(session), utc_now()
    items = [
        QueueRead(
            name=queue.name,
            waiting=queue.waiting,
            longest_wait_seconds=seconds_between(queue.oldest, now),
            estimated_wait_seconds=estimated_wait(
                repository.recent_waits(queue.name, now=now), queue.waiting
            ),
        )
        for queue in repository.list_queues()
    ]
    return QueueList(items=items)


@router.get("/agents/me/presence")
def read_presence(staff: CurrentStaff, session: ReadSession) -> PresenceRead:
    """Whether you are online."""
    return PresenceRead(status=session.get_one(StaffRecord, staff.staff_id).presence)


@router.put("/agents/me/presence")
def set_presence(staff: CurrentStaff, body: PresenceUpdate, session: WriteSession) -> PresenceRead:
    """Go online, away or offline."""
    row = session.get_one(StaffRecord, staff.staff_id)
    row.presence = body.status
    record(
        session,
        "agent.presence_changed",
        actor=staff.actor,
        subject=staff.staff_id,
        presence=body.status,
    )
    return PresenceRead(status=row.presence)


def _require_desk(caller: Caller) -> None:
    is_desk = not isinstance(caller, Customer) and has_scope(caller, Scope.CONVERSATIONS_READ)
    if not is_desk:
        raise Forbidden("Only staff and integrations with conversations:read see the desk.")


def _read(session: Session, handoff_id: str, caller: Caller) -> HandoffRead:
    session.flush()
    repository = HandoffRepository(session)
    listed = repository.find_listed(handoff_id, caller)
    if listed is None:
        raise NotFound("No such handoff.", code="handoff_not_found")
    view = _view(repository, listed)
    # colleagues write to each other in the note: it is not for the customer
    return view.model_copy(update={"note": None}) if isinstance(caller, Customer) else view


def _view(repository: HandoffRepository, listed: ListedHandoff) -> HandoffRead:
    handoff, assignee = listed.handoff, listed.assignee
    until = handoff.accepted_at or handoff.closed_at or utc_now()
    return HandoffRead(
        id=handoff.id,
        conversation_id=handoff.conversation_id,
        status=handoff.status,
        queue=handoff.queue,
        priority=handoff.priority,
        reason=handoff.reason,
        intent=handoff.intent,
        language=handoff.language,
        note=handoff.note,
        customer_name=listed.customer_name,
        assignee=AssigneeRead(id=assignee.id, name=assignee.name) if assignee else None,
        position=queue_position(repository.session, handoff),
        waiting_seconds=seconds_between(handoff.created_at, until),
        requested_at=handoff.created_at,
        accepted_at=handoff.accepted_at,
        closed_at=handoff.closed_at,
    )
