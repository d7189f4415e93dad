"""From the assistant to people and back. Every step changes thread, handoff and audit together."""

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.auth.caller import Caller, Role, Staff
from app.clock import rfc3339, utc_now
from app.conversations.service import ConversationService
from app.conversations.state import ConversationStatus
from app.db.conversation import ConversationRecord
from app.db.handoff import HandoffRecord, queue_position
from app.errors import BadInput, FieldError, Forbidden, NotFound, StateConflict
from app.handoff.reasons import HandoffReason, rank_of
from app.handoff.repository import HandoffRepository
from app.handoff.texts import activity
from app.monitoring.metrics import HANDOFFS
from app.realtime.events import EventType
from app.realtime.publish import publish

DEFAULT_QUEUE = "general"


class HandoffService:
    """What can be done with a handoff."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.handoffs = HandoffRepository(session)
        self.conversations = ConversationService(session)

    def request(
        self,
        conversation: ConversationRecord,
        *,
        reason: HandoffReason,
        actor: Actor,
        queue: str = DEFAULT_QUEUE,
        priority: str = "normal",
        intent: str | None = None,
        language: str | None = None,
        note: str | None = None,
    ) -> HandoffRecord:
        """Give the conversation to people. Safe to call twice: the open handoff is returned."""
        existing = self.handoffs.find_open(conversation.id)
        if existing is not None:
            return existing
        handoff = self.handoffs.add(
            HandoffRecord(
                conversation_id=conversation.id,
                queue=queue,
                priority=priority,
                priority_rank=rank_of(priority),
                reason=reason.value,
                intent=intent,
                language=language or conversation.locale,
                note=note,
            )
        )
        record(
            self.session,
            "handoff.requested",
            actor=actor,
            subject=conversation.id,
            handoff=handoff.id,
            reason=reason.value,
            queue=queue,
        )
        self.conversations.set_status(conversation, ConversationStatus.OPEN, actor=actor)
        self.conversations.add_activity(conversation, activity("requested", conversation.locale))
        self._announce(conversation, handoff, EventType.HANDOFF_REQUESTED)
        HANDOFFS.labels(reason=reason.value).inc()
        return handoff

    def accept(self, handoff_id: str, staff: Staff) -> HandoffRecord:
        """Take a waiting customer. StateConflict when a colleague was first."""
        handoff, conversation = self._lock(handoff_id, staff)
        if handoff.status == "accepted" and handoff.assignee_id == staff.staff_id:
            return handoff
        if not self.handoffs.accept(handoff.id, staff_id=staff.staff_id, now=utc_now()):
            raise StateConflict("Somebody else has taken this customer.", code="already_accepted")
        self.session.refresh(handoff)
        conversation.assignee_id = staff.staff_id
        if conversation.status != ConversationStatus.OPEN:
            self.conversations.set_status(conversation, ConversationStatus.OPEN, actor=staff.actor)
        self._tell(conversation, handoff, "accepted", EventType.HANDOFF_ACCEPTED, staff)
        return handoff

    def release(self, handoff_id: str, staff: Staff) -> HandoffRecord:
        """Put the customer back into the queue."""
        handoff, conversation = self._lock_held(handoff_id, staff)
        self.handoffs.release(handoff.id)
        self.session.refresh(handoff)
        conversation.assignee_id = None
        self._tell(conversation, handoff, "released", EventType.HANDOFF_RELEASED, staff)
        return handoff

    def transfer(
        self, handoff_id: str, queue: str, staff: Staff, *, queues: Collection[str]
    ) -> HandoffRecord:
        """Pass the customer to another of the bank's queues, to wait there."""
        if queue not in queues:
            problem = FieldError("queue", f"must be one of {', '.join(sorted(queues))}")
            raise BadInput("Nobody watches such a queue.", errors=(problem,))
        handoff, conversation = self._lock(handoff_id, staff)
        if handoff.status == "accepted":
            self._require_holder(handoff, staff)
            self.handoffs.release(handoff.id)
            self.session.refresh(handoff)
        handoff.queue = queue
        conversation.assignee_id = None
        self._tell(conversation, handoff, "transferred", EventType.HANDOFF_TRANSFERRED, staff)
        return handoff

    def return_to_assistant(self, handoff_id: str, staff: Staff) -> HandoffRecord:
        """Give the conversation back to the assistant."""
        handoff, conversation = self._lock_held(handoff_id, staff)
        self._close(handoff)
        conversation.assignee_id = None
        conversation.clarifications = 0
        self.conversations.set_status(conversation, ConversationStatus.PENDING, actor=staff.actor)
        self._tell(conversation, handoff, "returned", EventType.HANDOFF_RETURNED, staff)
        return handoff

    def resolve(self, conversation_id: str, caller: Caller) -> ConversationRecord:
        """End the conversation; an open handoff ends with it."""
        conversation = self.conversations.lock(conversation_id, caller)
        if conversation.status == ConversationStatus.RESOLVED:
            return conversation
        handoff = self.handoffs.find_open(conversation.id)
        if handoff is not None:
            self._close(handoff)
        conversation.assignee_id = None
        self.conversations.add_activity(conversation, activity("resolved", conversation.locale))
        self.conversations.set_status(conversation, ConversationStatus.RESOLVED, actor=caller.actor)
        return conversation

    def _lock(self, handoff_id: str, staff: Staff) -> tuple[HandoffRecord, ConversationRecord]:
        """The open handoff with its conversation, under the conversation's row lock."""
        listed = self.handoffs.find_listed(handoff_id, staff)
        if listed is None:
            raise NotFound("No such handoff.", code="handoff_not_found")
        conversation = self.conversations.lock(listed.handoff.conversation_id, staff)
        self.session.refresh(listed.handoff)
        if listed.handoff.status == "closed":
            raise StateConflict("This handoff is closed.", code="handoff_closed")
        return listed.handoff, conversation

    def _lock_held(self, handoff_id: str, staff: Staff) -> tuple[HandoffRecord, ConversationRecord]:
        handoff, conversation = self._lock(handoff_id, staff)
        if handoff.status != "accepted":
            raise StateConflict("Nobody has accepted this handoff.", code="handoff_waiting")
        self._require_holder(handoff, staff)
        return handoff, conversation

    def _require_holder(self, handoff: HandoffRecord, staff: Staff) -> None:
        may = staff.role in (Role.SUPERVISOR, Role.ADMIN)
        if handoff.assignee_id != staff.staff_id and not may:
            raise Forbidden("A colleague holds this conversation.")

    def _close(self, handoff: HandoffRecord) -> None:
        handoff.status, handoff.closed_at = "closed", utc_now()
        self.session.flush()

    def _tell(
        self,
        conversation: ConversationRecord,
        handoff: HandoffRecord,
        what: str,
        event_type: EventType,
        staff: Staff,
    ) -> None:
        """Activity line, event and audit of one step by a member of staff."""
        text = activity(what, conversation.locale, name=staff.name)
        self.conversations.add_activity(conversation, text)
        self._announce(conversation, handoff, event_type)
        self.conversations.announce(conversation)
        record(
            self.session,
            event_type.value,
            actor=staff.actor,
            subject=conversation.id,
            handoff=handoff.id,
            queue=handoff.queue,
        )

    def _announce(
        self, conversation: ConversationRecord, handoff: HandoffRecord, event_type: EventType
    ) -> None:
        publish(self.session, conversation, event_type, {"handoff": self._data(handoff)})

    def _data(self, handoff: HandoffRecord) -> dict[str, Any]:
        return {
            "id": handoff.id,
            "status": handoff.status,
            "queue": handoff.queue,
            "priority": handoff.priority,
            "reason": handoff.reason,
            "position": queue_position(self.session, handoff),
            "requested_at": rfc3339(handoff.created_at),
        }
