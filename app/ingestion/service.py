"""The story of an import: asked for, carried out item by item, ended. Knows nothing about HTTP."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.clock import utc_now
from app.db.ingestion import DocumentImportItemRecord, DocumentImportRecord
from app.errors import AppError, NotFound
from app.ingestion.reading import sentence_of
from app.ingestion.repository import ImportRepository
from app.ingestion.storing import Outcome, Stored, Then, store
from app.jobs.enqueue import enqueue
from app.knowledge.files import FoundDocument

RUN_IMPORT = "ingestion.run_import"
MAX_ATTEMPTS = 2  # at one item: a file that kills its reader is not read for ever
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An uploaded file, and its name in the file store."""

    name: str
    stored_as: str


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What is to be imported, and how."""

    kind: str  # files | url | sitemap
    origin: str
    facts: dict[str, Any]
    submit: bool
    address: str | None = None
    files: Sequence[KeptFile] = ()


def request(session: Session, order: ImportOrder, *, actor: Actor) -> DocumentImportRecord:
    """A new import with its items and the job that works them off."""
    imports = ImportRepository(session)
    row = imports.add(
        DocumentImportRecord(
            kind=order.kind,
            origin=order.origin,
            address=order.address,
            facts=order.facts,
            submit=order.submit,
            requested_by=str(actor),
        )
    )
    names: set[str] = set()
    for position, file in enumerate(order.files, start=1):
        item = imports.add_item(_item(row, position, file.name, stored_as=file.stored_as))
        if file.name in names:  # it would be a version of the other, again in every import
            fail_item(session, item.id, "another file of this name comes before it")
        names.add(file.name)
    if order.kind == "url":
        imports.add_item(_item(row, 1, order.address or ""))
    enqueue(session, RUN_IMPORT, import_id=row.id)
    record(
        session,
        "import.requested",
        actor=actor,
        subject=row.id,
        kind=order.kind,
        files=len(order.files),
    )
    return row


def get(session: Session, import_id: str) -> DocumentImportRecord:
    row = ImportRepository(session).find(import_id)
    if row is None:
        raise NotFound("No such import.", code="import_not_found")
    return row


def list_pages(
    session: Session, row: DocumentImportRecord, pages: Sequence[str], refused: dict[str, str]
) -> None:
    """What a sitemap named, as items; those that it may not name have failed already."""
    imports = ImportRepository(session)
    for position, page in enumerate(pages, start=1):
        imports.add_item(_item(row, position, page))
    for position, (page, why) in enumerate(refused.items(), start=len(pages) + 1):
        item = imports.add_item(_item(row, position, page))
        item.outcome, item.reason = Outcome.FAILED.value, why
    row.listed_at = utc_now()


def begin_item(session: Session, import_id: str) -> DocumentImportItemRecord | None:
    """The next waiting item, its attempt counted; items that broke their reader off have failed."""
    imports = ImportRepository(session)
    while (item := imports.find_waiting(import_id)) is not None:
        item.attempts += 1
        if item.attempts <= MAX_ATTEMPTS:
            return item
        fail_item(session, item.id, f"reading it broke off {MAX_ATTEMPTS} times")
    return None


def fail_item(session: Session, item_id: str, reason: str) -> None:
    """Nothing of the item is kept."""
    item = ImportRepository(session).find_item(item_id)
    if item is not None:
        item.outcome, item.reason = Outcome.FAILED.value, reason[:_LONGEST_REASON]
        session.flush()


def keep_item(session: Session, item_id: str, documents: Sequence[FoundDocument]) -> None:
    """Store every document of an item; more than one become items of their own."""
    imports = ImportRepository(session)
    item = imports.find_item(item_id)
    if item is None:
        return
    row = get(session, item.import_id)
    position = imports.last_position(row.id)
    for number, found in enumerate(documents, start=1):
        if number > 1:
            part = _item(row, position + number - 1, f"{item.name} ({number})")
            imports.add_item(part)
        _tell(item if number == 1 else part, _stored(session, row, found, item.stored_as))
    session.flush()


def finish(session: Session, row: DocumentImportRecord, *, reason: str | None = None) -> None:
    """No item waits any more, or there was none to be had."""
    row.status, row.finished_at = "done", utc_now()
    row.reason = reason[:_LONGEST_REASON] if reason else None
    counts = count(session, [row])[row.id]
    record(
        session,
        "import.finished",
        actor=actor_of(row),
        subject=row.id,
        outcome="failure" if reason else "success",
        **{one.value: counts[one.value] for one in Outcome},
    )


def give_up(session: Session, import_id: str) -> None:
    """The job came to nothing: what still waits has failed, and the import is over."""
    row = get(session, import_id)
    if row.status == "done":
        return
    for item in ImportRepository(session).list_items(import_id):
        if item.outcome == "waiting":
            fail_item(session, item.id, "the import broke off; import it again")
    finish(session, row, reason="the import broke off; the log says why")


def count(session: Session, rows: Sequence[DocumentImportRecord]) -> dict[str, Counter[str]]:
    """Items by outcome, for each import."""
    return ImportRepository(session).count_outcomes([row.id for row in rows])


def actor_of(row: DocumentImportRecord) -> Actor:
    """Whoever asked for the import is the author of what it writes."""
    kind, _, name = row.requested_by.partition(":")
    return Actor(kind, name)


def _stored(
    session: Session, row: DocumentImportRecord, found: FoundDocument, original: str | None
) -> Stored:
    then = Then.SUBMIT if row.submit else Then.KEEP_AS_DRAFT
    try:
        with session.begin_nested():
            return store(session, actor_of(row), found, then=then, original=original)
    except AppError as refused:
        return Stored(Outcome.FAILED, reason=sentence_of(refused))


def _tell(item: DocumentImportItemRecord, made: Stored) -> None:
    item.outcome = made.outcome.value
    item.document_id, item.version = made.document_id, made.version
    item.content_hash = made.content_hash
    item.reason = made.reason[:_LONGEST_REASON] if made.reason else None


def _item(
    row: DocumentImportRecord, position: int, name: str, *, stored_as: str | None = None
) -> DocumentImportItemRecord:
    return DocumentImportItemRecord(
        import_id=row.id, position=position, name=name, stored_as=stored_as
    )
