"""Job of imports: one item after the other, each in a transaction of its own.

A run that is killed loses at most the item it was reading; the next one goes on with what waits.
"""

import time
from pathlib import PurePath

import structlog
from sqlalchemy.orm import Session

from app.db.ingestion import DocumentImportItemRecord, DocumentImportRecord
from app.errors import AppError
from app.ingestion import service
from app.ingestion.pages import MAX_PAGES, PageReader, policy_of
from app.ingestion.reading import Facts, ReadingFailed, read_file, read_page, sentence_of
from app.ingestion.sitemap import read_sitemap
from app.jobs.registry import job
from app.jobs.runner import JobRun, Postponed
from app.knowledge.files import FoundDocument
from app.outbound import Fetcher, FetchFailed
from app.parts import Parts

log = structlog.get_logger(__name__)
TIME_LIMIT = 600.0
SHIFT_SECONDS = 240.0  # then the job lets others work, and goes on later
AGAIN_SECONDS = 0.1


def give_up(_parts: Parts, session: Session, *, import_id: str) -> None:
    """The last attempt failed: the import says so, where people look."""
    service.give_up(session, import_id)


@job(service.RUN_IMPORT, time_limit=TIME_LIMIT, attempts=5, when_buried=give_up)
def run_import(parts: Parts, run: JobRun, *, import_id: str) -> None:
    """Safe to run twice: what has an outcome is left alone."""
    with run.reading() as session:
        row = service.get(session, import_id)
    if row.status == "done":
        return
    ends = time.monotonic() + SHIFT_SECONDS
    with Fetcher(policy_of(parts.settings.outbound)) as fetcher:
        if row.kind == "sitemap" and row.listed_at is None and not _list(run, row, fetcher):
            return
        pages = PageReader(fetcher)
        while (item := _next(run, import_id)) is not None:
            _carry_out(parts, run, row, item, pages)
            if time.monotonic() > ends:
                raise Postponed(AGAIN_SECONDS)
    with run.finishing() as session:
        service.finish(session, service.get(session, import_id))


def _list(run: JobRun, row: DocumentImportRecord, fetcher: Fetcher) -> bool:
    """Write down the pages of the sitemap; False when there are none and the import is over."""
    try:
        first = fetcher.get(row.address or "")
        listing = read_sitemap(fetcher, first, most=MAX_PAGES)
    except (FetchFailed, AppError) as failed:
        with run.finishing() as session:
            service.finish(session, service.get(session, row.id), reason=sentence_of(failed))
        return False
    with run.noting() as session:
        service.list_pages(session, service.get(session, row.id), listing.pages, listing.refused)
    return True


def _next(run: JobRun, import_id: str) -> DocumentImportItemRecord | None:
    with run.noting() as session:
        return service.begin_item(session, import_id)


def _carry_out(
    parts: Parts,
    run: JobRun,
    row: DocumentImportRecord,
    item: DocumentImportItemRecord,
    pages: PageReader,
) -> None:
    """Read without a lock, then write once."""
    try:
        documents = _read(parts, row, item, pages)
    except (ReadingFailed, FetchFailed) as failed:
        documents, reason = [], str(failed)
    except AppError as refused:
        documents, reason = [], sentence_of(refused)
    with run.noting() as session:
        if documents:
            service.keep_item(session, item.id, documents)
        else:
            service.fail_item(session, item.id, reason)


def _read(
    parts: Parts, row: DocumentImportRecord, item: DocumentImportItemRecord, pages: PageReader
) -> list[FoundDocument]:
    facts = Facts.from_stored(row.facts)
    if item.stored_as is None:
        return read_page(pages.open(item.name), facts, url=item.name)
    try:
        content = parts.files.read(item.stored_as)
    except OSError as error:
        log.warning("import.file_missing", item_id=item.id, error=type(error).__name__)
        raise ReadingFailed("the uploaded file is no longer in the file store") from error
    return read_file(PurePath(item.name), content, facts, origin=row.origin)
