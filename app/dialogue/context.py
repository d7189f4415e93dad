"""What a turn knows about its conversation: read once, before any work."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.banking.actions import AccountAction, AccountRequest
from app.conversations import characters
from app.conversations.state import assistant_may_speak
from app.db.conversation import ConversationRecord, MessageRecord, TurnRecord
from app.db.people import CustomerRecord
from routing import Level

RECENT_MESSAGES = 12


@dataclass(frozen=True, slots=True)
class PastMessage:
    """One earlier entry of the thread, masked as it was stored."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class TurnContext:
    """Everything that a turn reads from the database."""

    turn_id: str
    conversation_id: str
    message_id: str
    message_seq: int
    text: str
    language: str
    locale: str
    channel: str
    filter_action: str
    filter_name: str | None
    findings: tuple[dict[str, object], ...]
    customer_id: str | None  # ours
    external_id: str | None  # the bank's
    level: Level
    clarifications: int
    clarify_options: tuple[str, ...]
    pending_request: AccountRequest | None
    history: tuple[PastMessage, ...]
    has_ended: bool
    held_by_person: bool
    writes_traditional: bool = False


def load_context(session: Session, turn_id: str) -> TurnContext:
    """The context of a turn as it is now."""
    turn = session.get_one(TurnRecord, turn_id)
    conversation = session.get_one(ConversationRecord, turn.conversation_id)
    message = session.get_one(MessageRecord, turn.message_id)
    customer = (
        session.get_one(CustomerRecord, conversation.customer_id)
        if conversation.customer_id
        else None
    )
    return TurnContext(
        turn_id=turn.id,
        conversation_id=conversation.id,
        message_id=message.id,
        message_seq=message.seq,
        text=message.text,
        language=message.language,
        locale=conversation.locale,
        channel=conversation.channel,
        filter_action=turn.filter_action,
        filter_name=turn.filter_name,
        findings=tuple(turn.findings),
        customer_id=conversation.customer_id,
        external_id=customer.external_id if customer else None,
        level=Level(conversation.level),
        clarifications=conversation.clarifications,
        clarify_options=tuple(conversation.details.get("clarify_options", ())),
        pending_request=_pending_request(conversation),
        history=_history(session, message),
        has_ended=turn.ending is not None,
        held_by_person=not assistant_may_speak(conversation.status),
        writes_traditional=bool(conversation.details.get(characters.KEY)),
    )


def _pending_request(conversation: ConversationRecord) -> AccountRequest | None:
    stored = conversation.details.get("pending_request")
    return request_from(stored) if stored else None


def request_from(stored: dict[str, object]) -> AccountRequest:
    """An account request as it was stored with `as_dict()`."""
    values = {key: value for key, value in stored.items() if key != "action"}
    return AccountRequest(action=AccountAction(stored["action"]), **values)  # type: ignore[arg-type]  # written by as_dict()


def _history(session: Session, message: MessageRecord) -> tuple[PastMessage, ...]:
    rows = session.scalars(
        select(MessageRecord)
        .where(
            MessageRecord.conversation_id == message.conversation_id,
            MessageRecord.seq < message.seq,
            MessageRecord.kind == "text",
        )
        .order_by(MessageRecord.seq.desc())
        .limit(RECENT_MESSAGES)
    ).all()
    return tuple(PastMessage(row.author, row.text) for row in reversed(rows))
