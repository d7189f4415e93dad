"""Doors of readers: search the documents, ask a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.audit_trail import record
from app.auth.caller import Caller
from app.clock import rfc3339
from app.dependencies import PartsDep
from app.idempotency import Once, OnceDep
from app.knowledge import lookup
from app.knowledge.doors import Asker
from app.knowledge.schemas import (
    AnswerRead,
    AnswerRequest,
    Perspective,
    SearchRead,
    SearchRequest,
)
from app.parts import Parts

router = APIRouter()


@router.post("/search")
def search_documents(
    body: SearchRequest, caller: Asker, parts: PartsDep, once: OnceDep, request: Request
) -> SearchRead:
    """The best chunks among what you may read, best first; with `as_of`, of another day."""
    lookup.require_perspective(body, caller)
    _replay(parts, once)
    found = lookup.search(parts, body, caller)
    _keep(parts, once, request, found, Looked("search", body, caller, found.hits))
    return found


@router.post("/answer")
def answer_question(
    body: AnswerRequest, caller: Asker, parts: PartsDep, once: OnceDep, request: Request
) -> AnswerRead:
    """An answer that stands in a published document, with citations; or an abstention."""
    lookup.require_perspective(body, caller)
    _replay(parts, once)
    found = lookup.answer(parts, body, caller)
    _keep(parts, once, request, found, Looked("answer", body, caller, found.citations))
    return found


@dataclass(frozen=True, slots=True)
class Looked:
    """Who looked, how, and what they were shown."""

    door: str
    how: Perspective
    caller: Caller
    shown: Sequence[lookup.Cited]


def _replay(parts: Parts, once: Once) -> None:
    with parts.database.read() as session:
        once.replay_if_stored(session)


def _keep(parts: Parts, once: Once, request: Request, found: BaseModel, looked: Looked) -> None:
    """Only a request with a key, or one that looks back, is worth a write."""
    as_of = looked.how.as_of
    if as_of is None and "Idempotency-Key" not in request.headers:
        return
    with parts.database.write() as session:
        if as_of is not None:
            _record(session, looked, as_of)
        once.keep(session, found, status=200)


def _record(session: Session, looked: Looked, as_of: datetime) -> None:
    """What was answered on a day is evidence: so is who asked for it. The question is not kept."""
    record(
        session,
        "knowledge.looked_back",
        actor=looked.caller.actor,
        subject=looked.door,
        as_of=rfc3339(as_of),
        audience=looked.how.audience,
        shown=sorted({f"{one.document_id}:{one.version}" for one in looked.shown}),
    )
