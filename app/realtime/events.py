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


# what `data` of each event holds
EVENT_DATA: dict[EventType | TransientType, str] = {
    EventType.CONVERSATION_UPDATED: "conversation: as `GET /v1/conversations/{id}` shows it",
    EventType.MESSAGE_CREATED: "message: as the list of messages shows it",
    EventType.MESSAGE_READ: "side: customer or staff; up_to: highest seq that was read",
    EventType.HANDOFF_REQUESTED: "handoff: id, status, queue, priority, reason, position",
    EventType.HANDOFF_ACCEPTED: "handoff, the same",
    EventType.HANDOFF_RELEASED: "handoff, the same",
    EventType.HANDOFF_TRANSFERRED: "handoff, the same",
    EventType.HANDOFF_RETURNED: "handoff, the same",
    EventType.VERIFICATION_REQUESTED: "challenge_id, method, action, sent_to, expires_at",
    EventType.VERIFICATION_COMPLETED: "level, action",
    TransientType.MESSAGE_DELTA: "turn_id; text to append, replaced by the final message",
    TransientType.TYPING: "author: customer or agent; is_typing",
    TransientType.ASSISTANT_WORKING: "turn_id",
}
