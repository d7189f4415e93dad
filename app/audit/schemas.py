"""Bodies of the audit doors."""

from typing import Any

from pydantic import ConfigDict, Field

from app.schemas import Reading, Timestamp


class AuditEventRead(Reading):
    """One audit event, as it was recorded."""

    id: str
    position: int
    time: Timestamp
    actor: str = Field(examples=["staff:0199f1c2-6a40-7c1e-a1b2-0a2f4f6f9d11"])
    action: str = Field(examples=["handoff.accepted"])
    subject: str
    outcome: str = Field(examples=["success"])
    details: dict[str, Any] = Field(description="Ids, states and counts; never message text.")


class BadPlaceRead(Reading):
    """The first thing that is wrong."""

    kind: str = Field(description="event | block", examples=["event"])
    reason: str
    position: int | None = Field(None, description="Of an event.")
    block: int | None = Field(None, description="Number of a block.")


class VerificationRead(Reading):
    """What a verification of the whole trail found."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "ok": True, "events": 1204, "blocks": 87, "unsealed": 3, "first_bad": None,
            }
        },
    )  # fmt: skip

    ok: bool
    events: int
    blocks: int
    unsealed: int = Field(description="Events that no block covers yet; their codes were checked.")
    first_bad: BadPlaceRead | None = None
