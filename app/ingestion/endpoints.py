"""Doors of imports: bring files or pages in, and see what became of each."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.dependencies import PartsDep, ReadSession
from app.idempotency import OnceDep
from app.ingestion import service
from app.ingestion.pages import policy_of
from app.ingestion.repository import ImportRepository
from app.ingestion.schemas import ImportRead, ImportSummary
from app.ingestion.submission import SentDep, order_of, request_body
from app.ingestion.views import summarise_imports, view_import
from app.knowledge.doors import KnowledgeReader, KnowledgeWriter
from app.knowledge.schemas import DOCUMENT_ID
from app.pagination import CursorParam, LimitParam, Page, decode_cursor, encode_cursor
from app.rate_limits import CallerLimit

router = APIRouter(prefix="/knowledge/imports", tags=["Knowledge"], dependencies=[CallerLimit])
ImportId = Annotated[str, Path(max_length=64, examples=[DOCUMENT_ID])]


@router.post("", status_code=202, openapi_extra=request_body())
def create_import(
    caller: KnowledgeWriter, parts: PartsDep, once: OnceDep, sent: SentDep
) -> ImportRead:
    """Import files, a page, or the pages of a sitemap as drafts; a job carries it out."""
    order = order_of(sent, parts.files, policy_of(parts.settings.outbound))
    with parts.database.write() as session:

        def produce() -> ImportRead:
            row = service.request(session, order, actor=caller.actor)
            return view_import(session, row)

        return once.answer(session, produce, status=202)


@router.get("")
def list_imports(
    _caller: KnowledgeReader,
    session: ReadSession,
    after: CursorParam = None,
    limit: LimitParam = 50,
) -> Page[ImportSummary]:
    """Imports with their counts, the newest first."""
    rows = ImportRepository(session).list_page(after=decode_cursor(after), limit=limit)
    more = encode_cursor(rows[-1].id) if len(rows) == limit else None
    return Page(items=summarise_imports(session, rows), next=more)


@router.get("/{import_id}")
def read_import(import_id: ImportId, _caller: KnowledgeReader, session: ReadSession) -> ImportRead:
    """An import with what became of each document, and why one failed."""
    return view_import(session, service.get(session, import_id))
