"""The thread: the only writer of messages. Knows nothing about HTTP or models."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.auth.caller import Caller, Customer, Integration, Staff
from app.clock import utc_now
from app.content_filter import FilterResult
from app.conversations import characters
from app.conversations.endings import PERSON, end_turn, turn_key
from app.conversations.ownership import owner_of
from app.conversations.ratings import keep_citations
from app.conversations.repeats import require_same_text
from app.conversations.repository import ConversationRepository
from app.conversations.schemas import ConversationCreate
from app.conversations.state import (
    Author,
    ConversationStatus,
    MessageKind,
    assistant_may_speak,
    status_after_customer_message,
    transition,
)
from app.conversations.views import conversation_data, message_data
from app.db.conversation import ConversationRecord, MessageRecord, TurnRecord
from app.errors import NotFound, StateConflict
from app.jobs.enqueue import enqueue
from app.realtime.events import EventType
from app.realtime.publish import publish
from routing.language import detect

RUN_TURN = "dialogue.run_turn"
WAIT_FOR_EARLIER = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the assistant says to end a turn."""

    text: str
    language: str
    citations: list[dict[str, Any]] = field(default_factory=list)
    quick_replies: list[str] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    generated: bool = False
    decision_id: str | None = None


def in_customers_characters(conversation: ConversationRecord, reply: Reply) -> Reply:
    """The reply in traditional characters where the customer writes them; citations stay."""
    if reply.language != "zh" or not conversation.details.get(characters.KEY):
        return reply
    keep = characters.names_on(reply.cards)
    return replace(
        reply,
        text=characters.traditional(reply.text, keep=keep),
        quick_replies=[characters.traditional(words) for words in reply.quick_replies],
        cards=[characters.traditional_card(card) for card in reply.cards],
    )


@dataclass(frozen=True, slots=True)
class Accepted:
    """A stored customer message; `is_new` is False for a message sent twice."""

    message: MessageRecord
    turn: TurnRecord | None
    is_new: bool


class ConversationService:
    """What can be done with a conversation, by a caller or by the assistant."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.conversations = ConversationRepository(session)

    def open(self, body: ConversationCreate, caller: Caller) -> ConversationRecord:
        """A new thread. Only an integration may say whose it is; a widget session is its own."""
        customer_id, level = owner_of(self.session, body, caller)
        now = utc_now()
        conversation = self.conversations.add(
            ConversationRecord(
                channel=body.channel,
                locale=body.locale or "en",
                customer_id=customer_id,
                widget_session_id=caller.session_id if isinstance(caller, Customer) else None,
                created_by_key_id=caller.key_id if isinstance(caller, Integration) else None,
                level=level.value,
                details={"metadata": body.metadata, "locale_is_guess": body.locale is None},
                updated_at=now,
            )
        )
        record(
            self.session,
            "conversation.opened",
            actor=caller.actor,
            subject=conversation.id,
            channel=body.channel,
        )
        self.announce(conversation)
        return conversation

    def get(self, conversation_id: str, caller: Caller) -> ConversationRecord:
        """A conversation that this caller may read; another's looks like none."""
        found = self.conversations.find_readable(conversation_id, caller)
        if found is None:
            raise NotFound("No such conversation.", code="conversation_not_found")
        return found

    def lock(self, conversation_id: str, caller: Caller) -> ConversationRecord:
        """The same for writing, under the row lock."""
        found = self.conversations.find_writable(conversation_id, caller)
        if found is None:
            raise NotFound("No such conversation.", code="conversation_not_found")
        return found

    def accept_customer_message(
        self,
        conversation: ConversationRecord,
        filtered: FilterResult,
        *,
        actor: Actor,
        client_message_id: str | None,
    ) -> Accepted:
        """Store a filtered message with its turn, and put the turn to work."""
        if client_message_id is not None:
            before = self.conversations.find_by_client_id(conversation.id, client_message_id)
            if before is not None:
                require_same_text(before, filtered.text)
                turn = self.conversations.find_turn_of_message(before.id)
                return Accepted(before, turn, is_new=False)
        woken = status_after_customer_message(conversation.status)
        if woken.value != conversation.status:
            conversation.status = transition(conversation.status, to=woken)
            self.announce(conversation)
        language = detect(filtered.text, conversation.locale)
        if conversation.details.get("locale_is_guess"):
            conversation.locale = language  # nobody chose one: what the customer writes decides
        conversation.details = characters.remember(conversation.details, filtered.text)
        message = self._append(
            conversation,
            author=Author.CUSTOMER,
            text=filtered.text,
            language=language,
            client_message_id=client_message_id,
        )
        turn = self._begin_turn(conversation, message, filtered)
        record(
            self.session,
            "message.accepted",
            actor=actor,
            subject=conversation.id,
            message=message.id,
            filter=filtered.action.value,
        )
        return Accepted(message, turn, is_new=True)

    def post_staff_message(
        self, conversation: ConversationRecord, text: str, *, staff: Staff, kind: MessageKind
    ) -> MessageRecord:
        """A person's reply (only while they hold the conversation) or a note for colleagues."""
        if kind is MessageKind.TEXT and conversation.assignee_id != staff.staff_id:
            raise StateConflict("Accept the conversation before you reply.", code="not_assigned")
        message = self._append(
            conversation,
            author=Author.AGENT,
            text=text,
            language=detect(text, conversation.locale),
            kind=kind,
            author_name=staff.name,
            staff_id=staff.staff_id,
        )
        record(
            self.session,
            "message.sent_by_agent" if kind is MessageKind.TEXT else "note.written",
            actor=staff.actor,
            subject=conversation.id,
            message=message.id,
        )
        return message

    def append_reply(
        self, conversation: ConversationRecord, reply: Reply, *, turn_id: str | None
    ) -> MessageRecord:
        """The assistant's words; refused while a person holds the conversation."""
        if not assistant_may_speak(conversation.status):
            raise StateConflict("A person holds the conversation.", code="held_by_person")
        reply = in_customers_characters(conversation, reply)
        return self._append(
            conversation,
            author=Author.ASSISTANT,
            text=reply.text,
            language=reply.language,
            citations=reply.citations,
            quick_replies=reply.quick_replies,
            cards=reply.cards,
            generated=reply.generated,
            decision_id=reply.decision_id,
            turn_id=turn_id,
        )

    def add_activity(self, conversation: ConversationRecord, text: str) -> MessageRecord:
        """A line in the thread that says what happened."""
        return self._append(
            conversation,
            author=Author.SYSTEM,
            text=text,
            language=conversation.locale,
            kind=MessageKind.ACTIVITY,
        )

    def set_status(
        self, conversation: ConversationRecord, status: ConversationStatus, *, actor: Actor
    ) -> None:
        """Change the state, tell everyone, leave a trace."""
        was = conversation.status
        conversation.status = transition(was, to=status)
        if was == conversation.status:
            return
        conversation.resolved_at = utc_now() if status is ConversationStatus.RESOLVED else None
        record(
            self.session,
            f"conversation.{status.value}",
            actor=actor,
            subject=conversation.id,
            was=was,
        )
        self.announce(conversation)

    def _begin_turn(
        self, conversation: ConversationRecord, message: MessageRecord, filtered: FilterResult
    ) -> TurnRecord:
        turn = TurnRecord(
            conversation_id=conversation.id,
            message_id=message.id,
            message_seq=message.seq,
            filter_action=filtered.action.value,
            filter_name=filtered.name,
            findings=[
                {"type": finding.type.value, "start": finding.start, "end": finding.end}
                for finding in filtered.findings
            ],
        )
        must_wait = self.conversations.has_open_turn(conversation.id)
        self.session.add(turn)
        self.session.flush()
        if assistant_may_speak(conversation.status):
            # behind another turn: the end of that one offers this, the time is for lost wake-ups
            later = utc_now() + WAIT_FOR_EARLIER if must_wait else None
            key = turn_key(turn.id)
            enqueue(self.session, RUN_TURN, key=key, run_after=later, turn_id=turn.id)
        else:  # a person holds the conversation: the message's ending is that person
            end_turn(self.session, turn, PERSON)
        return turn

    def _append(
        self,
        conversation: ConversationRecord,
        *,
        author: Author,
        text: str,
        language: str,
        kind: MessageKind = MessageKind.TEXT,
        **details: Any,  # noqa: ANN401 - columns of MessageRecord
    ) -> MessageRecord:
        """The next message, `seq` = last + 1 under the row lock, with its event."""
        conversation.last_seq += 1
        conversation.updated_at = utc_now()
        message = MessageRecord(
            conversation_id=conversation.id,
            seq=conversation.last_seq,
            author=author.value,
            kind=kind.value,
            text=text,
            language=language,
            **details,
        )
        self.session.add(message)
        self.session.flush()
        keep_citations(self.session, message)
        publish(
            self.session,
            conversation,
            EventType.MESSAGE_CREATED,
            message_data(message),
            staff_only=kind is MessageKind.NOTE,
        )
        return message

    def announce(self, conversation: ConversationRecord) -> None:
        """Tell everyone that the conversation's own facts changed."""
        conversation.updated_at = utc_now()
        data = conversation_data(self.session, conversation)
        publish(self.session, conversation, EventType.CONVERSATION_UPDATED, data)
