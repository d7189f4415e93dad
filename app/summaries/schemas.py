"""Bodies of the summary door."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from app.knowledge.schemas import DOCUMENT_ID, Locale, VersionNumber
from app.schemas import Body, Reading, Storable, not_blank
from knowledge_base.facts.types import FactKind
from knowledge_base.long_document import MAX_CHARACTERS
from knowledge_base.summaries.extractive import DEFAULT_SENTENCES, MOST_SENTENCES

MAX_FACTS = 500

Sentences = Annotated[int, Field(ge=1, le=MOST_SENTENCES)]
LongText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_CHARACTERS),
    Storable,
    AfterValidator(not_blank),
]


class SummaryOptions(Body):
    """How to summarise, whatever it is."""

    sentences: Sentences = Field(
        DEFAULT_SENTENCES, description="At most; fewer where the text has fewer.", examples=[12]
    )
    method: Literal["auto", "extractive"] = Field(
        "auto",
        description="`extractive` only quotes; `auto` lets a language model write if there is one.",
        examples=["auto"],
    )
    locale: Locale | None = Field(None, description="Found out where it is not said.")


class SummaryRequest(SummaryOptions):
    """A text, or a document of the knowledge base."""

    text: LongText | None = Field(
        None,
        description="Markdown or plain text.",
        examples=["## Notice\n\nYou can cancel within 14 days. It is free of charge."],
    )
    document_id: Annotated[str, StringConstraints(min_length=1, max_length=64), Storable] | None = (
        Field(None, description=f"In place of `text`, for example `{DOCUMENT_ID}`.")
    )
    version: VersionNumber | None = Field(
        None, description="Of the document; the published one, else the newest, where it is absent."
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.text is None) == (self.document_id is None):
            raise ValueError("give either text or document_id")
        if self.version is not None and self.document_id is None:
            raise ValueError("version belongs to document_id")
        return self


class SpanRead(Reading):
    section: str = Field(description="Headings above it.", examples=["Terms › Notice"])
    quote: str = Field(description="Exact words; card numbers and the like are masked.")
    start: int = Field(description="Where it begins in the text, in characters.")
    end: int


class SummaryItemRead(Reading):
    text: str
    generated: bool = Field(description="Written by a model and supported by the citations.")
    citations: list[SpanRead]


class FactRead(Reading):
    kind: FactKind
    value: str = Field(examples=["within 14 days"])
    normalised: str = Field(
        description="ISO 8601 for dates and periods (P5BD: working days), amount and currency, "
        "percent; `<=` and `>=` before limits; must or must_not for duties.",
        examples=["P14D"],
    )
    section: str
    quote: str
    start: int
    end: int
    suspicious: bool = Field(description="Its sentence reads like an instruction to an assistant.")


class SectionRead(Reading):
    heading: str
    path: list[str]
    start: int
    end: int


class DocumentRef(Reading):
    id: str = Field(examples=[DOCUMENT_ID])
    version: int
    title: str


class SummaryRead(Reading):
    """What an agent reads in place of the whole text."""

    method: Literal["extractive", "generated"]
    fallback: str | None = Field(description="Why no model wrote it although there is one.")
    language: Locale
    characters: int
    document: DocumentRef | None
    summary: list[SummaryItemRead]
    facts: list[FactRead]
    facts_omitted: int = Field(description=f"Beyond the first {MAX_FACTS}.")
    sections: list[SectionRead]
    suspicious: list[SpanRead] = Field(
        description="Sentences that read like instructions to an assistant; never in the summary."
    )
