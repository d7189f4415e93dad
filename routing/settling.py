"""Settle one decision for a message from what the classifier sees in its parts. Pure.

A plan (`routing/plans.py`) names the texts that must be judged. `settle` reads the judgements: what
must not be missed and several requests first (`routing/requests.py`), then the message in the
light of what was said before it.
"""

from collections.abc import Callable
from dataclasses import replace

from routing import context
from routing.context import Elliptical, Reading
from routing.context_words import Words
from routing.explanation import after_context, noted
from routing.plans import Plan
from routing.policy import CONTEXT
from routing.requests import SURE, Judgements, settle_requests, without_place
from routing.types import Outcome, Route, RoutingDecision

INHERITED = (Route.ACCOUNT, Route.KNOWLEDGE)

# the same judgement under the name of another intent; None when the taxonomy does not know it
NameIntent = Callable[[str, RoutingDecision], RoutingDecision | None]


def settle(made: Plan, seen: Judgements, *, name_intent: NameIntent) -> RoutingDecision:
    """The decision for a message: its parts, what it refers back to, or the message as it is."""
    settled = settle_requests(made, seen)
    if settled is not None:
        return settled
    if made.elliptical is None:
        return _without_courtesy(made, seen)
    return _in_context(made, made.elliptical, seen, name_intent)


def _without_courtesy(made: Plan, seen: Judgements) -> RoutingDecision:
    """ "Hello, how do I activate my card? Thanks, bye" is the question in its middle."""
    whole = seen[made.whole]
    if whole.outcome in SURE or len(made.segments) != 1:
        return whole
    segment = made.segments[0]
    around = made.whole.text.replace(segment.text, " ", 1)
    decision = seen[made.of(segment)]
    if decision.outcome not in SURE or not context.is_courtesy(around):
        return whole
    return replace(without_place(decision), language=made.whole.language, read_as=segment.text)


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
    speaks_for_itself = whole.outcome in SURE and whole.intent != earlier.intent
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
    if elliptical.words is not None and (rest.outcome not in SURE or _is_courtesy(rest)):
        composed = _composed(made, elliptical, seen)
        if composed is not None:
            return composed
        if earlier is not None:
            return _inherit(earlier, made, elliptical)
    return _annotated(without_place(rest), made, elliptical, read_as=elliptical.rest)


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
    found = replace(
        decision,
        language=made.whole.language,
        context=elliptical.reading.value,
        read_as=read_as,
        slots_from=elliptical.rest,
    )
    named = decision.reason == CONTEXT
    return noted(
        found, lambda made: after_context(made, decided=named, detail=elliptical.reading.value)
    )


def _is_courtesy(decision: RoutingDecision) -> bool:
    return decision.outcome is Outcome.ANSWER and decision.route is Route.GENERAL
