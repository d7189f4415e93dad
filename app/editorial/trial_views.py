"""The way of a question as editors see it."""

from collections.abc import Callable, Sequence

from app.editorial.trial import Asked, Key, Trial, TrialOutcome
from app.editorial.trial_schemas import (
    AttemptRead,
    HiddenHit,
    TrialHit,
    TrialIntent,
    TrialRead,
    TrialRequest,
)
from app.knowledge.schemas import CitationRead
from knowledge_base import Citation, Hit
from knowledge_base.evidence import Calibration
from knowledge_base.trace import Trace, WeighedHit

Shown = Callable[[str], str]  # text as it may be shown


def view_trial(trial: Trial, request: TrialRequest, *, shown: Shown) -> TrialRead:
    last = trial.traces[-1] if trial.traces else None
    is_answered = trial.outcome is TrialOutcome.ANSWERED
    return TrialRead(
        question=trial.asked.text,
        locale=request.locale,
        audience=request.audience,
        as_of=request.as_of,
        index_version=trial.index_version,
        intent=_intent(trial.asked),
        attempts=[_attempt(trace) for trace in trial.traces],
        hits=_hits(last.hits, trial.current, shown) if last else [],
        hidden=[_hidden(hit, trial) for hit in trial.hidden],
        confidence=last.answer.confidence if last else 0.0,
        accept=last.accept if last else Calibration().accept,
        outcome=trial.outcome.value,
        answer=trial.text if is_answered else None,
        citations=[_citation(one, shown) for one in last.answer.citations]
        if last and is_answered
        else [],
    )


def _intent(asked: Asked) -> TrialIntent:
    decision, intent = asked.decision, asked.taken_for
    is_given = asked.given is not None
    return TrialIntent(
        name=intent.name if intent else None,
        label=intent.label if intent else {},
        source="given" if is_given else "router",
        route=asked.given.route.value if asked.given else decision.route.value,
        outcome=decision.outcome.value,
        confidence=None if is_given else round(decision.confidence, 6),
        out_of_scope=decision.out_of_scope and not is_given,
        reason=decision.reason,
    )


def _attempt(trace: Trace) -> AttemptRead:
    return AttemptRead(
        asked=trace.question,
        confidence=trace.answer.confidence,
        answered=not trace.answer.abstained,
    )


def _hits(hits: Sequence[WeighedHit], current: frozenset[Key], shown: Shown) -> list[TrialHit]:
    return [
        _hit(rank, weighed, shown, is_current=_key(weighed.hit) in current)
        for rank, weighed in enumerate(hits, start=1)
    ]


def _hit(rank: int, weighed: WeighedHit, shown: Shown, *, is_current: bool) -> TrialHit:
    """No word of what the database no longer shows."""
    hit, chunk = weighed.hit, weighed.hit.chunk
    return TrialHit(
        rank=rank,
        document_id=chunk.document_id,
        version=chunk.version,
        chunk_id=chunk.chunk_id,
        title=chunk.title if is_current else "",
        headings=list(chunk.headings) if is_current else [],
        text=shown(chunk.text) if is_current else "",
        locale=chunk.locale,
        audience=chunk.audience.value,
        intents=list(chunk.intents),
        score=hit.score,
        dense_score=hit.dense_score,
        keyword_score=hit.keyword_score,
        example_score=hit.example_score,
        rerank_score=hit.rerank_score,
        signals={name: round(value, 4) for name, value in weighed.signals._asdict().items()},
        confidence=weighed.confidence,
        current=is_current,
    )


def _key(hit: Hit) -> Key:
    return hit.chunk.document_id, hit.chunk.version


def _hidden(hit: Hit, trial: Trial) -> HiddenHit:
    may_read = hit.chunk.audience in trial.readers
    return HiddenHit(
        document_id=hit.chunk.document_id,
        version=hit.chunk.version,
        chunk_id=hit.chunk.chunk_id,
        title=hit.chunk.title,
        locale=hit.chunk.locale,
        audience=hit.chunk.audience.value,
        score=hit.score,
        because="locale" if may_read else "audience",
    )


def _citation(citation: Citation, shown: Shown) -> CitationRead:
    return CitationRead(
        document_id=citation.document_id,
        version=citation.version,
        title=citation.title,
        url=citation.url,
        quote=shown(citation.quote),
        chunk_id=citation.chunk_id,
        chunk_hash=citation.chunk_hash,
    )
