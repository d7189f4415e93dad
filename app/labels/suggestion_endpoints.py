"""Doors of suggested intents: look for them, list, dismiss, turn into labels."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from app.audit_trail import record
from app.dependencies import PartsDep, WriteSession
from app.errors import BadInput, FieldError
from app.idempotency import OnceDep
from app.labels.doors import Reviewer
from app.labels.schemas import (
    LABEL_ID,
    JobRead,
    LabelledMany,
    RefreshRequested,
    SuggestionLabelled,
    SuggestionRead,
)
from app.labels.suggestions import SuggestionService
from app.labels.views import view_suggestion
from app.pagination import CursorParam, LimitParam, Page, decode_cursor, encode_cursor
from app.schemas import Storable

router = APIRouter()
SuggestionId = Annotated[str, Path(max_length=64, examples=[LABEL_ID]), Storable]
StatusParam = Annotated[
    Literal["open", "dismissed", "labelled", "gone"] | None,
    Query(description="Only suggestions of this status."),
]


@router.post("/labels/suggestions/refresh", status_code=202)
def refresh_suggestions(
    body: RefreshRequested, person: Reviewer, session: WriteSession, once: OnceDep
) -> JobRead:
    """Group what no intent fitted in the last days; a job that waits already is returned."""

    def produce() -> JobRead:
        job = SuggestionService(session, person).refresh(days=body.days)
        return JobRead(job_id=job.id, status=job.state)

    return once.answer(session, produce, status=202)


@router.get("/labels/suggestions")
def list_suggestions(
    person: Reviewer,
    session: WriteSession,
    status: StatusParam = None,
    after: CursorParam = None,
    limit: LimitParam = 50,
) -> Page[SuggestionRead]:
    """Groups of messages that no intent fits. Reading it is audited."""
    found = SuggestionService(session, person).suggestions.list_page(
        status=status, after=decode_cursor(after), limit=limit + 1
    )
    items = [view_suggestion(row) for row in found[:limit]]
    record(session, "labels.suggestions_read", actor=person.actor, subject="labels")
    return Page(items=items, next=encode_cursor(items[-1].id) if len(found) > limit else None)


@router.post("/labels/suggestions/{suggestion_id}/dismiss")
def dismiss_suggestion(
    suggestion_id: SuggestionId, person: Reviewer, session: WriteSession, once: OnceDep
) -> SuggestionRead:
    """Nothing to learn from this group; it stays dismissed when it is found again."""

    def produce() -> SuggestionRead:
        return view_suggestion(SuggestionService(session, person).dismiss(suggestion_id))

    return once.answer(session, produce, status=200)


@router.post("/labels/suggestions/{suggestion_id}/label")
def label_suggestion(
    suggestion_id: SuggestionId,
    body: SuggestionLabelled,
    person: Reviewer,
    parts: PartsDep,
    session: WriteSession,
    once: OnceDep,
) -> LabelledMany:
    """The group's messages mean an existing intent: each waits for another person's review."""
    if body.intent not in parts.router.taxonomy:
        problem = FieldError("intent", "must be an intent of the taxonomy")
        raise BadInput("There is no such intent.", errors=(problem,))

    def produce() -> LabelledMany:
        service = SuggestionService(session, person)
        row, labels = service.label(suggestion_id, body.intent)
        return LabelledMany(suggestion=view_suggestion(row), labels=labels)

    return once.answer(session, produce, status=200)
