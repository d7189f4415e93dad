"""What the folds of a training saw, text by text: the one place that reads `HeldOut`."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from models.intent_training import HeldOut, IntentExamples
from routing.taxonomy import Taxonomy
from routing.thresholds import Observation

RouteOf = Callable[[str], Hashable]


@dataclass(frozen=True, slots=True)
class Prediction:
    """One text that was held out: the label it has, what a model without it said, how sure."""

    text: str
    language: str
    truth: str | None  # None: out of scope
    guess: str
    confidence: float
    margin: float
    score: float
    has_twin: bool = False  # a near-duplicate was learnt: easier than fresh text

    @property
    def is_correct(self) -> bool:
        return self.truth is not None and self.guess == self.truth

    def takes_right_route(self, route_of: RouteOf) -> bool:
        return self.truth is not None and route_of(self.guess) == route_of(self.truth)

    def observation(self, route_of: RouteOf) -> Observation:
        """For the dial: right is, what takes the right route."""
        return Observation(
            self.confidence,
            self.margin,
            self.score,
            self.takes_right_route(route_of),
            is_stranger=self.truth is None,
        )


def routes_by(taxonomy: Taxonomy) -> RouteOf:
    """Label -> route; a label that the taxonomy does not know is a route of its own."""

    def route_of(label: str) -> Hashable:
        intent = taxonomy.find(label)
        return label if intent is None else intent.route

    return route_of


def read_held_out(
    examples: IntentExamples,
    seen: HeldOut,
    *,
    language: str,
    groups: Sequence[Hashable] = (),
) -> list[Prediction]:
    """One prediction for each held-out text and stranger, in the order of the folds.

    `groups` names the near-duplicates among the examples; empty where each text is alone.
    """
    rows, twins = _held_out_rows(seen, groups)
    places = np.flatnonzero(~seen.is_stranger)
    found = [
        _prediction(seen, int(place), examples.texts[row], language, *pair, has_twin=twin)
        for place, row, pair, twin in zip(places, rows, seen.predictions, twins, strict=True)
    ]
    return found + _strangers(examples, seen, language)


def _held_out_rows(seen: HeldOut, groups: Sequence[Hashable]) -> tuple[list[int], list[bool]]:
    """Rows in the order of the folds, and whether a near-duplicate of each was learnt."""
    members: dict[Hashable, set[int]] = defaultdict(set)
    for row, group in enumerate(groups):
        members[group].add(row)
    rows: list[int] = []
    twins: list[bool] = []
    for held_out in seen.fold_rows:
        together = {int(row) for row in held_out}
        rows += [int(row) for row in held_out]
        twins += [bool(groups) and not members[groups[row]] <= together for row in held_out]
    return rows, twins


def _strangers(examples: IntentExamples, seen: HeldOut, language: str) -> list[Prediction]:
    places = np.flatnonzero(seen.is_stranger)
    return [
        _prediction(seen, int(place), examples.strangers[row], language, None, "")
        for place, row in zip(places, seen.strangers, strict=True)
    ]


def _prediction(
    seen: HeldOut,
    place: int,
    text: str,
    language: str,
    truth: str | None,
    guess: str,
    *,
    has_twin: bool = False,
) -> Prediction:
    return Prediction(
        text,
        language,
        truth,
        guess,
        float(seen.confidence[place]),
        float(seen.margin[place]),
        float(seen.score[place]),
        has_twin,
    )
