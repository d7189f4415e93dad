"""Names of events; mirrored in web/shared/events.ts."""

from enum import StrEnum


class EventType(StrEnum):
    """Stored events, gapless in a conversation."""

    CONVERSATION_UPDATED = "conversation.updated"
    MESSAGE_CREATED = "message.created"
    MESSAGE_READ = "message.read"
    HANDOFF_REQUESTED = "handoff.requested"
    HANDOFF_ACCEPTED = "handoff.accepted"
    HANDOFF_RELEASED = "handoff.released"
    HANDOFF_TRANSFERRED = "handoff.transferred"
    HANDOFF_RETURNED = "handoff.returned"
    VERIFICATION_REQUESTED = "verification.requested"
    VERIFICATION_COMPLETED = "verification.completed"


class TransientType(StrEnum):
    """Passing hints: never stored, no seq, may be lost."""

    MESSAGE_DELTA = "message.delta"
    TYPING = "typing"
    ASSISTANT_WORKING = "assistant.working"
