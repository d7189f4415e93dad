"""Ask a question as somebody else would, and see the whole way to the answer, or to none.

Asks what a customer's turn asks, with the same parts; keeps nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.auth.caller import Caller
from app.clock import utc_now
from app.dialogue.routing import decide_texts
from app.editorial.trial_schemas import TrialRequest
from app.errors import BadInput, FieldError, Unavailable
from app.knowledge.lookup import audiences_of, filtered, keep_current, prepare
from app.parts import Parts
from knowledge_base import Answer, Audience, Chunk, Citation, Hit, IndexUnavailable, Retriever
from knowledge_base.trace import Trace, Traceable, trace
from knowledge_base.types import Abstention
from routing import Intent, Outcome, Route, RoutingDecision

HITS = 20  # passages shown of each attempt
HIDDEN = 5  # of what is best for everybody, those that this reader may not see


Key = tuple[str, int]  # document id and version


class TrialOutcome(StrEnum):
    """Answered, or what stood in the way."""

    ANSWERED = "answered"
    NO_INDEX = "no_index"
    NOTHING_FOUND = "nothing_found"
    BELOW_THRESHOLD = "below_threshold"
    CONFLICT = "conflict"  # articles that state different figures
    NOT_CURRENT = "not_current"  # what it would cite is not what the database shows
    FILTERED = "filtered"  # the output filter leaves nothing of it


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as the articles are asked it."""

    text: str  # masked
    decision: RoutingDecision
    given: Intent | None
    taken_for: Intent | None  # the intent that the search prefers

    def wordings(self, locale: str) -> list[str]:
        """The customer's words; then, where the intent is sure, its name before them."""
        if self.taken_for is None or not self._is_sure:
            return [self.text]
        return [self.text, f"{self.taken_for.label[locale]} {self.text}"]

    @property
    def _is_sure(self) -> bool:
        if self.given is not None:
            return self.given.route is Route.KNOWLEDGE
        decision = self.decision
        return decision.outcome is Outcome.ANSWER and decision.route is Route.KNOWLEDGE


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything on the way; `traces` holds an attempt for each wording, the last one decides."""

    asked: Asked
    index_version: str
    readers: tuple[Audience, ...]
    traces: tuple[Trace, ...]
    hidden: tuple[Hit, ...]
    current: frozenset[Key]  # what the database shows; no word of anything else
    outcome: TrialOutcome
    text: str | None  # the filtered answer


def try_question(parts: Parts, request: TrialRequest, caller: Caller) -> Trial:
    """The way of one question. BadInput for an unknown intent; Unavailable for a broken index."""
    asked, since = _understand(parts, request), utc_now()
    readers = audiences_of(caller, request.audience)
    retriever = _retriever(parts, request)
    if retriever is None:
        return Trial(asked, "", readers, (), (), frozenset(), TrialOutcome.NO_INDEX, None)
    traces = _attempts(retriever, asked, request, readers)
    answer, found = traces[-1].answer, [weighed.hit for weighed in traces[-1].hits]
    hidden = _hidden(retriever, asked.text, request, readers)
    with parts.database.read() as session:  # an index may lag behind a deletion: the rows decide
        chunks = [hit.chunk for hit in (*found, *hidden)]
        kept = keep_current(session, chunks, since=since, at=request.as_of)
        cited = keep_current(session, answer.citations, since=since, at=request.as_of)
    current = frozenset([*map(_key, kept), *map(_key, cited)])
    text = None if answer.text is None else filtered(parts, answer.text)
    return Trial(
        asked,
        index_version=answer.index_version,
        readers=readers,
        traces=traces,
        hidden=tuple(hit for hit in hidden if _key(hit.chunk) in current),
        current=current,
        outcome=_outcome(answer, found, text, current),
        text=text or None,
    )


def _understand(parts: Parts, request: TrialRequest) -> Asked:
    taxonomy = parts.router.taxonomy
    given = None if request.intent is None else taxonomy.find(request.intent)
    if request.intent is not None and given is None:
        problem = FieldError("intent", "must be an intent of the taxonomy")
        raise BadInput("There is no such intent.", errors=(problem,))
    ((filtered, decision),) = decide_texts(parts, [request.question], locale=request.locale)
    routed = None if decision.out_of_scope else taxonomy.find(decision.intent or "")
    return Asked(filtered.text, decision, given, given or routed)


def _retriever(parts: Parts, request: TrialRequest) -> Retriever | None:
    if not isinstance(parts.knowledge, Traceable):
        return None
    try:
        prepare(parts, request.as_of)
        return parts.knowledge.retriever(request.as_of)
    except IndexUnavailable as unavailable:
        raise Unavailable(
            "The knowledge index cannot be read.", code="index_unavailable", retry_after=5
        ) from unavailable


def _attempts(
    retriever: Retriever, asked: Asked, request: TrialRequest, readers: Sequence[Audience]
) -> tuple[Trace, ...]:
    """Wording by wording until one is answered."""
    traces: list[Trace] = []
    for words in asked.wordings(request.locale):
        traces.append(
            trace(
                retriever,
                words,
                k=HITS,
                locale=request.locale,
                audiences=readers,
                intent=asked.taken_for.name if asked.taken_for else None,
                as_of=request.as_of,
            )
        )
        if not traces[-1].answer.abstained:
            break
    return tuple(traces)


def _key(one: Chunk | Citation) -> Key:
    return one.document_id, one.version


def _hidden(
    retriever: Retriever, text: str, request: TrialRequest, readers: Sequence[Audience]
) -> tuple[Hit, ...]:
    """Of the best passages for anybody in any language, those that this reader is not shown."""
    best = retriever.search(text, k=HIDDEN, audiences=tuple(Audience), as_of=request.as_of)
    return tuple(
        hit
        for hit in best
        if hit.chunk.audience not in readers or hit.chunk.locale != request.locale
    )


def _outcome(
    answer: Answer, found: Sequence[Hit], text: str | None, current: frozenset[Key]
) -> TrialOutcome:
    if not found:
        return TrialOutcome.NOTHING_FOUND
    if text is None:
        is_disputed = answer.abstention is Abstention.CONFLICT
        return TrialOutcome.CONFLICT if is_disputed else TrialOutcome.BELOW_THRESHOLD
    if any(_key(one) not in current for one in answer.citations):
        return TrialOutcome.NOT_CURRENT
    return TrialOutcome.ANSWERED if text else TrialOutcome.FILTERED
