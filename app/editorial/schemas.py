"""Bodies of the reading doors: gaps, health, coverage, ratings."""

from datetime import date
from typing import Literal, Self

from pydantic import ConfigDict, Field

from app.analytics.filters import Period
from app.editorial.articles import Article
from app.knowledge.schemas import DOCUMENT_ID, Locale
from app.schemas import Reading, Timestamp

LackName = Literal["abstained", "out_of_scope", "rated_down", "low_csat"]


class PeriodRead(Reading):
    """From (included) to (excluded)."""

    model_config = ConfigDict(from_attributes=True, serialize_by_alias=True)

    start: Timestamp = Field(serialization_alias="from")
    end: Timestamp = Field(serialization_alias="to")

    @classmethod
    def of(cls, period: Period) -> Self:
        return cls(start=period.start, end=period.end)


class ArticleRead(Reading):
    """An article that customers read, without its text."""

    document_id: str = Field(examples=[DOCUMENT_ID])
    version: int = Field(examples=[1])
    title: str = Field(examples=["Activate a card"])
    locale: Locale
    owner: str | None = Field(examples=["Cards team"])
    review_by: date | None
    written_at: Timestamp
    expires_at: Timestamp | None

    @classmethod
    def of(cls, article: Article) -> Self:
        return cls.model_validate(article)


class AskedRead(Reading):
    """One customer's question, masked, and where it was asked."""

    conversation_id: str
    message_id: str
    text: str
    asked_at: Timestamp
    lacks: list[LackName]


class IntentShare(Reading):
    intent: str = Field(examples=["card_activation"])
    label: dict[str, str] = Field(description="By language; empty for one that is gone.")
    questions: int


class NearestArticle(Reading):
    document_id: str
    version: int
    title: str
    similarity: float | None = Field(description="Cosine; null where none can be told.")


class GapRead(Reading):
    """Questions about one thing that had no answer, or a bad one."""

    name: str = Field(examples=["foreign coins · deliver · home"])
    terms: list[str]
    locale: str = Field(examples=["en"])
    size: int
    unanswered: int
    low_rated: int
    share_unanswered: float
    share_low_rated: float
    lacks: dict[LackName, int] = Field(description="One question may lack several things.")
    intents: list[IntentShare]
    first_asked_at: Timestamp
    last_asked_at: Timestamp
    examples: list[AskedRead] = Field(description="The most typical questions first.")
    nearest: NearestArticle | None
    answered_now: bool = Field(description="The articles of today answer the typical question.")
    confidence: float | None = Field(description="How sure an answer from the articles is.")


class GapsRead(Reading):
    period: PeriodRead
    locale: Locale | None
    questions: int = Field(description="How many were looked at, the newest of the period.")
    most_questions: int
    is_cut: bool = Field(description="The period holds more questions than were looked at.")
    off_topic: int = Field(description="Questions left out: none of the bank's business.")
    left_off: int = Field(description="Smaller groups that are not shown.")
    gaps: list[GapRead] = Field(description="The largest group first.")


class DuplicateRead(Reading):
    """Two articles of one language that say nearly the same."""

    articles: list[ArticleRead]
    similarity: float | None = Field(description="Cosine; null for a language nobody encodes.")
    overlap: float = Field(description="Share of the shorter text that the other one repeats.")


class StaleRead(ArticleRead):
    reason: Literal["review_due", "unchanged"]


class ConflictRead(Reading):
    """Two articles that state different figures for the same thing."""

    articles: list[ArticleRead]
    unit: str = Field(examples=["€"])
    figures: list[list[str]] = Field(description="Of each of them, in the same order.")
    quotes: list[str] = Field(description="What each of them says, in the same order.")


class HealthRead(Reading):
    """Each list names its most urgent first and holds at most `most_shown`; see `totals`."""

    period: PeriodRead
    locale: Locale | None
    articles: int = Field(description="How many customers can read.")
    compared: int = Field(description="Of those, how many were compared with each other.")
    stale_months: int
    expiring_days: int
    most_shown: int
    totals: dict[str, int]
    near_duplicates: list[DuplicateRead]
    stale: list[StaleRead]
    expiring: list[ArticleRead]
    never_cited: list[ArticleRead] = Field(description="By no reply of the period.")
    conflicts: list[ConflictRead]


class LocaleCoverageRead(Reading):
    articles: list[ArticleRead]
    questions: int
    answered: int = Field(description="Replies that cite an article.")
    abstained: int = Field(description="The articles were asked and did not answer.")
    rated_down: int
    share_answered: float
    share_abstained: float
    share_rated_down: float = Field(description="Of those that were answered.")


class IntentCoverageRead(Reading):
    intent: str = Field(examples=["card_activation"])
    label: dict[str, str]
    definition: str
    missing: list[str] = Field(description="Languages without an article.", examples=[["zh"]])
    questions: int
    locales: dict[str, LocaleCoverageRead]


class CoverageRead(Reading):
    period: PeriodRead
    intents: list[IntentCoverageRead] = Field(description="Those without any article first.")


class ShareRead(Reading):
    """A share of n with its 95 % interval (Wilson)."""

    value: float = Field(ge=0, le=1)
    low: float
    high: float
    n: int


class CsatMean(Reading):
    mean: float = Field(ge=1, le=5)
    n: int = Field(description="Conversations that cited this version and were rated.")


class VersionRatings(Reading):
    version: int
    cited: int = Field(description="Replies that cite it.")
    helpful: int
    not_helpful: int
    share_helpful: ShareRead | None = Field(description="Null before the first rating.")
    csat: CsatMean | None


class RatingsRead(Reading):
    document_id: str = Field(examples=[DOCUMENT_ID])
    title: str
    versions: list[VersionRatings] = Field(description="Those that were cited, newest first.")


class DraftSourceRead(Reading):
    """The agent's answer that a document began as."""

    document_id: str = Field(examples=[DOCUMENT_ID])
    conversation_id: str
    message_id: str
    requested_by: str = Field(examples=["staff:019237f0-0000-7000-8000-000000000000"])
    created_at: Timestamp
