"""Findings as editors see them."""

from app.analytics.filters import Period
from app.analytics.statistics import share, wilson_interval
from app.editorial.articles import Article
from app.editorial.coverage import IntentCoverage, LocaleCoverage
from app.editorial.gaps import MOST_QUESTIONS, Gap, Gaps
from app.editorial.health import Health, Patience
from app.editorial.repository import VersionCount, VersionCsat
from app.editorial.schemas import (
    ArticleRead,
    AskedRead,
    ConflictRead,
    CsatMean,
    DuplicateRead,
    GapRead,
    GapsRead,
    HealthRead,
    IntentCoverageRead,
    IntentShare,
    LocaleCoverageRead,
    NearestArticle,
    PeriodRead,
    ShareRead,
    StaleRead,
    VersionRatings,
)
from app.knowledge.schemas import Locale
from routing import Taxonomy

MOST_SHOWN = 200  # of each list of the health report


def view_gaps(gaps: Gaps, taxonomy: Taxonomy, *, period: Period, locale: Locale | None) -> GapsRead:
    return GapsRead(
        period=PeriodRead.of(period),
        locale=locale,
        questions=gaps.questions,
        most_questions=MOST_QUESTIONS,
        is_cut=gaps.is_cut,
        off_topic=gaps.off_topic,
        left_off=gaps.left_off,
        gaps=[_gap(gap, taxonomy) for gap in gaps.found],
    )


def view_health(
    health: Health, *, period: Period, locale: Locale | None, patience: Patience
) -> HealthRead:
    lists = {
        "near_duplicates": health.near_duplicates,
        "stale": health.stale,
        "expiring": health.expiring,
        "never_cited": health.never_cited,
        "conflicts": health.conflicts,
    }
    return HealthRead(
        period=PeriodRead.of(period),
        locale=locale,
        articles=health.articles,
        compared=health.compared,
        stale_months=patience.stale_months,
        expiring_days=patience.expiring_days,
        most_shown=MOST_SHOWN,
        totals={name: len(found) for name, found in lists.items()},
        near_duplicates=[
            DuplicateRead(
                articles=_articles(pair.articles),
                similarity=None if pair.similarity is None else round(pair.similarity, 3),
                overlap=round(pair.overlap, 3),
            )
            for pair in health.near_duplicates[:MOST_SHOWN]
        ],
        stale=[
            StaleRead(**dict(ArticleRead.of(article)), reason=reason.value)
            for article, reason in health.stale[:MOST_SHOWN]
        ],
        expiring=_articles(health.expiring[:MOST_SHOWN]),
        never_cited=_articles(health.never_cited[:MOST_SHOWN]),
        conflicts=[
            ConflictRead(
                articles=_articles(found.articles),
                unit=found.unit,
                quotes=list(found.quotes),
                figures=[list(stated) for stated in found.figures],
            )
            for found in health.conflicts[:MOST_SHOWN]
        ],
    )


def view_intent(covered: IntentCoverage) -> IntentCoverageRead:
    return IntentCoverageRead(
        intent=covered.intent.name,
        label=covered.intent.label,
        definition=covered.intent.definition,
        missing=covered.missing,
        questions=covered.questions,
        locales={locale: _locale(found) for locale, found in covered.locales.items()},
    )


def view_version(count: VersionCount, csat: VersionCsat | None) -> VersionRatings:
    rated = count.helpful + count.not_helpful
    low, high = wilson_interval(count.helpful, rated)
    value = share(count.helpful, rated)
    return VersionRatings(
        version=count.version,
        cited=count.cited,
        helpful=count.helpful,
        not_helpful=count.not_helpful,
        share_helpful=ShareRead(value=value, low=low, high=high, n=rated) if rated else None,
        csat=CsatMean(mean=round(csat.mean, 3), n=csat.rated) if csat else None,
    )


def _gap(gap: Gap, taxonomy: Taxonomy) -> GapRead:
    size, verdict = len(gap.questions), gap.verdict
    moments = [question.asked_at for question in gap.questions]
    low_rated = sum(not question.is_unanswered for question in gap.questions)
    return GapRead(
        name=gap.cluster.name[:200],
        terms=list(gap.cluster.terms),
        locale=gap.language,
        size=size,
        unanswered=gap.unanswered,
        low_rated=low_rated,
        share_unanswered=round(share(gap.unanswered, size), 3),
        share_low_rated=round(share(low_rated, size), 3),
        lacks={lack.value: number for lack, number in gap.lacks.items()},
        intents=[
            IntentShare(intent=name, label=_label(taxonomy, name), questions=number)
            for name, number in gap.intents
        ],
        first_asked_at=min(moments),
        last_asked_at=max(moments),
        examples=[
            AskedRead(
                conversation_id=question.conversation_id,
                message_id=question.message_id,
                text=question.text,
                asked_at=question.asked_at,
                lacks=sorted(question.lacks),
            )
            for question in gap.typical
        ],
        nearest=NearestArticle.model_validate(verdict.nearest)
        if verdict and verdict.nearest
        else None,
        answered_now=verdict is not None and verdict.is_answered,
        confidence=round(verdict.confidence, 3) if verdict else None,
    )


def _label(taxonomy: Taxonomy, name: str) -> dict[str, str]:
    intent = taxonomy.find(name)
    return intent.label if intent else {}


def _locale(found: LocaleCoverage) -> LocaleCoverageRead:
    count = found.count
    return LocaleCoverageRead(
        articles=_articles(found.articles),
        questions=count.questions,
        answered=count.answered,
        abstained=count.abstained,
        rated_down=count.rated_down,
        share_answered=round(share(count.answered, count.questions), 3),
        share_abstained=round(share(count.abstained, count.questions), 3),
        share_rated_down=round(share(count.rated_down, count.answered), 3),
    )


def _articles(articles: tuple[Article, ...]) -> list[ArticleRead]:
    return [ArticleRead.of(article) for article in articles]
