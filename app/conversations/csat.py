"""What customers thought of it, and how far each side has read."""

from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.conversations.repository import ConversationRepository
from app.db.conversation import ConversationRecord, CsatRecord
from app.realtime.events import EventType
from app.realtime.publish import publish


def rate(
    session: Session,
    conversation: ConversationRecord,
    rating: int,
    comment: str | None,
    *,
    actor: Actor,
) -> CsatRecord:
    """One rating for each conversation; a later one replaces it."""
    row = ConversationRepository(session).find_rating(conversation.id)
    if row is None:
        row = CsatRecord(conversation_id=conversation.id, rating=rating)
        session.add(row)
    row.rating, row.comment = rating, comment
    record(session, "conversation.rated", actor=actor, subject=conversation.id, rating=rating)
    return row


def mark_read(
    session: Session, conversation: ConversationRecord, up_to: int, *, by_staff: bool
) -> None:
    """Remember how far a side has read; never backwards, never past the end."""
    up_to = min(up_to, conversation.last_seq)
    if by_staff:
        conversation.staff_read_seq = max(conversation.staff_read_seq, up_to)
    else:
        conversation.customer_read_seq = max(conversation.customer_read_seq, up_to)
    side = "staff" if by_staff else "customer"
    publish(session, conversation, EventType.MESSAGE_READ, {"side": side, "up_to": up_to})
