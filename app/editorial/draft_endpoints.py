"""Doors of trying out and drafting: test a question, make a draft from an agent's answer."""

from functools import partial

from fastapi import APIRouter, Response

from app.dependencies import PartsDep, ReadSession
from app.editorial.doors import Drafter, EditorialReader
from app.editorial.draft_schemas import DraftCreate, DraftRead, DuplicateArticle
from app.editorial.drafts import Draft, Duplicate, find_duplicates, keep_draft, read_answer
from app.editorial.repository import EditorialRepository
from app.editorial.schemas import DraftSourceRead
from app.editorial.trial import try_question
from app.editorial.trial_schemas import TrialRead, TrialRequest
from app.editorial.trial_views import view_trial
from app.idempotency import OnceDep
from app.knowledge.doors import DocumentId
from app.knowledge.lookup import filtered
from app.knowledge.service import KnowledgeService
from app.knowledge.views import view_document

router = APIRouter()


@router.post("/test")
def try_out_question(
    body: TrialRequest, person: EditorialReader, parts: PartsDep, once: OnceDep
) -> TrialRead:
    """Every passage that a question finds, with its scores, and the answer or why there is none."""

    def produce() -> TrialRead:
        trial = try_question(parts, body, person)
        return view_trial(trial, body, shown=partial(filtered, parts))

    return once.answer_reading(parts.database, produce, status=200)


@router.post(
    "/drafts",
    status_code=201,
    responses={200: {"model": DraftRead, "description": "This answer was drafted before."}},
)
def draft_from_answer(
    body: DraftCreate, person: Drafter, parts: PartsDep, once: OnceDep, response: Response
) -> DraftRead:
    """An article's draft from an agent's answer, for review; what says the same already is named.

    Masked values and names are left out. The draft's author is the agent who gave the answer.
    """
    with parts.database.read() as session:
        answer = read_answer(
            session,
            body.conversation_id,
            body.message_id,
            person,
            taxonomy=parts.router.taxonomy,
            settings=parts.settings,
        )
    duplicates = find_duplicates(parts, answer)
    with parts.database.write() as session:

        def produce() -> DraftRead:
            draft = keep_draft(session, answer, person.actor)
            if not draft.is_new:
                response.status_code = 200
            return _view(draft, duplicates, answer.text.removed)

        return once.answer(session, produce, status=201)


@router.get("/documents/{document_id}/source")
def read_source(
    document_id: DocumentId, person: EditorialReader, session: ReadSession
) -> DraftSourceRead | None:
    """The conversation that a document was drafted from; null if it was written otherwise."""
    KnowledgeService(session, person.actor).get(document_id)
    source = EditorialRepository(session).find(document_id)
    return None if source is None else DraftSourceRead.model_validate(source)


def _view(draft: Draft, duplicates: list[Duplicate], removed: tuple[str, ...]) -> DraftRead:
    document_id = draft.stored.document.id
    return DraftRead(
        **dict(view_document(draft.stored)),
        source=DraftSourceRead.model_validate(draft.source),
        duplicates=[
            DuplicateArticle(
                document_id=found.document_id,
                version=found.version,
                title=found.title,
                similarity=found.likeness.similarity,
                overlap=found.likeness.overlap,
            )
            for found in duplicates
            if found.document_id != document_id
        ],
        removed=list(removed),
    )
