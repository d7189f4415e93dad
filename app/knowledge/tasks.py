"""Job of the knowledge base: bring the index up to what is published."""

from app.audit_trail import SYSTEM, record
from app.jobs.registry import job
from app.jobs.runner import JobRun
from app.knowledge.indexing import build_index
from app.knowledge.service import REINDEX
from app.parts import Parts

REINDEX_TIME_LIMIT = 3_600.0  # seconds; a new base of a million chunks takes minutes


@job(REINDEX, lane="default", time_limit=REINDEX_TIME_LIMIT, attempts=5)
def reindex(parts: Parts, run: JobRun) -> None:
    """Safe to run twice: a second run finds the index up to date."""
    built = build_index(
        parts.database, parts.settings, parts.encoder, reranker=parts.reranker, verify=False
    )
    parts.knowledge.reload()
    with run.finishing() as session:
        if built is not None:
            record(session, "knowledge.reindexed", actor=SYSTEM, subject=built)
