"""Settle one decision for a message from what the classifier sees in its parts. Pure.

A plan names the texts that must be judged: the message as it is, its possible requests, and the
words that a follow-up or a correction stands for. `settle` reads the judgements and decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from routing import context
from routing.context import Elliptical, Reading
from routing.context_words import Words, objects_in
from routing.language import detect
from routing.segments import Segment, split
from routing.types import Candidate, Outcome, Route, RoutedPart, RoutingDecision, Utterance

MAX_PARTS = 3  # more requests in one message: ask which comes first
MANY_REQUESTS = "many_requests"
INHERITED = (Route.ACCOUNT, Route.KNOWLEDGE)
NEVER_SHARED = ("self_harm",)  # nothing else is answered beside these words
_SURE = (Outcome.ANSWER, Outcome.HANDOFF)


@dataclass(frozen=True, slots=True)
class Probe:
    """A text to be judged. Rules hear only what the customer says now."""

    text: str
    language: str
    is_spoken: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What must be judged before a message can be decided."""

    whole: Probe
    segments: tuple[Segment, ...] = ()
    elliptical: Elliptical | None = None
    rest: Probe | None = None
    anchor: Probe | None = None
    composed: Probe | None = None
    previous_intent: str | None = None

    def probes(self) -> list[Probe]:
        parts = [self.of(segment) for segment in self.segments]
        around = (self.whole, self.rest, self.anchor, self.composed)
        return [*(probe for probe in around if probe is not None), *parts]

    def of(self, segment: Segment) -> Probe:
        return Probe(segment.text, self.whole.language)


Judgements = Mapping[Probe, RoutingDecision]
# the same judgement under the name of another intent; None when the taxonomy does not know it
NameIntent = Callable[[str, RoutingDecision], RoutingDecision | None]


def plan(utterance: Utterance) -> Plan:
    """What to judge for an utterance; mostly the text alone."""
    language = detect(utterance.text, utterance.locale)
    whole = Probe(utterance.text, language)
    segments = split(utterance.text, language)
    if len(segments) >= 2 or not utterance.history:
        return Plan(whole, segments)
    elliptical = context.read(utterance.text, language)
    anchor = context.find_anchor(utterance.history, utterance.locale)
    if elliptical is None or anchor is None:
        return Plan(whole, segments)
    anchored = detect(anchor, utterance.locale)
    return Plan(
        whole,
        segments,
        elliptical,
        Probe(elliptical.rest, language),
        Probe(anchor, anchored, is_spoken=False),
        Probe(context.compose(anchor, elliptical.rest), language, is_spoken=False)
        if anchored == language
        else None,
        utterance.previous_intent,
    )


def settle(made: Plan, seen: Judgements, *, name_intent: NameIntent) -> RoutingDecision:
    """The decision for a message: its parts, what it refers back to, or the message as it is."""
    whole = seen[made.whole]
    parts = _confirmed_parts(made, seen)
    if len(parts) > MAX_PARTS:
        return _ask_which_first(whole, parts)
    if len(parts) > 1:
        return replace(parts[0].decision, parts=parts)
    if _by_rule(whole):
        return whole
    if made.elliptical is None:
        return _without_courtesy(made, seen)
    return _in_context(made, made.elliptical, seen, name_intent)


def _without_courtesy(made: Plan, seen: Judgements) -> RoutingDecision:
    """ "Hello, how do I activate my card? Thanks, bye" is the question in its middle."""
    whole = seen[made.whole]
    if whole.outcome in _SURE or len(made.segments) != 1:
        return whole
    segment = made.segments[0]
    around = made.whole.text.replace(segment.text, " ", 1)
    decision = seen[made.of(segment)]
    if decision.outcome not in _SURE or not context.is_courtesy(around):
        return whole
    return replace(decision, read_as=segment.text)


def _confirmed_parts(made: Plan, seen: Judgements) -> tuple[RoutedPart, ...]:
    """Requests of which the classifier is sure; what a rule decides comes first."""
    whole = seen[made.whole]
    urgent = _by_rule(whole)
    if urgent and whole.intent in NEVER_SHARED:
        return ()
    parts: list[RoutedPart] = [RoutedPart(made.whole.text, whole)] if urgent else []
    asked: list[RoutedPart] = []
    for segment in made.segments:
        decision = _judge_segment(made, segment, asked, seen)
        if decision is None or _by_rule(decision):
            continue
        if not _repeats(decision, segment.text, asked, made.whole.language):
            asked.append(RoutedPart(segment.text, decision))
    if not any(part.decision.outcome in _SURE for part in (*parts, *asked)):
        return ()
    found = (*parts, *asked)
    return found if len(found) > 1 else ()


def _judge_segment(
    made: Plan, segment: Segment, before: list[RoutedPart], seen: Judgements
) -> RoutingDecision | None:
    decision = seen[made.of(segment)]
    if segment.shares_verb and before and _differs_in_object(before[-1], segment, made):
        return before[-1].decision
    if decision.outcome in _SURE:
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
    if parts[0].decision.reason.startswith("rule:"):  # the danger first, then what fits
        return replace(parts[0].decision, parts=parts[:MAX_PARTS])
    candidates = tuple(
        Candidate(part.decision.intent, part.decision.route, part.decision.confidence)
        for part in parts
        if part.decision.intent is not None
    )
    return replace(
        whole, outcome=Outcome.CLARIFY, reason=MANY_REQUESTS, candidates=candidates, parts=()
    )


def _in_context(
    made: Plan, elliptical: Elliptical, seen: Judgements, name_intent: NameIntent
) -> RoutingDecision:
    if elliptical.reading is Reading.CORRECTION:
        return _corrected(made, elliptical, seen, name_intent)
    whole, words = seen[made.whole], elliptical.words
    earlier = _earlier(made, seen, name_intent)
    if words is None or earlier is None or _is_courtesy(whole):
        return whole
    if elliptical.names_only_objects:
        return _inherit(earlier, made, elliptical)
    goes_on = words.leans or not words.has_verb
    if earlier.route is Route.ACCOUNT and not goes_on:
        return whole  # "how long does it take?" asks for no second freeze
    speaks_for_itself = whole.outcome in _SURE and whole.intent != earlier.intent
    if speaks_for_itself and not words.leans and not _still_about(earlier, made, seen, words):
        return whole
    composed = _composed(made, elliptical, seen)
    if composed is not None or not (goes_on or words.points):
        return composed or whole
    return _inherit(earlier, made, elliptical)


def _still_about(earlier: RoutingDecision, made: Plan, seen: Judgements, words: Words) -> bool:
    """ "Can I do that online?" leaves the earlier request where it was."""
    composed = seen[made.composed] if made.composed is not None else None
    return words.points and composed is not None and composed.intent == earlier.intent


def _corrected(
    made: Plan, elliptical: Elliptical, seen: Judgements, name_intent: NameIntent
) -> RoutingDecision:
    """What was meant: a request of its own, another object, or the earlier one put differently."""
    rest = seen[made.rest] if made.rest is not None else seen[made.whole]
    earlier = _earlier(made, seen, name_intent)
    if elliptical.names_only_objects and earlier is not None:
        return _inherit(earlier, made, elliptical)
    if elliptical.words is not None and (rest.outcome not in _SURE or _is_courtesy(rest)):
        composed = _composed(made, elliptical, seen)
        if composed is not None:
            return composed
        if earlier is not None:
            return _inherit(earlier, made, elliptical)
    return _annotated(rest, made, elliptical, read_as=elliptical.rest)


def _earlier(made: Plan, seen: Judgements, name_intent: NameIntent) -> RoutingDecision | None:
    """The earlier request, when it is one that a few words can go on with."""
    if made.previous_intent is not None:
        earlier = name_intent(made.previous_intent, seen[made.whole])
    else:
        earlier = seen[made.anchor] if made.anchor is not None else None
    if earlier is None or earlier.route not in INHERITED:
        return None
    if earlier.outcome is Outcome.ANSWER:
        return earlier
    return _agreed(made, earlier, seen, name_intent)


def _agreed(
    made: Plan, anchor: RoutingDecision, seen: Judgements, name_intent: NameIntent
) -> RoutingDecision | None:
    """Two doubtful readings of the same question that say the same thing are no doubt any more."""
    composed = seen[made.composed] if made.composed is not None else None
    if composed is None or anchor.intent is None or composed.intent != anchor.intent:
        return None
    is_doubt = anchor.reason == "ambiguous" and not composed.out_of_scope
    return name_intent(anchor.intent, anchor) if is_doubt else None


def _composed(made: Plan, elliptical: Elliptical, seen: Judgements) -> RoutingDecision | None:
    if made.composed is None:
        return None
    decision = seen[made.composed]
    if decision.outcome is not Outcome.ANSWER or decision.route not in INHERITED:
        return None
    return _annotated(decision, made, elliptical, read_as=made.composed.text)


def _inherit(earlier: RoutingDecision, made: Plan, elliptical: Elliptical) -> RoutingDecision:
    text = made.composed.text if made.composed is not None else elliptical.rest
    return _annotated(earlier, made, elliptical, read_as=text)


def _annotated(
    decision: RoutingDecision, made: Plan, elliptical: Elliptical, *, read_as: str
) -> RoutingDecision:
    return replace(
        decision,
        language=made.whole.language,
        context=elliptical.reading.value,
        read_as=read_as,
        slots_from=elliptical.rest,
    )


def _is_courtesy(decision: RoutingDecision) -> bool:
    return decision.outcome is Outcome.ANSWER and decision.route is Route.GENERAL


def _by_rule(decision: RoutingDecision) -> bool:
    return decision.reason.startswith("rule:")
