"""The state of the articles: which repeat each other, are stale, end soon, or are never cited."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.analytics.filters import Period
from app.editorial.article_vectors import article_vectors
from app.editorial.articles import Article, list_articles
from app.editorial.duplicates import find_alike
from app.editorial.repository import EditorialRepository
from app.parts import Parts
from knowledge_base import Document, Embedder
from knowledge_base.conflicts import find_conflicts
from knowledge_base.protocols import Vectors

MOST_COMPARED = 500  # articles of one language, those written last: every pair is compared
DAYS_OF_A_MONTH = 365 / 12


class Stale(StrEnum):
    """Why an article should be read again."""

    REVIEW_DUE = "review_due"  # the day that its editors named has come
    UNCHANGED = "unchanged"  # nobody named a day, and the text is old


@dataclass(frozen=True, slots=True)
class Patience:
    """How old a text may be, and how early its end is told."""

    stale_months: int = 12
    expiring_days: int = 30


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two articles of one language that say nearly the same."""

    articles: tuple[Article, Article]
    similarity: float | None  # cosine; None where the encoder cannot read the language
    overlap: float  # share of the shorter one's words that the other repeats


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two articles that state different figures for the same thing."""

    articles: tuple[Article, Article]
    unit: str
    quotes: tuple[str, str]
    figures: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Health:
    """Everything that editors should look at."""

    articles: int
    compared: int
    near_duplicates: tuple[NearDuplicate, ...]
    stale: tuple[tuple[Article, Stale], ...]
    expiring: tuple[Article, ...]
    never_cited: tuple[Article, ...]
    conflicts: tuple[Conflict, ...]


def examine(
    parts: Parts,
    period: Period,
    *,
    now: datetime,
    locale: str | None,
    patience: Patience,
) -> Health:
    """Look at what customers read now; `period` is in which an article should have been cited."""
    with parts.database.read() as session:
        articles = list_articles(session, now=now, locale=locale)
        cited = EditorialRepository(session).cited_documents(period)
    compared = _to_compare(articles)
    return Health(
        articles=len(articles),
        compared=sum(map(len, compared)),
        near_duplicates=tuple(
            pair for group in compared for pair in _near_duplicates(parts.grouping_encoder, group)
        ),
        stale=tuple(find_stale(articles, now=now, months=patience.stale_months)),
        expiring=tuple(find_expiring(articles, now=now, days=patience.expiring_days)),
        never_cited=tuple(one for one in articles if one.document_id not in cited),
        conflicts=tuple(one for group in compared for one in _conflicts(parts.encoder, group)),
    )


def find_stale(
    articles: Sequence[Article], *, now: datetime, months: int
) -> list[tuple[Article, Stale]]:
    """The longest overdue first, then the oldest texts that nobody named a day for."""
    too_old = now - timedelta(days=months * DAYS_OF_A_MONTH)
    due = [one for one in articles if one.review_by is not None and one.review_by <= now.date()]
    old = [one for one in articles if one.review_by is None and one.written_at <= too_old]
    return [
        *((one, Stale.REVIEW_DUE) for one in sorted(due, key=lambda one: str(one.review_by))),
        *((one, Stale.UNCHANGED) for one in sorted(old, key=lambda one: one.written_at)),
    ]


def find_expiring(articles: Sequence[Article], *, now: datetime, days: int) -> list[Article]:
    """What ends within so many days, the first to end first."""
    ends = now + timedelta(days=days)
    dated = [(one.expires_at, one) for one in articles if one.expires_at is not None]
    return [one for end, one in sorted(dated, key=lambda pair: pair[0]) if now < end <= ends]


def comparable_text(document: Document) -> str:
    """What of an article is compared with others."""
    return f"{document.title}. {document.body}"


def vectors_of(embedder: Embedder, texts: Sequence[str], locale: str) -> Vectors | None:
    """A row for each text; None where the encoder cannot read the language."""
    if locale == "zh" and not embedder.reads_cjk:
        return None
    return article_vectors(embedder, texts)


def _to_compare(articles: Sequence[Article]) -> list[list[Article]]:
    """Language by language those that were written last."""
    by_locale: dict[str, list[Article]] = defaultdict(list)
    for article in sorted(articles, key=lambda one: one.written_at, reverse=True):
        by_locale[article.locale].append(article)
    return [group[:MOST_COMPARED] for _, group in sorted(by_locale.items())]


def _near_duplicates(embedder: Embedder, articles: Sequence[Article]) -> list[NearDuplicate]:
    texts = [comparable_text(article.document) for article in articles]
    vectors = vectors_of(embedder, texts, articles[0].locale)
    return [
        NearDuplicate((articles[pair.first], articles[pair.second]), pair.similarity, pair.overlap)
        for pair in find_alike(texts, vectors)
    ]


def _conflicts(embedder: Embedder, articles: Sequence[Article]) -> list[Conflict]:
    of_document = {article.document_id: article for article in articles}
    return [
        Conflict(
            (of_document[found.first.document_id], of_document[found.second.document_id]),
            found.unit,
            (found.first.quote, found.second.quote),
            (found.first.figures, found.second.figures),
        )
        for found in find_conflicts([article.document for article in articles], embedder)
    ]
