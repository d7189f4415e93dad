"""Bodies of the conversation endpoints."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from app.schemas import (
    Body,
    Key,
    Masked,
    MessageText,
    Name,
    Note,
    Reading,
    Storable,
    Timestamp,
)

MAX_METADATA_ENTRIES = 20


def _small(metadata: dict[str, str]) -> dict[str, str]:
    if len(metadata) > MAX_METADATA_ENTRIES:
        raise ValueError(f"at most {MAX_METADATA_ENTRIES} entries")
    return metadata


MetadataValue = Annotated[str, StringConstraints(max_length=500), Storable, Masked]
Metadata = Annotated[dict[Annotated[Key, Masked], MetadataValue], AfterValidator(_small)]
Email = Annotated[
    str, StringConstraints(max_length=320, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), Storable
]


class CustomerReference(Body):
    """A customer as the bank names them; only an integration may say who it is."""

    external_id: Name = Field(examples=["cust-1001"])
    name: Annotated[Name, Masked] | None = Field(None, examples=["Emma Byrne"])
    email: Email | None = Field(None, examples=["emma@example.com"])


class ConversationCreate(Body):
    channel: Literal["widget", "crm", "api"] = Field(examples=["crm"])
    locale: Literal["en", "zh"] | None = Field(None, examples=["en"])
    customer: CustomerReference | None = None
    metadata: Metadata = Field(default_factory=dict, examples=[{"page": "/cards"}])


class MessageCreate(Body):
    text: MessageText = Field(examples=["How do I activate my new card?"])
    client_message_id: Key | None = Field(None, examples=["0192f-1"])
    kind: Literal["text", "note"] = Field("text", description="`note` is for staff only.")
    attachments: list[Key] = Field(
        default_factory=list, max_length=0, description="Not accepted in this version."
    )


class CitationRead(Reading):
    document_id: str
    version: int
    title: str
    quote: str
    url: str | None = None
    chunk_id: str | None = None
    chunk_hash: str | None = None


class CardRow(Reading):
    label: str
    value: str
    hint: str | None = None


class CardRead(Reading):
    """A small table under a message: balances, transactions, cards."""

    kind: str
    title: str
    rows: list[CardRow]


class MessageRating(Reading):
    """What the customer thought of an answer with sources."""

    helpful: bool = Field(examples=[True])


class MessageRead(Reading):
    id: str
    conversation_id: str
    seq: int = Field(examples=[1])
    author: Literal["customer", "assistant", "agent", "system"]
    author_name: str | None = None
    kind: Literal["text", "note", "activity"]
    text: str
    language: str = Field(examples=["en"])
    citations: list[CitationRead] = Field(default_factory=list)
    quick_replies: list[str] = Field(default_factory=list)
    cards: list[CardRead] = Field(default_factory=list)
    generated: bool = False
    decision_id: str | None = None
    client_message_id: str | None = None
    rating: MessageRating | None = None
    created_at: Timestamp


class PersonRead(Reading):
    id: str
    name: str | None = None


class CustomerRead(PersonRead):
    external_id: str | None = None


class PendingVerification(Reading):
    challenge_id: str
    action: str
    sent_to: str
    expires_at: Timestamp


class VerificationState(Reading):
    level: str = Field(examples=["identified"])
    pending: PendingVerification | None = None


class HandoffBrief(Reading):
    """The open handoff of a conversation."""

    id: str
    status: str
    queue: str
    priority: str
    reason: str
    position: int | None = None


class ConversationRead(Reading):
    id: str
    status: Literal["pending", "open", "snoozed", "resolved"]
    channel: str
    locale: str
    customer: CustomerRead | None = None
    assignee: PersonRead | None = None
    verification: VerificationState
    handoff: HandoffBrief | None = None
    intents: list[str] = Field(default_factory=list)
    last_seq: int
    last_event_seq: int
    metadata: dict[str, Any] = Field(default_factory=dict)
    created_at: Timestamp
    updated_at: Timestamp


class DecisionBrief(Reading):
    """What the routing decided for a message."""

    id: str
    route: str
    outcome: str
    intent: str | None
    confidence: float
    margin: float
    out_of_scope: bool
    reason: str
    language: str
    model_version: str


class MessageAccepted(Reading):
    """202: stored. With `wait=reply`: 200, and the ending of the turn."""

    message: MessageRead
    reply: MessageRead | None = None
    decision: DecisionBrief | None = None
    handoff: HandoffBrief | None = None


class TypingUpdate(Body):
    is_typing: bool


class ReadUpdate(Body):
    up_to: int = Field(ge=0, le=2_000_000_000, description="Highest message seq that was read.")


class FeedbackCreate(Body):
    rating: int = Field(ge=1, le=5, examples=[5])
    comment: Note | None = Field(None, examples=["Quick and clear."])


class FeedbackRead(Reading):
    conversation_id: str
    rating: int
    comment: str | None


class MessageRatingUpdate(Body):
    helpful: bool = Field(description="Whether this answer helped.", examples=[True])


class MessageRatingRead(MessageRating):
    message_id: str


class VerificationCreate(Body):
    method: Literal["otp"] = "otp"
    action: Key = Field(examples=["balance_inquiry"])


class VerificationChallenge(Reading):
    id: str
    method: str
    action: str
    sent_to: str = Field(examples=["+353 •••••• 0101"])
    expires_at: Timestamp


class VerificationCode(Body):
    code: Annotated[str, StringConstraints(min_length=4, max_length=12, pattern=r"^[0-9 ]+$")] = (
        Field(examples=["123456"])
    )


class VerificationResult(Reading):
    verified: bool
    level: str
