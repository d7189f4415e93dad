"""What a turn knows about its conversation: read once, before any work."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.banking.actions import AccountRequest
from app.clock import utc_now
from app.conversations import characters
from app.conversations.state import assistant_may_speak
from app.db.conversation import ConversationRecord, MessageRecord, TurnRecord
from app.db.decision import DecisionRecord
from app.db.people import CustomerRecord
from app.dialogue.open_request import OpenRequest, last_request_of, open_request_of
from routing import Level, Outcome, Route
from routing.context import REACH

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
    open_request: OpenRequest | None
    last_request: AccountRequest | None  # what was last carried out
    previous_intent: str | None  # what the request before was decided to be
    history: tuple[PastMessage, ...]
    has_ended: bool
    held_by_person: bool
    writes_traditional: bool = False
    place: int = 0  # of one request among several in the message

    @property
    def bank_key(self) -> str:
        """Under which a change at the bank takes effect once: each request has its own."""
        return f"{self.turn_id}:{self.place}" if self.place else self.turn_id


def load_context(session: Session, turn_id: str, *, keep_open: timedelta) -> TurnContext:
    """The context of a turn as it is now; `keep_open` is how long an open request waits."""
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
        open_request=open_request_of(conversation.details, now=utc_now(), keep_open=keep_open),
        last_request=last_request_of(conversation.details),
        previous_intent=_previous_intent(session, conversation.id, turn.message_seq),
        history=_history(session, message),
        has_ended=turn.ending is not None,
        held_by_person=not assistant_may_speak(conversation.status),
        writes_traditional=bool(conversation.details.get(characters.KEY)),
    )


def _previous_intent(session: Session, conversation_id: str, before_seq: int) -> str | None:
    """The intent of the latest turn that was not mere courtesy, if it was answered."""
    rows = session.execute(
        select(DecisionRecord.intent, DecisionRecord.outcome, DecisionRecord.route)
        .join(TurnRecord, TurnRecord.decision_id == DecisionRecord.id)
        .where(
            TurnRecord.conversation_id == conversation_id,
            TurnRecord.message_seq < before_seq,
        )
        .order_by(TurnRecord.message_seq.desc())
        .limit(REACH)
    ).all()
    for intent, outcome, route in rows:
        if outcome != Outcome.ANSWER or route == Route.HUMAN:
            return None
        if route != Route.GENERAL:
            return str(intent)
    return None


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
