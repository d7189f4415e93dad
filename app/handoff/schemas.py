"""Bodies of the desk."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas import Body, Key, Masked, Note, Reading, Timestamp


class HandoffCreate(Body):
    reason: Annotated[Key, Masked] | None = Field(None, examples=["customer_request"])
    note: Note | None = Field(None, examples=["Wants to talk about a mortgage."])


class HandoffTransfer(Body):
    queue: Key = Field(examples=["fraud"])


class AssigneeRead(Reading):
    id: str
    name: str


class HandoffRead(Reading):
    id: str
    conversation_id: str
    status: Literal["waiting", "accepted", "closed"]
    queue: str
    priority: str
    reason: str
    intent: str | None
    language: str
    note: str | None
    customer_name: str | None = None
    assignee: AssigneeRead | None = None
    position: int | None = Field(None, description="1 is next; null when nobody waits.")
    waiting_seconds: int
    requested_at: Timestamp
    accepted_at: Timestamp | None
    closed_at: Timestamp | None


class QueueRead(Reading):
    name: str
    waiting: int
    longest_wait_seconds: int
    estimated_wait_seconds: int | None = Field(
        description="From the median wait of the last hour; null without one."
    )


class QueueList(Reading):
    items: list[QueueRead]


class PresenceUpdate(Body):
    status: Literal["online", "away", "offline"]


class PresenceRead(Reading):
    status: str
