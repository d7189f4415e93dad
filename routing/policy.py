"""Turn ranked intent scores into a ruling. Pure: no I/O, no model, no clock.

`examine` is the one place that compares a score with a dial; what it compared is what people are
shown, so an explanation cannot disagree with the decision.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from routing.types import Check, Classification, Outcome, Route, Thresholds

# reasons; a decision keeps the one that settled it
MUST_NOT_MISS = "must_not_miss"
CONTEXT = "context"  # the intent of the request before was taken over
MANY_REQUESTS = "many_requests"  # more than one reply can hold: which comes first?
LANGUAGE_REASON = "language:"  # followed by the code of the language, or unknown


@dataclass(frozen=True, slots=True)
class Ruling:
    """What to do with an utterance, and the one word why."""

    route: Route
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The checks in the order they were made, up to the one that decided, and what it decided."""

    checks: tuple[Check, ...]
    ruling: Ruling


def decide(
    seen: Classification,
    thresholds: Thresholds,
    *,
    route_of: Callable[[str], Route],
    urgent: Collection[str] = (),
    other_language: str | None = None,
) -> Ruling:
    """A person where an urgent intent is likely enough; answer when sure, ask when two are close.

    `urgent` names the intents that must not be missed: a person too many costs little there.
    """
    return examine(
        seen, thresholds, route_of=route_of, urgent=urgent, other_language=other_language
    ).ruling


def examine(
    seen: Classification,
    thresholds: Thresholds,
    *,
    route_of: Callable[[str], Route],
    urgent: Collection[str] = (),
    other_language: str | None = None,
) -> Trace:
    """The same with every check that was made."""
    if other_language is not None:  # nobody here reads it: say so, and offer a person
        foreign = Check("language", decided=True, detail=other_language)
        ruling = Ruling(Route.HUMAN, Outcome.CLARIFY, f"{LANGUAGE_REASON}{other_language}")
        return Trace((foreign,), ruling)
    made: list[Check] = []
    if urgent:
        made.append(_urgent_check(seen, thresholds, urgent))
        if made[0].decided:
            return Trace(tuple(made), Ruling(Route.HUMAN, Outcome.HANDOFF, MUST_NOT_MISS))
    for check in _scope_checks(seen, thresholds):
        made.append(check)
        if check.decided:
            return Trace(tuple(made), Ruling(Route.HUMAN, Outcome.CLARIFY, "out_of_scope"))
    route = route_of(seen.ranking[0].intent)
    for check in _doubt_checks(seen, thresholds):
        made.append(check)
        if check.decided:
            return Trace(tuple(made), Ruling(route, Outcome.CLARIFY, "ambiguous"))
    outcome = Outcome.HANDOFF if route is Route.HUMAN else Outcome.ANSWER
    made.append(Check("route", decided=True, detail=route.value))
    return Trace(tuple(made), Ruling(route, outcome, "classifier"))


def is_out_of_scope(seen: Classification, thresholds: Thresholds) -> bool:
    """No intent of ours applies: nothing ranked, too low, or too strange."""
    return any(check.decided for check in _scope_checks(seen, thresholds))


def _urgent_check(seen: Classification, dials: Thresholds, urgent: Collection[str]) -> Check:
    together = sum(score.confidence for score in seen.ranking if score.intent in urgent)
    return Check(
        "must_not_miss", together >= dials.must_not_miss, together, ">=", dials.must_not_miss
    )


def _scope_checks(seen: Classification, dials: Thresholds) -> Iterator[Check]:
    """What may say that no intent fits. Lazy: the later ones need a ranking."""
    yield _below("ranked", len(seen.ranking), 1)
    yield _below("reject", seen.ranking[0].confidence, dials.reject)
    score = seen.out_of_scope_score
    yield Check("out_of_scope", score > dials.out_of_scope, score, ">", dials.out_of_scope)


def _doubt_checks(seen: Classification, dials: Thresholds) -> Iterator[Check]:
    """What may say that we are not sure enough to act."""
    yield _below("accept", seen.ranking[0].confidence, dials.accept)
    yield _below("margin", margin_of(seen), dials.margin)


def _below(name: str, value: float, threshold: float) -> Check:
    return Check(name, value < threshold, value, "<", threshold)


def margin_of(seen: Classification) -> float:
    """Lead of the best intent over the runner-up, 0 to 1."""
    if not seen.ranking:
        return 0.0
    runner_up = seen.ranking[1].confidence if len(seen.ranking) > 1 else 0.0
    return seen.ranking[0].confidence - runner_up
