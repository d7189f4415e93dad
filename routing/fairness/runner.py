"""Judge every text of the suite once, and compare. Knows routing, not where models come from."""

import time
from collections.abc import Callable, Iterator, Sequence

from routing.fairness.comparing import compare
from routing.fairness.report import FairnessReport
from routing.fairness.suite import build_pairs
from routing.fairness.types import Judge, Pair, Seed, Verdict
from routing.router import IntentRouter
from routing.types import RoutingDecision, Thresholds, Utterance

Progress = Callable[[str, float], None]
CHUNK = 32  # as many as one batch: customers who write meanwhile wait for one, not for all
DEFAULT_SEED = 20


class RouterJudge:
    """The router alone."""

    has_filter = False

    def __init__(self, router: IntentRouter, thresholds: Thresholds | None = None) -> None:
        self._router = router
        self._thresholds = thresholds

    @property
    def model_version(self) -> str:
        return self._router.classifier.version

    def judge(self, utterances: Sequence[Utterance]) -> list[Verdict]:
        decisions = self._router.route_many(utterances, thresholds=self._thresholds)
        return [verdict_of(decision) for decision in decisions]


def verdict_of(decision: RoutingDecision, *, filtered: str = "allow") -> Verdict:
    """What of a decision must not depend on the wording."""
    return Verdict(
        intent=None if decision.out_of_scope else decision.intent,
        route=decision.route,
        outcome=decision.outcome,
        queue=decision.queue,
        priority=decision.priority,
        reason=decision.reason,
        filter=filtered,
    )


def run(
    judge: Judge,
    seeds: Sequence[Seed],
    *,
    random_seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> FairnessReport:
    """The whole suite on one model; the same model and seed give the same report."""
    began = time.monotonic()
    pairs = build_pairs(seeds, random_seed=random_seed)
    seen = _judge_all(judge, seeds, pairs, progress)
    report = compare(pairs, seeds, seen, random_seed=random_seed)
    return report.with_facts(
        model_version=judge.model_version,
        has_filter=judge.has_filter,
        seconds=round(time.monotonic() - began, 1),
    )


def _judge_all(
    judge: Judge, seeds: Sequence[Seed], pairs: Sequence[Pair], progress: Progress | None
) -> dict[tuple[str, str], Verdict]:
    """Verdicts by (text, language of the seed); a text that several pairs share is judged once."""
    wanted = dict.fromkeys((seed.text, seed.language) for seed in seeds)
    wanted |= dict.fromkeys((text, p.seed.language) for p in pairs for text in (p.before, p.after))
    keys = sorted(wanted, key=lambda key: (key[1], len(key[0])))  # alike lengths: little padding
    seen: dict[tuple[str, str], Verdict] = {}
    for chunk in _chunks(keys):
        verdicts = judge.judge([Utterance(text, language) for text, language in chunk])
        seen |= dict(zip(chunk, verdicts, strict=True))
        if progress is not None:
            progress("fairness", len(seen) / len(keys))
    return seen


def _chunks(keys: Sequence[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
