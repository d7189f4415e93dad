"""The gate's own checks: floors on the golden sets, and no worse than what is live. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from routing import metrics
from routing.gate import CheckResult, Evidence, GateCheck, Measured
from routing.paired import compare
from routing.rules import RULES
from routing.types import Outcome, Route, RoutingDecision

ALL = "all"  # every language together
MUST_NOT_MISS = frozenset(rule.intent for rule in RULES)


@dataclass(frozen=True, slots=True)
class Floors:
    """The least, and for the calibration error the most, that the gate accepts."""

    accuracy: float = 0.90
    macro_f1: float = 0.88
    ece: float = 0.08
    must_not_miss: float = 0.95
    significance: float = 0.05


def default_checks(floors: Floors) -> tuple[GateCheck, ...]:
    """The checks that every promotion passes; others may be added to the list."""
    return (
        LanguageFloor("accuracy", _accuracy, floors.accuracy),
        LanguageFloor("macro_f1", _macro_f1, floors.macro_f1),
        CalibrationCeiling(floors.ece),
        MustNotMiss(floors.must_not_miss),
        NotWorseThanLive(floors.significance),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A golden utterance that has an intent, and what the checkpoint saw in it."""

    intent: str
    language: str
    decision: RoutingDecision

    @property
    def guess(self) -> str:
        """The classifier's best intent, also where a rule decided."""
        return self.decision.candidates[0].intent if self.decision.candidates else ""

    @property
    def confidence(self) -> float:
        return self.decision.candidates[0].confidence if self.decision.candidates else 0.0

    @property
    def is_right(self) -> bool:
        return self.guess == self.intent


@dataclass(frozen=True, slots=True)
class LanguageFloor:
    """A figure that must reach a floor in every language by itself."""

    name: str
    figure: Callable[[Sequence[_Row]], float]
    floor: float

    def judge(self, evidence: Evidence) -> CheckResult:
        rows = _rows(evidence, evidence.candidate)
        found = {name: self.figure(part) for name, part in _parts(rows).items()}
        short = [name for name, value in found.items() if name != ALL and value < self.floor]
        detail = "; ".join(f"{name} {found[name]:.3f} is under {self.floor:g}" for name in short)
        figures: dict[str, Any] = {"floor": self.floor, "values": found}
        return CheckResult(
            self.name, not short, detail or f"at least {self.floor:g} in each language", figures
        )


@dataclass(frozen=True, slots=True)
class CalibrationCeiling:
    """The expected calibration error over all golden rows, 15 bins."""

    ceiling: float
    name: str = "calibration"

    def judge(self, evidence: Evidence) -> CheckResult:
        rows = _rows(evidence, evidence.candidate)
        found = {
            name: metrics.expected_calibration_error(
                [row.confidence for row in part], [row.is_right for row in part]
            )
            for name, part in _parts(rows).items()
        }
        passed = found[ALL] <= self.ceiling
        detail = f"ECE {found[ALL]:.3f}, at most {self.ceiling:g}"
        return CheckResult(self.name, passed, detail, {"ceiling": self.ceiling, "values": found})


@dataclass(frozen=True, slots=True)
class MustNotMiss:
    """Emergencies and requests for a person must reach a person, by rule or by classifier."""

    floor: float
    name: str = "must_not_miss"

    def judge(self, evidence: Evidence) -> CheckResult:
        taxonomy = evidence.candidate.router.taxonomy
        demanded = {intent for intent in MUST_NOT_MISS if intent in taxonomy}
        if not demanded:
            return CheckResult(
                self.name, passed=True, detail="the taxonomy has no such intent", figures={}
            )
        rows = [row for row in _rows(evidence, evidence.candidate) if row.intent in demanded]
        heard = sum(_reaches_a_person(row.decision) for row in rows)
        figures = {"floor": self.floor, "rows": len(rows), "heard": heard}
        if not rows:
            detail = f"the golden set has none of {', '.join(sorted(demanded))}: add some"
            return CheckResult(self.name, passed=False, detail=detail, figures=figures)
        detail = f"{heard} of {len(rows)} reach a person, at least {self.floor:.0%}"
        return CheckResult(self.name, heard / len(rows) >= self.floor, detail, figures)


@dataclass(frozen=True, slots=True)
class NotWorseThanLive:
    """McNemar on the same rows, over all and in each language; no live checkpoint, no bar."""

    significance: float
    name: str = "not_worse_than_live"

    def judge(self, evidence: Evidence) -> CheckResult:
        if evidence.live is None:
            return CheckResult(
                self.name, passed=True, detail="nothing is live to compare with", figures={}
            )
        live = _parts(_rows(evidence, evidence.live))
        candidate = _parts(_rows(evidence, evidence.candidate))
        figures: dict[str, Any] = {"significance": self.significance}
        worse: list[str] = []
        for name, rows in candidate.items():
            test = compare([r.is_right for r in live[name]], [r.is_right for r in rows])
            figures[name] = {
                "only_live_right": test.lost,
                "only_candidate_right": test.won,
                "p_value": test.p_value,
            }
            if test.shows_worse(self.significance):
                worse.append(f"{name}: {test.lost} lost, {test.won} won")
        against = f"{evidence.live.version} on the same rows"
        detail = (
            f"worse than {against}: {'; '.join(worse)}" if worse else f"not worse than {against}"
        )
        return CheckResult(self.name, not worse, detail, figures)


def _rows(evidence: Evidence, measured: Measured) -> list[_Row]:
    return [
        _Row(row.intent, row.language, decision)
        for row, decision in zip(evidence.golden, measured.decisions, strict=True)
        if row.intent is not None
    ]


def _parts(rows: Sequence[_Row]) -> dict[str, list[_Row]]:
    languages = sorted({row.language for row in rows})
    by_language = {name: [row for row in rows if row.language == name] for name in languages}
    return {ALL: list(rows), **by_language}


def _accuracy(rows: Sequence[_Row]) -> float:
    return metrics.accuracy([row.intent for row in rows], [row.guess for row in rows])


def _macro_f1(rows: Sequence[_Row]) -> float:
    return metrics.macro_f1([row.intent for row in rows], [row.guess for row in rows])


def _reaches_a_person(decision: RoutingDecision) -> bool:
    return decision.outcome is Outcome.HANDOFF and decision.route is Route.HUMAN
