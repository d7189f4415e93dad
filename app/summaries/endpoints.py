"""Door of summaries: a long text in, the important sentences and the facts out."""

from fastapi import APIRouter

from app.auth.caller import Caller
from app.dependencies import PartsDep
from app.idempotency import OnceDep
from app.knowledge.doors import KnowledgeReader
from app.parts import Parts
from app.rate_limits import CallerLimit
from app.summaries.schemas import SummaryOptions, SummaryRead
from app.summaries.service import make_summary, priority_of, record_summary
from app.summaries.source import Source, from_file, from_request
from app.summaries.submission import Sent, SentDep, SentFile, request_body
from app.summaries.views import view_summary

router = APIRouter(prefix="/knowledge", tags=["Knowledge"], dependencies=[CallerLimit])


@router.post("/summaries", openapi_extra=request_body())
def summarise_text(
    caller: KnowledgeReader, parts: PartsDep, once: OnceDep, sent: SentDep
) -> SummaryRead:
    """Summarise a text, a stored document or a file, with citations, and list the facts in it.

    The text is not kept. 503 `summaries_busy` when too many are being made at once.
    """
    with parts.database.read() as session:
        once.replay_if_stored(session)
    source, options = _understand(parts, sent, caller)
    report = make_summary(
        source,
        options,
        embedder=parts.encoder,
        generator=parts.generator,
        settings=parts.settings.summaries,
        priority=priority_of(caller),
    )
    shown = view_summary(source, report)
    with parts.database.write() as session:
        record_summary(session, source, report, caller)
        once.keep(session, shown, status=200)
    return shown


def _understand(parts: Parts, sent: Sent, caller: Caller) -> tuple[Source, SummaryOptions]:
    if isinstance(sent, SentFile):
        return from_file(sent.file), sent.options
    return from_request(parts.database, sent, caller), sent
