"""The gate before a promotion: what a checkpoint must show on golden utterances.

A list of checks looks at the same evidence; all must pass. Knows no registry and no database:
who may pass it by force is decided elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from routing.dataset import LabelledUtterance, data_digest
from routing.errors import DatasetError
from routing.router import IntentRouter
from routing.types import RoutingDecision, Utterance

GOLDEN = Path(__file__).with_name("golden")  # ours; never trained on
_AT_ONCE = 64  # golden rows in one call: a gate does not fill the queue of its own batcher


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found; `detail` is a sentence for people, `figures` are plain JSON."""

    name: str
    passed: bool
    detail: str
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """One checkpoint, and what it decided on each golden row."""

    version: str
    router: IntentRouter  # for checks that bring texts of their own
    decisions: tuple[RoutingDecision, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every check may look at. `live` is None where nothing trustworthy is live."""

    golden: tuple[LabelledUtterance, ...]
    candidate: Measured
    live: Measured | None

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted({row.language for row in self.golden}))


class GateCheck(Protocol):
    """One demand on a candidate."""

    @property
    def name(self) -> str:
        """A short key, the same in every report."""

    def judge(self, evidence: Evidence) -> CheckResult:
        """Whether the candidate meets the demand, and with what figures."""


@dataclass(frozen=True, slots=True)
class GateReport:
    """What the gate found; `as_dict()` is plain JSON and is stored beside the checkpoint."""

    candidate: str
    live: str | None  # what it was compared with
    golden_digest: str
    rows: Mapping[str, int]  # language -> golden rows
    checks: tuple[CheckResult, ...]
    created_at: str = ""

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        return tuple(check for check in self.checks if not check.passed)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"passed": self.passed}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> "GateReport":
        values = {name: facts[name] for name in cls.__slots__}
        checks = tuple(CheckResult(**check) for check in values.pop("checks"))
        return cls(checks=checks, **values)


def examine(
    candidate: IntentRouter,
    live: IntentRouter | None,
    golden: Sequence[LabelledUtterance],
    checks: Sequence[GateCheck],
    *,
    created_at: str = "",
) -> GateReport:
    """Both checkpoints on the same golden rows, judged by every check."""
    if not any(row.intent is not None for row in golden):
        raise DatasetError("the golden set has no utterance with an intent: there is no evidence")
    evidence = Evidence(
        tuple(golden), _measure(candidate, golden), None if live is None else _measure(live, golden)
    )
    return GateReport(
        candidate=evidence.candidate.version,
        live=evidence.live.version if evidence.live else None,
        golden_digest=data_digest(golden),
        rows={
            language: sum(row.language == language for row in golden)
            for language in evidence.languages
        },
        checks=tuple(check.judge(evidence) for check in checks),
        created_at=created_at,
    )


def _measure(router: IntentRouter, golden: Sequence[LabelledUtterance]) -> Measured:
    decisions: list[RoutingDecision] = []
    for start in range(0, len(golden), _AT_ONCE):
        rows = golden[start : start + _AT_ONCE]
        decisions += router.route_many([Utterance(row.text, row.language) for row in rows])
    return Measured(router.classifier.version, router, tuple(decisions))
