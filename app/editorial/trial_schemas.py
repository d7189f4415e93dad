"""Bodies of "test this question"."""

from typing import Literal

from pydantic import Field

from app.knowledge.schemas import AudienceName, CitationRead, Locale, Moment
from app.schemas import Body, Key, MessageText, Reading, Timestamp

OutcomeName = Literal[
    "answered",
    "no_index",
    "nothing_found",
    "below_threshold",
    "conflict",
    "not_current",
    "filtered",
]


class TrialRequest(Body):
    """A question as somebody would ask it."""

    question: MessageText = Field(examples=["How do I activate my new card?"])
    locale: Locale = Field(examples=["en"])
    audience: AudienceName = Field(
        "public",
        description="Who asks: a visitor, a known customer, or staff.",
        examples=["public"],
    )
    as_of: Moment | None = Field(
        None, description="What would have been answered at this moment.", examples=[None]
    )
    intent: Key | None = Field(
        None, description="Instead of what the router takes it for.", examples=[None]
    )


class TrialIntent(Reading):
    """What the question was taken for; the search prefers articles with this intent."""

    name: str | None = Field(examples=["card_activation"])
    label: dict[str, str]
    source: Literal["given", "router"]
    route: str = Field(examples=["knowledge"])
    outcome: str = Field(examples=["answer"], description="Of the router: answer, clarify, …")
    confidence: float | None
    out_of_scope: bool
    reason: str = Field(examples=["classifier"])


class AttemptRead(Reading):
    """The words that the articles were asked with; the last attempt decides."""

    asked: str
    confidence: float
    answered: bool


class TrialHit(Reading):
    """One passage that was found, with everything that put it at its place."""

    rank: int
    document_id: str
    version: int
    chunk_id: str
    title: str
    headings: list[str]
    text: str
    locale: str
    audience: AudienceName
    intents: list[str]
    score: float = Field(description="Fused, of its rank; comparable within this list only.")
    dense_score: float | None = Field(description="Cosine of question and passage.")
    keyword_score: float | None = Field(description="BM25.")
    example_score: float | None = Field(description="Likeness to how its intents were asked.")
    rerank_score: float | None = Field(
        description="Of the reranker, where there is one and it read the passage."
    )
    signals: dict[str, float] = Field(
        description="What speaks for its article, about 0 to 1; `strangers` speaks against it.",
        examples=[{"cosine": 0.71, "examples": 0.8, "strangers": 0.2, "keywords": 0.6}],
    )
    confidence: float = Field(description="If it were the best hit.")
    current: bool = Field(
        description="What the database shows. Else the index lags behind, and no word is given."
    )


class HiddenHit(Reading):
    """A passage that says something about it, but not to this reader."""

    document_id: str
    version: int
    chunk_id: str
    title: str
    locale: str
    audience: AudienceName
    score: float
    because: Literal["audience", "locale"]


class TrialRead(Reading):
    question: str = Field(description="As it was asked: masked.")
    locale: Locale
    audience: AudienceName
    as_of: Timestamp | None
    index_version: str
    intent: TrialIntent
    attempts: list[AttemptRead]
    hits: list[TrialHit] = Field(description="Of the last attempt, best first.")
    hidden: list[HiddenHit] = Field(description="What others would have been shown.")
    confidence: float = Field(ge=0, le=1, description="That the best article answers it.")
    accept: float = Field(description="The confidence from which on an answer is given.")
    outcome: OutcomeName = Field(description="`answered`, or why not.")
    answer: str | None
    citations: list[CitationRead]
