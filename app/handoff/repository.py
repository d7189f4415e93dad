"""All SQL for handoffs. Accepting is one guarded UPDATE: two agents never hold one customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update

from app.auth.access import readable_conversations
from app.auth.caller import Caller
from app.db.conversation import ConversationRecord
from app.db.handoff import HandoffRecord
from app.db.people import CustomerRecord, StaffRecord
from app.db.repository import Repository


@dataclass(frozen=True, slots=True)
class ListedHandoff:
    """A handoff with the names that the desk shows."""

    handoff: HandoffRecord
    customer_name: str | None
    assignee: StaffRecord | None


@dataclass(frozen=True, slots=True)
class WaitingQueue:
    """Customers that wait in one queue."""

    name: str
    waiting: int
    oldest: datetime


class HandoffRepository(Repository[HandoffRecord]):
    record = HandoffRecord

    def find_open(self, conversation_id: str) -> HandoffRecord | None:
        return self.session.scalar(
            select(HandoffRecord).where(
                HandoffRecord.conversation_id == conversation_id, HandoffRecord.status != "closed"
            )
        )

    def find_listed(self, handoff_id: str, caller: Caller) -> ListedHandoff | None:
        row = self.session.execute(
            _listed().where(HandoffRecord.id == handoff_id, readable_conversations(caller))
        ).one_or_none()
        return None if row is None else ListedHandoff(row[0], row[1], row[2])

    def list_served(
        self, caller: Caller, *, status: str | None, queue: str | None, limit: int
    ) -> Sequence[ListedHandoff]:
        """In the order in which they are served."""
        query = _listed().where(readable_conversations(caller))
        if status is not None:
            query = query.where(HandoffRecord.status == status)
        else:
            query = query.where(HandoffRecord.status != "closed")
        if queue is not None:
            query = query.where(HandoffRecord.queue == queue)
        rows = self.session.execute(
            query.order_by(HandoffRecord.priority_rank, HandoffRecord.id).limit(limit)
        )
        return [ListedHandoff(row[0], row[1], row[2]) for row in rows]

    def accept(self, handoff_id: str, *, staff_id: str, now: datetime) -> bool:
        """False when somebody else was first."""
        return self._move(
            handoff_id, was="waiting", status="accepted", assignee_id=staff_id, accepted_at=now
        )

    def release(self, handoff_id: str) -> bool:
        return self._move(
            handoff_id, was="accepted", status="waiting", assignee_id=None, accepted_at=None
        )

    def list_queues(self) -> Sequence[WaitingQueue]:
        rows = self.session.execute(
            select(
                HandoffRecord.queue,
                func.count(),
                func.min(HandoffRecord.created_at).label("oldest"),
            )
            .where(HandoffRecord.status == "waiting")
            .group_by(HandoffRecord.queue)
            .order_by(HandoffRecord.queue)
        )
        return [WaitingQueue(row[0], row[1], row[2]) for row in rows]

    def recent_waits(self, queue: str, *, now: datetime) -> list[float]:
        """Seconds that customers waited whose handoff was accepted in the last hour."""
        rows = self.session.execute(
            select(HandoffRecord.created_at, HandoffRecord.accepted_at).where(
                HandoffRecord.queue == queue, HandoffRecord.accepted_at > now - timedelta(hours=1)
            )
        )
        return [(row.accepted_at - row.created_at).total_seconds() for row in rows]

    def _move(self, handoff_id: str, *, was: str, **values: object) -> bool:
        moved = self.session.execute(
            update(HandoffRecord)
            .where(HandoffRecord.id == handoff_id, HandoffRecord.status == was)
            .values(**values)
            .returning(HandoffRecord.id)
        ).one_or_none()
        return moved is not None


def _listed() -> Select[HandoffRecord, str | None, StaffRecord]:
    return (
        select(HandoffRecord, CustomerRecord.name, StaffRecord)
        .join(ConversationRecord, ConversationRecord.id == HandoffRecord.conversation_id)
        .outerjoin(CustomerRecord, CustomerRecord.id == ConversationRecord.customer_id)
        .outerjoin(StaffRecord, StaffRecord.id == HandoffRecord.assignee_id)
    )
