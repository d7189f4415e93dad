"""The several requests of one message: what must not be missed first, then those that are sure.

Pure: reads judgements that were made before.
"""

from collections.abc import Mapping
from dataclasses import replace

from routing import context
from routing.context_words import objects_in
from routing.explanation import after_counting, noted
from routing.plans import Plan, Probe
from routing.policy import MANY_REQUESTS, MUST_NOT_MISS
from routing.segments import Segment
from routing.types import Candidate, Outcome, Route, RoutedPart, RoutingDecision

MAX_PARTS = 3  # more requests in one message: ask which comes first
NEVER_SHARED = ("self_harm",)  # nothing else is answered beside these words
SURE = (Outcome.ANSWER, Outcome.HANDOFF)

Judgements = Mapping[Probe, RoutingDecision]


def is_urgent(decision: RoutingDecision) -> bool:
    """What must not be missed was heard, by a rule or by the classifier."""
    return decision.reason.startswith("rule:") or decision.reason == MUST_NOT_MISS


def settle_requests(made: Plan, seen: Judgements) -> RoutingDecision | None:
    """The decision for an urgent message and for one of several requests; else None."""
    urgent = _urgent_parts(made, seen)
    alone = next((part for part in urgent if part.decision.intent in NEVER_SHARED), None)
    if alone is not None:
        return _in_language_of(made, alone.decision)
    parts = tuple(
        replace(part, decision=_in_language_of(made, part.decision))
        for part in (*urgent, *_sure_parts(made, seen))
    )
    if not any(part.decision.outcome in SURE for part in parts):
        return None
    if len(parts) > MAX_PARTS and not urgent:
        return _ask_which_first(seen[made.whole], parts)
    if len(parts) > 1:  # the danger first, then what fits
        return replace(parts[0].decision, parts=parts[:MAX_PARTS])
    return parts[0].decision if urgent else None


def _urgent_parts(made: Plan, seen: Judgements) -> tuple[RoutedPart, ...]:
    """The message itself where it is urgent; else what is urgent in it, each intent once."""
    whole = seen[made.whole]
    if is_urgent(whole):
        return (RoutedPart(made.whole.text, whole),)
    judged = [
        RoutedPart(piece.text, without_place(seen[made.of(piece)])) for piece in made.segments
    ]
    urgent = [part for part in judged if is_urgent(part.decision)]
    return tuple({part.decision.intent: part for part in reversed(urgent)}.values())[::-1]


def _sure_parts(made: Plan, seen: Judgements) -> tuple[RoutedPart, ...]:
    """Requests of which the classifier is sure, and those set beside them that are in doubt."""
    asked: list[RoutedPart] = []
    for segment in made.segments:
        decision = _judge_segment(made, segment, asked, seen)
        if decision is None or is_urgent(decision):
            continue
        if not _repeats(decision, segment.text, asked, made.whole.language):
            asked.append(RoutedPart(segment.text, decision))
    return tuple(asked)


def _judge_segment(
    made: Plan, segment: Segment, before: list[RoutedPart], seen: Judgements
) -> RoutingDecision | None:
    decision = seen[made.of(segment)]
    if segment.shares_verb and before and _differs_in_object(before[-1], segment, made):
        return before[-1].decision
    if decision.outcome in SURE:
        return None if decision.route is Route.GENERAL else decision
    is_doubtful = decision.reason == "ambiguous" and _is_added(made, segment)
    return decision if is_doubtful else None


def _is_added(made: Plan, segment: Segment) -> bool:
    """Whether "and" or "also" sets this request beside another one."""
    following = made.segments[made.segments.index(segment) + 1 :][:1]
    return segment.is_added or any(after.is_added for after in following)


def _differs_in_object(before: RoutedPart, segment: Segment, made: Plan) -> bool:
    """ "…my current account and my savings account": the same request for another object."""
    language = made.whole.language
    words = context.read(f"and {segment.text}" if language == "en" else segment.text, language)
    is_object = words is not None and words.names_only_objects
    has_object = bool(objects_in(before.text, language))
    return is_object and has_object and before.decision.route is Route.ACCOUNT


def _repeats(decision: RoutingDecision, text: str, before: list[RoutedPart], language: str) -> bool:
    """The same intent twice is one request, unless it is for another card or account."""
    same = [part for part in before if part.decision.intent == decision.intent]
    if not same:
        return False
    mine = objects_in(text, language)
    others = [objects_in(part.text, language) for part in same]
    return decision.route is not Route.ACCOUNT or not mine or mine in others


def _ask_which_first(whole: RoutingDecision, parts: tuple[RoutedPart, ...]) -> RoutingDecision:
    candidates = tuple(
        Candidate(part.decision.intent, part.decision.route, part.decision.confidence)
        for part in parts
        if part.decision.intent is not None
    )
    asked = replace(
        whole, outcome=Outcome.CLARIFY, reason=MANY_REQUESTS, candidates=candidates, parts=()
    )
    return noted(asked, lambda made: after_counting(made, len(parts), limit=MAX_PARTS))


def without_place(decision: RoutingDecision) -> RoutingDecision:
    """A rule that fired in a piece of the message: its place is not one in the message."""
    if decision.rule is None:
        return decision
    return replace(decision, rule=replace(decision.rule, start=None, end=None))


def _in_language_of(made: Plan, decision: RoutingDecision) -> RoutingDecision:
    """A message is answered in one language, whatever its first request is written in."""
    return replace(decision, language=made.whole.language)
