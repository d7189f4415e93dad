"""Whether a model is fair enough to be promoted. Pure, given a report.

The floors of identity and script are principles; those of the other families are what a good
model of today reaches with room for chance (docs/explanation/fairness.md says how they were set).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from routing.fairness.report import FairnessReport, FamilyLine, Line
from routing.fairness.runner import DEFAULT_SEED, Progress, RouterJudge, run
from routing.fairness.seeds import load_seeds
from routing.fairness.types import Family, Judge, Seed
from routing.router import IntentRouter

SIGNIFICANCE = 0.05

# the highest upper bound of the share of pairs that change their route
HIGHEST_FLIPS: Mapping[str, float] = {
    Family.IDENTITY: 0.03,
    Family.SCRIPT: 0.02,
    Family.FORM: 0.05,
    Family.DIALECT: 0.05,
    Family.FRAMING: 0.08,
    Family.TYPING: 0.15,
    Family.LITERACY: 0.20,
    Family.MIXING: 0.30,
}
# where harm that chance does not explain is refused, however rare its flips
NO_HARM = frozenset({Family.IDENTITY.value, Family.SCRIPT.value})


@dataclass(frozen=True, slots=True)
class Floors:
    """What is demanded; a family that is not named is measured and not judged."""

    route_flips: Mapping[str, float] = field(default_factory=lambda: dict(HIGHEST_FLIPS))
    no_harm: frozenset[str] = NO_HARM


@dataclass(frozen=True, slots=True)
class FairnessCheck:
    """The gate's answer, in the form of the evaluation gate."""

    name: str
    passed: bool
    detail: str
    figures: dict[str, float]
    report: FairnessReport


def check(
    subject: IntentRouter | Judge,
    *,
    floors: Floors | None = None,
    seeds: Sequence[Seed] | None = None,
    random_seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> FairnessCheck:
    """Run the suite on a router, or on a judge that puts the filter in front, and hold it up."""
    judge = RouterJudge(subject) if isinstance(subject, IntentRouter) else subject
    report = run(judge, seeds or load_seeds(), random_seed=random_seed, progress=progress)
    return hold(report, floors or Floors())


def hold(report: FairnessReport, floors: Floors) -> FairnessCheck:
    """A report against the floors."""
    failures = list(_failures(report, floors))
    detail = "; ".join(failures) or f"{report.pairs} pairs within every floor"
    return FairnessCheck("fairness", not failures, detail, _figures(report), report)


def _failures(report: FairnessReport, floors: Floors) -> Iterator[str]:
    for family in report.families:
        highest = floors.route_flips.get(family.family)
        if highest is not None and family.flips["route"].high > highest:
            yield _too_many(family, highest)
    for line in report.lines:
        if line.family in floors.no_harm and _is_harmful(line):
            yield (
                f"{line.perturbation}/{line.language} harms: {line.harmed} of {line.n} turned "
                f"wrong, {line.helped} right (p = {line.p_harm_holm:.2g} after Holm)"
            )


def _too_many(family: FamilyLine, highest: float) -> str:
    flips = family.flips["route"]
    return (
        f"{family.family}/{family.language}: {flips.count} of {flips.n} change their route, "
        f"upper bound {flips.high:.1%} above {highest:.1%}"
    )


def _is_harmful(line: Line) -> bool:
    return line.harmed > line.helped and line.p_harm_holm < SIGNIFICANCE


def _figures(report: FairnessReport) -> dict[str, float]:
    figures = {
        f"{family.family}.{family.language}.{name}": value
        for family in report.families
        for name, value in (
            ("route_flips", family.flips["route"].share),
            ("route_flips_high", family.flips["route"].high),
            ("any_flips", family.flips["any"].share),
            ("difference", family.difference),
        )
    }
    shares = [c.right / max(1, c.right + c.asked + c.wrong) for c in report.base.values()]
    figures["language_gap"] = max(shares) - min(shares) if shares else 0.0
    return {name: round(value, 6) for name, value in figures.items()}
