"""Doors of labels: correct a decision, review what was said, accept many."""

from fastapi import APIRouter

from app.audit_trail import record
from app.dependencies import PartsDep, ReadSession, WriteSession
from app.errors import NotFound
from app.idempotency import OnceDep
from app.labels.doors import (
    Corrector,
    DecisionId,
    IntentParam,
    LabelId,
    LanguageParam,
    Reviewer,
    StatusParam,
)
from app.labels.run_endpoints import router as runs
from app.labels.runs import summarise
from app.labels.schemas import (
    AcceptedMany,
    AcceptMany,
    CorrectionCreate,
    CorrectionList,
    CorrectionRead,
    LabelRead,
    ReviewAccept,
    ReviewReject,
    SkippedRead,
    SummaryRead,
)
from app.labels.service import LabelService
from app.labels.suggestion_endpoints import router as suggestions
from app.labels.views import view_correction, view_label
from app.pagination import CursorParam, LimitParam, Page, decode_cursor, encode_cursor
from app.rate_limits import CallerLimit

router = APIRouter(tags=["Labels"], dependencies=[CallerLimit])


@router.post("/decisions/{decision_id}/correction", status_code=201)
def correct_decision(
    decision_id: DecisionId,
    body: CorrectionCreate,
    person: Corrector,
    parts: PartsDep,
    session: WriteSession,
    once: OnceDep,
) -> CorrectionRead:
    """Say what a message meant. Saying the same twice changes nothing; another word supersedes."""

    def produce() -> CorrectionRead:
        label, _ = LabelService(session, person).correct(
            decision_id,
            intent=body.intent,
            is_right=body.right,
            note=body.note,
            intents=parts.router.taxonomy.names(),
        )
        return view_correction(label)

    return once.answer(session, produce, status=201)


@router.get("/decisions/{decision_id}/corrections")
def list_corrections(
    decision_id: DecisionId, person: Corrector, session: ReadSession
) -> CorrectionList:
    """What people said about a decision, the last word first. Carries no message text."""
    labels = LabelService(session, person).labels
    if not labels.is_readable(decision_id, person):
        raise NotFound("No such decision of a conversation.", code="decision_not_found")
    return CorrectionList(
        items=[view_correction(row) for row in labels.list_of_decision(decision_id)]
    )


@router.get("/labels")
def list_labels(
    person: Reviewer,
    parts: PartsDep,
    status: StatusParam = None,
    intent: IntentParam = None,
    language: LanguageParam = None,
    after: CursorParam = None,
    limit: LimitParam = 50,
) -> Page[LabelRead]:
    """The review queue, newest first, with duplicates and conflicts. Reading it is audited."""
    with parts.database.read() as session:  # comparing takes a moment: no lock is held meanwhile
        service = LabelService(session, person)
        rows = service.labels.list_page(
            status=status,
            intent=intent,
            language=language,
            after=decode_cursor(after),
            limit=limit + 1,
        )
        shown = rows[:limit]
        findings = service.examine(shown, base=parts.settings.labels.base)
    with parts.database.write() as session:
        record(session, "labels.read", actor=person.actor, subject="labels", count=len(shown))
    items = [view_label(row, findings[row.id], person) for row in shown]
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > limit else None)


@router.get("/labels/summary")
def read_summary(_person: Reviewer, parts: PartsDep, session: ReadSession) -> SummaryRead:
    """How much waits, and whether enough is new for a retrain."""
    return summarise(session, offer_after=parts.settings.labels.offer_after)


@router.post("/labels/accept")
def accept_labels(
    body: AcceptMany, person: Reviewer, parts: PartsDep, session: WriteSession, once: OnceDep
) -> AcceptedMany:
    """Accept those of a list that nothing speaks against; the answer names the others."""

    def produce() -> AcceptedMany:
        accepted, skipped = LabelService(session, person).accept_many(
            body.ids, base=parts.settings.labels.base
        )
        return AcceptedMany(
            accepted=[label.id for label in accepted],
            skipped=[SkippedRead(id=one.id, reason=one.reason) for one in skipped],
        )

    return once.answer(session, produce, status=200)


@router.post("/labels/{label_id}/accept")
def accept_label(
    label_id: LabelId,
    body: ReviewAccept,
    person: Reviewer,
    parts: PartsDep,
    session: WriteSession,
    once: OnceDep,
) -> LabelRead:
    """Agree, with the text edited if need be. 409 `second_person_required` for who labelled it."""

    def produce() -> LabelRead:
        service = LabelService(session, person)
        base = parts.settings.labels.base
        label = service.accept(
            label_id,
            text=body.text,
            note=body.note,
            despite_conflict=body.despite_conflict,
            base=base,
        )
        return view_label(label, service.examine([label], base=base)[label.id], person)

    return once.answer(session, produce, status=200)


@router.post("/labels/{label_id}/reject")
def reject_label(
    label_id: LabelId,
    body: ReviewReject,
    person: Reviewer,
    parts: PartsDep,
    session: WriteSession,
    once: OnceDep,
) -> LabelRead:
    """Disagree: the label is kept and never learnt."""

    def produce() -> LabelRead:
        service = LabelService(session, person)
        label = service.reject(label_id, note=body.note)
        findings = service.examine([label], base=parts.settings.labels.base)
        return view_label(label, findings[label.id], person)

    return once.answer(session, produce, status=200)


router.include_router(runs)
router.include_router(suggestions)
