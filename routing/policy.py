"""Turn ranked intent scores into a ruling. Pure: no I/O, no model, no clock."""

from collections.abc import Callable
from dataclasses import dataclass

from routing.types import Classification, Outcome, Route, Thresholds

LANGUAGE_REASON = "language:"  # followed by the code of the language, or unknown


@dataclass(frozen=True, slots=True)
class Ruling:
    """What to do with an utterance, and the one word why."""

    route: Route
    outcome: Outcome
    reason: str


def decide(
    seen: Classification,
    thresholds: Thresholds,
    *,
    route_of: Callable[[str], Route],
    other_language: str | None = None,
) -> Ruling:
    """Answer when sure, ask when two intents are close, hand off when lost."""
    if other_language is not None:  # nobody here reads it: say so, and offer a person
        return Ruling(Route.HUMAN, Outcome.CLARIFY, f"{LANGUAGE_REASON}{other_language}")
    if is_out_of_scope(seen, thresholds):
        return Ruling(Route.HUMAN, Outcome.CLARIFY, "out_of_scope")
    best = seen.ranking[0]
    route = route_of(best.intent)
    if best.confidence < thresholds.accept or margin_of(seen) < thresholds.margin:
        return Ruling(route, Outcome.CLARIFY, "ambiguous")
    if route is Route.HUMAN:
        return Ruling(Route.HUMAN, Outcome.HANDOFF, "classifier")
    return Ruling(route, Outcome.ANSWER, "classifier")


def is_out_of_scope(seen: Classification, thresholds: Thresholds) -> bool:
    """No intent of ours applies: nothing ranked, too low, or too strange."""
    if not seen.ranking or seen.ranking[0].confidence < thresholds.reject:
        return True
    return seen.out_of_scope_score > thresholds.out_of_scope


def margin_of(seen: Classification) -> float:
    """Lead of the best intent over the runner-up, 0 to 1."""
    if not seen.ranking:
        return 0.0
    runner_up = seen.ranking[1].confidence if len(seen.ranking) > 1 else 0.0
    return seen.ranking[0].confidence - runner_up
