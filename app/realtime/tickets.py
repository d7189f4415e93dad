"""One-time tickets for the WebSocket handshake: no lasting secret travels in a URL."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.auth.tokens import hash_token, new_token
from app.clock import utc_now
from app.db.credential import SocketTicketRecord

TICKET_SECONDS = 30


def issue_ticket(session: Session, conversation_id: str, *, side: str) -> str:
    """A ticket for one handshake within 30 seconds."""
    ticket = new_token("sbt_")
    session.add(
        SocketTicketRecord(
            ticket_hash=hash_token(ticket),
            conversation_id=conversation_id,
            side=side,
            expires_at=utc_now() + timedelta(seconds=TICKET_SECONDS),
        )
    )
    return ticket


def use_ticket(session: Session, ticket: str, conversation_id: str) -> str | None:
    """The side that the ticket was issued to; None when it is unknown, old, used or another's."""
    used = session.execute(
        delete(SocketTicketRecord)
        .where(
            SocketTicketRecord.ticket_hash == hash_token(ticket),
            SocketTicketRecord.conversation_id == conversation_id,
            SocketTicketRecord.expires_at > utc_now(),
        )
        .returning(SocketTicketRecord.side)
    ).one_or_none()
    return None if used is None else used.side
