"""Bodies of the doors to what customers read."""

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from app.knowledge.schemas import DOCUMENT_ID, AuthorRead, VersionNumber
from app.schemas import Body, Masked, Reading, Storable, Timestamp, not_blank

MAX_REASON_CHARACTERS = 2_000

Reason = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_REASON_CHARACTERS),
    Storable,
    AfterValidator(not_blank),
    Masked,
]


class PublishRequest(Body):
    version: VersionNumber | None = Field(
        None,
        description="The version that was reviewed; 409 when there is a newer one by now.",
        examples=[2],
    )
    scheduled: Literal["replace", "keep"] | None = Field(
        None,
        description="What becomes of versions that are scheduled already; 409 when some are and "
        "this is not said.",
        examples=["replace"],
    )


class RejectRequest(Body):
    reason: Reason = Field(
        description="What the author should change.", examples=["The fee is 4 EUR since June."]
    )


class RollbackRequest(Body):
    version: VersionNumber = Field(description="A version that was published.", examples=[1])


class UnscheduleRequest(Body):
    version: VersionNumber | None = Field(
        None, description="Only this one; without it, all that is scheduled.", examples=[2]
    )


class PublicationRead(Reading):
    """An interval in which customers read, or will read, one version."""

    document_id: str = Field(examples=[DOCUMENT_ID])
    version: int = Field(examples=[1])
    shown_from: Timestamp
    shown_until: Timestamp | None = Field(description="Exclusive; null when nothing ends it yet.")
    state: Literal["ended", "shown", "scheduled"] = Field(examples=["shown"])
    cause: Literal["approved", "rolled_back", "shipped"] = Field(examples=["approved"])
    approver: AuthorRead | None = Field(description="Whose act made it.")
    created_at: Timestamp


class FactChange(Reading):
    """A fact beside the text that differs; `from` and `to` are its two values."""

    model_config = ConfigDict(from_attributes=True, serialize_by_alias=True)

    field: str = Field(examples=["title"])
    before: str | list[str] | None = Field(alias="from")
    after: str | list[str] | None = Field(alias="to")


class LineRead(Reading):
    """A line or sentence of the text, as Markdown."""

    op: Literal["same", "removed", "added"] = Field(examples=["added"])
    text: str = Field(examples=["Open the app, choose your card, then Activate."])


class DiffRead(Reading):
    """What changed between two versions of a document."""

    model_config = ConfigDict(from_attributes=True, serialize_by_alias=True)

    document_id: str = Field(examples=[DOCUMENT_ID])
    before: int = Field(alias="from", examples=[1])
    after: int = Field(alias="to", examples=[2])
    facts: list[FactChange]
    lines: list[LineRead]
