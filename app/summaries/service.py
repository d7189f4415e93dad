"""Summarise a long document for staff. Nothing of the text is stored but its hash, for the audit.

Synchronous: quotes are there within seconds, a model has a deadline and its failure falls back to
them. A job would keep a copy of what may be a customer's letter.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.orm import Session

from app.audit_trail import record
from app.auth.caller import Caller, Staff
from app.config import SummarySettings
from app.content_filter import FindingType, inspect
from app.errors import Unavailable
from app.generation import Generator, Priority
from app.summaries.schemas import SummaryOptions
from app.summaries.source import Source
from app.summaries.writing import build_writer
from knowledge_base.protocols import Embedder
from knowledge_base.summaries.map_reduce import WritingSettings
from knowledge_base.summaries.report import SummaryReport, report_on
from knowledge_base.tokens import language_of

log = structlog.get_logger(__name__)
MOST_AT_ONCE = 4  # in one process: a long text takes a core for seconds
PATIENCE = 5.0  # seconds that a request waits for a place
RETRY_AFTER = 5.0

_room = threading.BoundedSemaphore(MOST_AT_ONCE)


@contextmanager
def _place() -> Iterator[None]:
    """One of the places, or 503 after a while: customers' turns share these cores."""
    if not _room.acquire(timeout=PATIENCE):
        raise Unavailable(
            f"{MOST_AT_ONCE} summaries are being made; try again shortly.",
            code="summaries_busy",
            retry_after=RETRY_AFTER,
        )
    try:
        yield
    finally:
        _room.release()


def make_summary(
    source: Source,
    options: SummaryOptions,
    *,
    embedder: Embedder,
    generator: Generator,
    settings: SummarySettings,
    priority: Priority = Priority.BATCH,
) -> SummaryReport:
    """The report of one text; Unavailable when too many are being made."""
    language = options.locale or language_of(source.document.text)
    write = None
    if options.method == "auto":
        write = build_writer(generator, language=language, priority=priority)
    with _place():
        report = report_on(
            source.document,
            embedder=embedder,
            write=write,
            sentences=options.sentences,
            is_suspicious=_is_suspicious,
            language=language,
            settings=WritingSettings(seconds=settings.seconds, most_calls=settings.most_calls),
        )
    if report.fallback:
        log.warning("summary.not_written", reason=report.fallback)
    return report


def priority_of(caller: Caller) -> Priority:
    """An agent waits before the screen; a system of the bank does not."""
    return Priority.COPILOT if isinstance(caller, Staff) else Priority.BATCH


def record_summary(session: Session, source: Source, report: SummaryReport, caller: Caller) -> None:
    """One audit event: who had which text read by a machine, and whether a model read it too."""
    text = source.document.text
    digest = hashlib.sha256(text.encode()).hexdigest()
    stored = source.stored
    record(
        session,
        "summary.made",
        actor=caller.actor,
        subject=stored.id if stored else digest,
        version=stored.version if stored else None,
        text_sha256=digest,
        characters=len(text),
        method=report.method.value,
        calls=report.calls,
        dropped=report.dropped,
    )


def _is_suspicious(text: str) -> bool:
    return any(found.type is FindingType.PROMPT_INJECTION for found in inspect(text).findings)
