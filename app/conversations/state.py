"""Which states a conversation can be in, and who may speak when. Pure."""

from enum import StrEnum

from app.errors import StateConflict


class ConversationStatus(StrEnum):
    """pending: the assistant handles it; open: a person does (or is awaited)."""

    PENDING = "pending"
    OPEN = "open"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Author(StrEnum):
    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    AGENT = "agent"
    SYSTEM = "system"


class MessageKind(StrEnum):
    TEXT = "text"
    NOTE = "note"
    ACTIVITY = "activity"


_ALLOWED = {
    ConversationStatus.PENDING: {ConversationStatus.OPEN, ConversationStatus.RESOLVED},
    ConversationStatus.OPEN: {
        ConversationStatus.PENDING,
        ConversationStatus.SNOOZED,
        ConversationStatus.RESOLVED,
    },
    ConversationStatus.SNOOZED: {
        ConversationStatus.OPEN,
        ConversationStatus.PENDING,
        ConversationStatus.RESOLVED,
    },
    ConversationStatus.RESOLVED: {ConversationStatus.PENDING, ConversationStatus.OPEN},
}


def transition(status: str, *, to: ConversationStatus) -> str:
    """The new status; StateConflict when there is no such way. Staying is always allowed."""
    current = ConversationStatus(status)
    if to is not current and to not in _ALLOWED[current]:
        raise StateConflict(f"A {current.value} conversation cannot become {to.value}.")
    return to.value


def assistant_may_speak(status: str) -> bool:
    """Only while nobody else holds the conversation."""
    return status == ConversationStatus.PENDING


def status_after_customer_message(status: str) -> ConversationStatus:
    """A customer's word wakes what slept: a person's thread stays a person's."""
    current = ConversationStatus(status)
    if current is ConversationStatus.SNOOZED:
        return ConversationStatus.OPEN
    if current is ConversationStatus.RESOLVED:
        return ConversationStatus.PENDING
    return current
