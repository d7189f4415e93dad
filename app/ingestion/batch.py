"""Ingest many documents in batches, each one transaction. Knows no terminal and no request.

A batch that was committed stays whatever happens later; the next run finds it unchanged.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit_trail import SYSTEM
from app.db.session import Database
from app.errors import AppError
from app.ingestion.reading import ReadingFailed, sentence_of
from app.ingestion.storing import Outcome, Then, store
from app.knowledge.files import FoundDocument
from app.outbound import FetchFailed

log = structlog.get_logger(__name__)
BATCH = 32  # documents of one transaction
Read = Callable[[], list[FoundDocument]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or page, read when its turn has come."""

    name: str
    read: Read


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one document, or of a file that gave none."""

    name: str
    outcome: Outcome
    document_id: str | None = None
    version: int | None = None
    reason: str | None = None


@dataclass(slots=True)
class Report:
    """Every document of a run; `skipped` are files of kinds that are not read."""

    results: list[Result] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(result.outcome for result in self.results)
        return {one.value: counted[one] for one in Outcome} | {"skipped": len(self.skipped)}

    @property
    def failures(self) -> list[Result]:
        return [result for result in self.results if result.outcome is Outcome.FAILED]

    def as_dict(self) -> dict[str, Any]:
        """Counts and documents, for JSON."""
        documents = [asdict(result) for result in self.results]
        return {"counts": self.counts, "documents": documents, "skipped": self.skipped}


@dataclass(frozen=True, slots=True)
class _Readable:
    """A document that waits for its transaction, or why there is none."""

    name: str
    found: FoundDocument | None
    reason: str | None = None


def ingest(
    database: Database,
    entries: Iterable[Entry],
    *,
    then: Then,
    on_read: Callable[[int], None] = lambda _: None,
) -> Report:
    """Read and store every entry; `on_read` is told how many more entries were dealt with."""
    report = Report()
    names: dict[str, str] = {}  # document name -> the entry that has it
    waiting = iter(entries)
    while batch := list(islice(waiting, BATCH)):
        readable = [one for entry in batch for one in _read(entry, names)]
        for some in _slices(readable):
            report.results.extend(_store_all(database, some, then))
        on_read(len(batch))
    return report


def _read(entry: Entry, names: dict[str, str]) -> Iterator[_Readable]:
    try:
        documents = entry.read()
    except (ReadingFailed, FetchFailed) as failed:
        yield _Readable(entry.name, None, str(failed))
        return
    except AppError as refused:
        yield _Readable(entry.name, None, sentence_of(refused))
        return
    for number, found in enumerate(documents, start=1):
        name = entry.name if number == 1 else f"{entry.name} ({number})"
        other = names.setdefault(found.slug, name)
        if other != name:  # the second would be a version of the first, again in every run
            yield _Readable(name, None, f"it has the same name as {other}: rename one of them")
        else:
            yield _Readable(name, found)


def _slices(readable: Sequence[_Readable]) -> Iterator[Sequence[_Readable]]:
    """A table may give far more documents than a batch has."""
    for start in range(0, len(readable), BATCH):
        yield readable[start : start + BATCH]


def _store_all(database: Database, batch: Sequence[_Readable], then: Then) -> list[Result]:
    with database.write() as session:
        return [_store(session, one, then) for one in batch]


def _store(session: Session, one: _Readable, then: Then) -> Result:
    """In a savepoint: a document that cannot be kept leaves the batch as it is."""
    if one.found is None:
        return Result(one.name, Outcome.FAILED, reason=one.reason)
    try:
        with session.begin_nested():
            made = store(session, SYSTEM, one.found, then=then)
    except AppError as refused:
        return Result(one.name, Outcome.FAILED, reason=sentence_of(refused))
    except IntegrityError as raced:
        log.warning("ingest.raced", error=type(raced).__name__)
        reason = "another import wrote the same document at this moment: run again"
        return Result(one.name, Outcome.FAILED, reason=reason)
    return Result(one.name, made.outcome, made.document_id, made.version, made.reason)
