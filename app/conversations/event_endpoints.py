"""The event stream of a conversation: long poll, ticket, WebSocket. One stream, two doors."""

import asyncio
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect
from starlette.concurrency import run_in_threadpool

from app.auth.access import sees_staff_side
from app.auth.caller import Customer, Integration
from app.auth.dependencies import CurrentCaller
from app.conversations.endpoints import ConversationId
from app.conversations.service import ConversationService
from app.conversations.waiting import wait_for_event
from app.dependencies import PartsDep, WriteSession
from app.monitoring.metrics import WEBSOCKETS
from app.parts import Parts
from app.rate_limits import CallerLimit
from app.realtime.hub import BATCH, EventSocket
from app.realtime.publish import list_events
from app.realtime.tickets import TICKET_SECONDS, issue_ticket, use_ticket
from app.schemas import Reading

router = APIRouter(prefix="/conversations", tags=["Conversations"])
MAX_WAIT_SECONDS = 25.0
REFUSED = 4401  # application close code: the ticket is not valid
AfterParam = Annotated[int, Query(ge=0, le=2_000_000_000, description="Last event seq you have.")]


class EventList(Reading):
    events: list[dict[str, Any]]
    last_seq: int


class Ticket(Reading):
    ticket: str
    expires_in: int


@router.get("/{conversation_id}/events", dependencies=[CallerLimit])
def poll_events(
    conversation_id: ConversationId,
    caller: CurrentCaller,
    parts: PartsDep,
    after: AfterParam = 0,
    wait: Annotated[float, Query(ge=0, le=MAX_WAIT_SECONDS, description="Seconds")] = 0,
) -> EventList:
    """Events after `after`; with `wait`, hold the line until there is one."""
    with parts.database.read() as session:
        ConversationService(session).get(conversation_id, caller)
    if wait > 0:
        wait_for_event(parts, conversation_id, after=after, timeout=wait)
    with parts.database.read() as session:
        events = list_events(
            session,
            conversation_id,
            after=after,
            limit=BATCH,
            include_staff_only=sees_staff_side(caller),
        )
    return EventList(events=events, last_seq=events[-1]["seq"] if events else after)


@router.post("/{conversation_id}/events/ticket", status_code=201, dependencies=[CallerLimit])
def issue_socket_ticket(
    conversation_id: ConversationId, caller: CurrentCaller, session: WriteSession
) -> Ticket:
    """A one-time ticket for the WebSocket."""
    conversation = ConversationService(session).get(conversation_id, caller)
    side = "customer"
    if not isinstance(caller, Customer):
        side = "integration" if isinstance(caller, Integration) else "staff"
    ticket = issue_ticket(session, conversation.id, side=side)
    return Ticket(ticket=ticket, expires_in=TICKET_SECONDS)


@router.websocket("/{conversation_id}/events")
async def follow_events(
    socket: WebSocket,
    conversation_id: ConversationId,
    parts: PartsDep,
    after: AfterParam = 0,
    ticket: Annotated[str, Query(max_length=200)] = "",
) -> None:
    """The same events as the long poll, pushed."""
    side = await run_in_threadpool(_use_ticket, parts, ticket, conversation_id)
    await socket.accept()
    if side is None:
        await socket.close(REFUSED, "the ticket is not valid")
        return

    async def load(seq: int) -> list[dict[str, Any]]:
        return await run_in_threadpool(_load, parts, conversation_id, seq, side)

    stream = EventSocket(parts.bus, conversation_id, load=load, send=socket.send_json)
    WEBSOCKETS.inc()
    sending = asyncio.create_task(stream.follow(after))
    try:
        await _until_closed(socket, sending)
    finally:
        WEBSOCKETS.dec()
        sending.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await sending


async def _until_closed(socket: WebSocket, sending: asyncio.Task[None]) -> None:
    """Wait for the client to leave; what it sends is ignored: sends go by POST."""
    receiving = asyncio.create_task(_drain(socket))
    _, waiting = await asyncio.wait({receiving, sending}, return_when=asyncio.FIRST_COMPLETED)
    if receiving in waiting:
        receiving.cancel()


async def _drain(socket: WebSocket) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return


def _use_ticket(parts: Parts, ticket: str, conversation_id: str) -> str | None:
    with parts.database.write() as session:
        return use_ticket(session, ticket, conversation_id)


def _load(parts: Parts, conversation_id: str, after: int, side: str) -> list[dict[str, Any]]:
    with parts.database.read() as session:
        return list_events(
            session,
            conversation_id,
            after=after,
            limit=BATCH,
            include_staff_only=side != "customer",
        )
