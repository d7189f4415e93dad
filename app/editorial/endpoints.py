"""Doors of editors: what is missing, what is stale, how it is rated. Includes the other doors."""

from fastapi import APIRouter

from app.audit_trail import record
from app.clock import utc_now
from app.dependencies import PartsDep, ReadSession
from app.editorial.articles import list_articles
from app.editorial.coverage import cover, knowledge_intents
from app.editorial.doors import (
    DaysParam,
    EditorialReader,
    GapReader,
    LocaleParam,
    MonthsParam,
    PeriodDep,
)
from app.editorial.draft_endpoints import router as drafts
from app.editorial.gaps import find_gaps, list_questions
from app.editorial.health import Patience, examine
from app.editorial.repository import EditorialRepository
from app.editorial.schemas import CoverageRead, GapsRead, HealthRead, PeriodRead, RatingsRead
from app.editorial.views import view_gaps, view_health, view_intent, view_version
from app.knowledge.doors import DocumentId
from app.knowledge.service import KnowledgeService
from app.rate_limits import CallerLimit

router = APIRouter(prefix="/knowledge", tags=["Editorial"], dependencies=[CallerLimit])
router.include_router(drafts)


@router.get("/gaps")
def list_gaps(
    person: GapReader, parts: PartsDep, period: PeriodDep, locale: LocaleParam = None
) -> GapsRead:
    """Customers' questions without a good answer, grouped by topic. Reading it is audited."""
    with parts.database.read() as session:
        questions = list_questions(session, period, locale=locale)
    gaps = find_gaps(parts, questions)
    with parts.database.write() as session:
        record(
            session,
            "knowledge.gaps_read",
            actor=person.actor,
            subject="knowledge",
            questions=gaps.questions,
            groups=len(gaps.found),
        )
    return view_gaps(gaps, parts.router.taxonomy, period=period, locale=locale)


@router.get("/health")
def read_health(
    _person: EditorialReader,
    parts: PartsDep,
    period: PeriodDep,
    locale: LocaleParam = None,
    stale_months: MonthsParam = 12,
    expiring_days: DaysParam = 30,
) -> HealthRead:
    """Articles that repeat or contradict each other, are stale, end soon, or are never cited."""
    patience = Patience(stale_months, expiring_days)
    health = examine(parts, period, now=utc_now(), locale=locale, patience=patience)
    return view_health(health, period=period, locale=locale, patience=patience)


@router.get("/coverage")
def read_coverage(
    _person: EditorialReader, parts: PartsDep, session: ReadSession, period: PeriodDep
) -> CoverageRead:
    """For every intent that articles answer: its articles, and how its questions fared."""
    intents = knowledge_intents(parts.router.taxonomy)
    counts = EditorialRepository(session).count_by_intent(period, [one.name for one in intents])
    covered = cover(intents, list_articles(session, now=utc_now()), counts)
    return CoverageRead(period=PeriodRead.of(period), intents=[view_intent(one) for one in covered])


@router.get("/documents/{document_id}/ratings")
def read_ratings(
    document_id: DocumentId, person: EditorialReader, session: ReadSession
) -> RatingsRead:
    """What customers made of the answers that cite a document, version by version."""
    stored = KnowledgeService(session, person.actor).get(document_id)
    editorial = EditorialRepository(session)
    csat = editorial.csat_by_version(document_id)
    return RatingsRead(
        document_id=document_id,
        title=stored.version.title,
        versions=[
            view_version(count, csat.get(count.version))
            for count in editorial.count_by_version(document_id)
        ],
    )
