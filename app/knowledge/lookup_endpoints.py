"""Doors of readers: search the documents, ask a question."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from app.dependencies import PartsDep
from app.idempotency import Once, OnceDep
from app.knowledge import lookup
from app.knowledge.doors import Asker
from app.knowledge.schemas import AnswerRead, AnswerRequest, SearchRead, SearchRequest
from app.parts import Parts

router = APIRouter()


@router.post("/search")
def search_documents(
    body: SearchRequest, caller: Asker, parts: PartsDep, once: OnceDep, request: Request
) -> SearchRead:
    """The best chunks among what you may read, best first."""
    _replay(parts, once)
    found = lookup.search(parts, body, caller)
    _keep(parts, once, request, found)
    return found


@router.post("/answer")
def answer_question(
    body: AnswerRequest, caller: Asker, parts: PartsDep, once: OnceDep, request: Request
) -> AnswerRead:
    """An answer that stands in a published document, with citations; or an abstention."""
    _replay(parts, once)
    found = lookup.answer(parts, body, caller)
    _keep(parts, once, request, found)
    return found


def _replay(parts: Parts, once: Once) -> None:
    with parts.database.read() as session:
        once.replay_if_stored(session)


def _keep(parts: Parts, once: Once, request: Request, found: BaseModel) -> None:
    """Only a request with a key is worth a write."""
    if "Idempotency-Key" in request.headers:
        with parts.database.write() as session:
            once.keep(session, found, status=200)
