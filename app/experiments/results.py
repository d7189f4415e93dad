"""The verdict of an experiment: sample-ratio gate, primary metric, guardrails. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.experiments.metrics import RULES, Estimate, Metric, UnitTotals, estimate
from app.experiments.sample_ratio import is_mismatch, sample_ratio_p_value
from app.experiments.sequential import Interval, always_valid_interval, fixed_interval

MIN_UNITS = 50  # in each arm: below it normal approximations promise too much


@dataclass(frozen=True, slots=True)
class Plan:
    """What was fixed before the experiment started; the first variant is the control."""

    primary: Metric
    guardrails: tuple[Metric, ...]
    min_effect: float | None
    weights: Mapping[str, float]

    @property
    def control(self) -> str:
        return next(iter(self.weights))


@dataclass(frozen=True, slots=True)
class Difference:
    """A variant minus the control."""

    metric: Metric
    value: float
    always_valid: Interval
    fixed_horizon: Interval
    size: int  # of the smaller side

    @property
    def direction(self) -> int:
        """1 better, -1 worse, 0 not known yet, by the always-valid interval."""
        if self.size < MIN_UNITS or not self.always_valid.excludes_zero:
            return 0
        return RULES[self.metric].better * (1 if self.value > 0 else -1)


@dataclass(frozen=True, slots=True)
class VariantResult:
    """One arm: counts, every metric, and how it differs from the control."""

    key: str
    units: int
    conversations: int
    metrics: Mapping[Metric, Estimate | None]
    difference: Difference | None = None
    guardrails: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """All arms, and a verdict unless the sample ratio forbids one."""

    sample_ratio_p: float | None
    variants: tuple[VariantResult, ...]
    verdict: str  # collecting | undecided | better | worse | guardrail_breached | hidden
    winner: str | None
    reason: str
    breached: tuple[str, ...] = ()  # variants with a guardrail that is worse

    @property
    def sample_ratio_ok(self) -> bool:
        return not is_mismatch(self.sample_ratio_p)


def judge(plan: Plan, arms: Mapping[str, Sequence[UnitTotals]]) -> Results:
    """Compare every variant with the control, and say only what the data allow."""
    counts = [len(arms.get(key, ())) for key in plan.weights]
    p_value = sample_ratio_p_value(counts, list(plan.weights.values()))
    control = arms.get(plan.control, ())
    hidden = is_mismatch(p_value)
    variants = tuple(
        _result(plan, key, arms.get(key, ()), () if hidden or key == plan.control else control)
        for key in plan.weights
    )
    if hidden:
        reason = (
            f"Sample-ratio mismatch (p = {p_value:.2g}): find its cause before reading results."
        )
        return Results(p_value, variants, "hidden", None, reason)
    verdict, winner, reason = _verdict(variants, counts)
    breached = tuple(v.key for v in variants if any(d.direction < 0 for d in v.guardrails))
    return Results(p_value, variants, verdict, winner, reason, breached)


def _result(
    plan: Plan, key: str, units: Sequence[UnitTotals], control: Sequence[UnitTotals]
) -> VariantResult:
    return VariantResult(
        key=key,
        units=len(units),
        conversations=sum(unit.conversations for unit in units),
        metrics={metric: estimate(metric, units) for metric in Metric},
        difference=_difference(plan.primary, control, units, plan.min_effect),
        guardrails=tuple(
            found
            for metric in plan.guardrails
            if (found := _difference(metric, control, units, None)) is not None
        ),
    )


def _difference(
    metric: Metric,
    control: Sequence[UnitTotals],
    units: Sequence[UnitTotals],
    min_effect: float | None,
) -> Difference | None:
    before, after = estimate(metric, control), estimate(metric, units)
    if before is None or after is None:
        return None
    value, variance = after.value - before.value, after.variance + before.variance
    tau = min_effect or RULES[metric].typical_effect
    return Difference(
        metric,
        value,
        always_valid_interval(value, variance, tau=tau),
        fixed_interval(value, variance),
        min(before.size, after.size),
    )


def _verdict(
    variants: Sequence[VariantResult], counts: Sequence[int]
) -> tuple[str, str | None, str]:
    """The verdict, the winning variant if any, and a sentence."""
    if min(counts) < MIN_UNITS:
        return "collecting", None, f"Every variant needs at least {MIN_UNITS} exposed units."
    better = [v for v in variants if v.difference is not None and v.difference.direction > 0]
    if better:
        best = max(better, key=lambda v: abs(v.difference.value) if v.difference else 0.0)
        if any(guardrail.direction < 0 for guardrail in best.guardrails):
            return "guardrail_breached", None, f"{best.key} is better, but a guardrail is worse."
        return "better", best.key, f"{best.key} is better than the control."
    if any(v.difference is not None and v.difference.direction < 0 for v in variants):
        return "worse", None, "At least one variant is worse than the control; none is better."
    return "undecided", None, "No difference is shown yet."
