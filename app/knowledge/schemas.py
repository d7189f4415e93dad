"""Bodies of the knowledge doors."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    field_validator,
)
from pydantic_core.core_schema import ValidationInfo

from app.schemas import (
    Body,
    Key,
    MessageText,
    Name,
    Reading,
    Storable,
    Timestamp,
    not_blank,
)

MAX_TITLE_CHARACTERS = 300
MAX_BODY_CHARACTERS = 200_000
MAX_INTENTS = 20
MAX_HITS = 50

Locale = Literal["en", "zh"]
AudienceName = Literal["public", "customers", "staff"]
StatusName = Literal["draft", "submitted", "scheduled", "published", "retired"]
MAX_FILTER_CHARACTERS = 200
VersionNumber = Annotated[int, Field(ge=1, le=2_000_000_000)]
DOCUMENT_ID = "019237f0-0000-7000-8000-000000000000"
DOCUMENT_BODY = "## How do I activate my card?\n\nOpen the app, choose your card, then Activate."


def _in_utc(moment: datetime) -> datetime:
    """Refuse what no database keeps: moments that leave the calendar when they become UTC."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as outside:
        raise ValueError("must lie between the years 1 and 9999 in UTC") from outside


def _date_text(value: object) -> object:
    """Refuse numbers: days or seconds since 1970 are not a date here."""
    if isinstance(value, date) or (isinstance(value, str) and value.count("-") == 2):
        return value
    raise ValueError("must be a date such as 2027-06-30")


Day = Annotated[date, BeforeValidator(_date_text)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_TITLE_CHARACTERS),
    Storable,
    AfterValidator(not_blank),
]
Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_BODY_CHARACTERS),
    Storable,
    AfterValidator(not_blank),
]
SourceUrl = Annotated[
    str, StringConstraints(max_length=2_000, pattern=r"^https?://[^\s<>\"]+$"), Storable
]
TitleWords = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_FILTER_CHARACTERS),
    AfterValidator(not_blank),
]
Intents = Annotated[list[Key], Field(max_length=MAX_INTENTS)]


class DocumentFacts(Body):
    """What is known about a text beside the text itself."""

    audience: AudienceName = Field("public", description="Who may read it.")
    intents: Intents = Field(
        default_factory=list,
        description="Intents that this text answers.",
        examples=[["card_activation"]],
    )
    source_url: SourceUrl | None = Field(None, examples=["https://lanternbank.example/cards"])
    effective_from: Moment | None = Field(None, examples=["2026-12-01T00:00:00Z"])
    expires_at: Moment | None = Field(None, examples=["2027-12-01T00:00:00Z"])
    owner: Name | None = Field(
        None, description="Who looks after this text.", examples=["Cards team"]
    )
    review_by: Day | None = Field(
        None, description="From this day on it counts as stale.", examples=["2027-06-30"]
    )

    @field_validator("expires_at")
    @classmethod
    def _after_it_begins(cls, expires_at: datetime | None, info: ValidationInfo) -> datetime | None:
        begins = info.data.get("effective_from")
        if expires_at is not None and begins is not None and expires_at <= begins:
            raise ValueError("must be later than effective_from")
        return expires_at


class DocumentCreate(DocumentFacts):
    """A document, or the next version of one."""

    title: Title = Field(examples=["Activate a card"])
    body: Text = Field(examples=[DOCUMENT_BODY])
    format: Literal["markdown", "html", "text"] = Field("markdown", examples=["markdown"])
    locale: Locale = Field(examples=["en"])


class FileFacts(DocumentFacts):
    """Fields beside an uploaded file; those that are absent are read from the file."""

    title: Title | None = Field(None, examples=["Activate a card"])
    locale: Locale | None = Field(None, examples=["en"])


class Perspective(Body):
    """For the bank's own side: look as somebody else, or as on another day."""

    as_of: Moment | None = Field(
        None,
        description="What was, or will be, published at this moment. Staff and keys only.",
        examples=[None],
    )
    audience: AudienceName | None = Field(
        None,
        description="What visitors (public), known customers, or staff are shown. "
        "Staff and keys only.",
        examples=[None],
    )


class SearchRequest(Perspective):
    query: MessageText = Field(examples=["How do I activate my new card?"])
    k: int = Field(5, ge=1, le=MAX_HITS, examples=[5])
    locale: Locale | None = Field(None, examples=["en"])
    mode: Literal["hybrid", "dense", "keyword"] = Field("hybrid", examples=["hybrid"])


class AnswerRequest(Perspective):
    question: MessageText = Field(examples=["How do I activate my new card?"])
    locale: Locale | None = Field(None, examples=["en"])


class AuthorRead(Reading):
    kind: Literal["staff", "integration", "system"]
    id: str | None


class RejectionRead(Reading):
    """Why a version was given back; of the last time."""

    reason: str
    by_id: str
    at: Timestamp


class VersionSummary(Reading):
    """One state of a document, without its text."""

    document_id: str = Field(examples=[DOCUMENT_ID])
    version: int = Field(examples=[1])
    status: StatusName = Field(examples=["draft"])
    title: str = Field(examples=["Activate a card"])
    format: str = Field(examples=["markdown"])
    audience: AudienceName
    intents: list[str]
    source_url: str | None
    effective_from: Timestamp | None
    expires_at: Timestamp | None
    owner: str | None
    review_by: date | None
    author: AuthorRead | None
    approver_id: str | None = Field(description="Who published it.")
    rejection: RejectionRead | None = Field(description="Why it was given back, if it was.")
    created_at: Timestamp
    published_at: Timestamp | None = Field(description="When customers last began to read it.")
    shown_from: Timestamp | None = Field(
        description="Begin of its publication: the present one, else the next, else the last."
    )
    shown_until: Timestamp | None = Field(
        description="End of that publication; null when nothing ends it yet, or there is none."
    )


class VersionRead(VersionSummary):
    body: str


class DocumentSummary(VersionSummary):
    """A document as its newest version."""

    id: str = Field(examples=[DOCUMENT_ID])
    slug: str | None = Field(description="File name of an article that came with the product.")
    locale: Locale
    published_version: int | None = Field(description="What customers read; null when nothing.")
    updated_at: Timestamp


class DocumentRead(DocumentSummary):
    body: str


class JobRead(Reading):
    job_id: str = Field(examples=[DOCUMENT_ID])
    status: Literal["ready", "running", "done", "dead"] = Field(examples=["ready"])


class HitRead(Reading):
    document_id: str
    version: int
    chunk_id: str
    title: str
    text: str
    score: float = Field(description="Higher is better; comparable within one search only.")


class SearchRead(Reading):
    hits: list[HitRead]
    index_version: str


class CitationRead(Reading):
    document_id: str
    version: int
    title: str
    url: str | None
    quote: str
    chunk_id: str
    chunk_hash: str


class AnswerRead(Reading):
    answer: str | None
    abstained: bool
    citations: list[CitationRead]
    confidence: float = Field(ge=0, le=1)

    @classmethod
    def abstention(cls, confidence: float) -> Self:
        """No answer is better than one that does not stand in a published document."""
        return cls(answer=None, abstained=True, citations=[], confidence=confidence)
