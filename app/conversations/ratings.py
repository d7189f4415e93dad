"""Whether a cited answer helped, by the customer who got it; and what each reply cited."""

from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.clock import utc_now
from app.conversations.repository import ConversationRepository
from app.conversations.state import Author
from app.db.conversation import ConversationRecord, MessageRecord
from app.db.editorial import MessageCitationRecord, MessageRatingRecord
from app.errors import NotFound, StateConflict


def rate_answer(
    session: Session,
    conversation: ConversationRecord,
    message_id: str,
    *,
    helpful: bool,
    actor: Actor,
) -> MessageRatingRecord:
    """One rating for each cited answer; a later one replaces it. The conversation is locked."""
    conversations = ConversationRepository(session)
    message = conversations.find_message(conversation.id, message_id)
    if message is None:
        raise NotFound("No such message in this conversation.", code="message_not_found")
    if message.author != Author.ASSISTANT or not message.citations:
        raise StateConflict("Only an answer with sources can be rated.", code="not_rateable")
    row = conversations.find_message_rating(message.id)
    if row is None:
        row = MessageRatingRecord(message_id=message.id, conversation_id=conversation.id)
    elif row.helpful == helpful:
        return row
    row.helpful, row.updated_at = helpful, utc_now()
    session.add(row)
    session.flush()
    record(
        session,
        "message.rated",
        actor=actor,
        subject=conversation.id,
        message=message.id,
        helpful=helpful,
    )
    return row


def keep_citations(session: Session, message: MessageRecord) -> None:
    """A row for each document version that a new message cites, so that they can be counted."""
    cited = {(one["document_id"], one["version"]) for one in message.citations or ()}
    session.add_all(
        MessageCitationRecord(
            message_id=message.id,
            document_id=document_id,
            version=version,
            conversation_id=message.conversation_id,
            created_at=message.created_at,
        )
        for document_id, version in sorted(cited)
    )
