"""Bodies of the import doors."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from app.ingestion.naming import MAX_ORIGIN_CHARACTERS
from app.knowledge.schemas import DOCUMENT_ID, AudienceName, Intents, Locale
from app.outbound.addresses import MAX_URL_CHARACTERS
from app.schemas import Body, Reading, Storable, Timestamp

UPLOAD = "upload"
Address = Annotated[
    str,
    StringConstraints(max_length=MAX_URL_CHARACTERS, pattern=r"^https?://[^\s<>\"]+$"),
    Storable,
]
Origin = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=MAX_ORIGIN_CHARACTERS, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
    ),
]


class ImportFacts(Body):
    """What is taken for granted where a document does not say it itself."""

    audience: AudienceName = Field("public", description="Who may read what does not say so.")
    intents: Intents = Field(
        default_factory=list,
        description="Intents that the documents answer.",
        examples=[["card_activation"]],
    )
    locale: Locale | None = Field(
        None, description="The language; recognised where it is absent.", examples=["en"]
    )
    submit: bool = Field(
        default=False, description="Ask a second person to publish what was imported."
    )


class FilesFacts(ImportFacts):
    """Fields beside uploaded files."""

    origin: Origin = Field(
        UPLOAD, description="A file of the same name and origin is the next version."
    )


class PageImport(ImportFacts):
    """A page of the web, or every page that a sitemap names."""

    url: Address | None = Field(None, examples=["https://lanternbank.example/help/cards"])
    sitemap: Address | None = Field(None, examples=[None])

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.url is None) == (self.sitemap is None):
            raise ValueError("needs either url or sitemap")
        return self


class ImportItemRead(Reading):
    name: str = Field(examples=["cards.md"])
    outcome: Literal["waiting", "created", "updated", "unchanged", "failed"]
    document_id: str | None
    version: int | None
    reason: str | None = Field(description="Why it failed, in one sentence.")


class ImportSummary(Reading):
    """An import with its counts."""

    id: str = Field(examples=[DOCUMENT_ID])
    kind: Literal["files", "url", "sitemap"]
    origin: str
    address: str | None
    submit: bool
    status: Literal["running", "done"]
    reason: str | None = Field(description="Why there was nothing to import.")
    total: int
    waiting: int
    created: int
    updated: int
    unchanged: int
    failed: int
    requested_by: str
    created_at: Timestamp
    finished_at: Timestamp | None


class ImportRead(ImportSummary):
    items: list[ImportItemRead]
