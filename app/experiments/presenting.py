"""From records and results to the bodies that the doors send."""

from app.experiments.metrics import Estimate, Metric
from app.experiments.results import Difference, Results, VariantResult
from app.experiments.schemas import (
    DifferenceRead,
    EstimateRead,
    ExperimentRead,
    ResultsRead,
    SampleRatioRead,
    VariantRead,
    VariantResultRead,
    VerdictRead,
)
from app.experiments.service import Experiment

DIRECTIONS = {1: "better", -1: "worse", 0: "unclear"}


def experiment_body(experiment: Experiment) -> ExperimentRead:
    row = experiment.record
    return ExperimentRead(
        id=row.id,
        key=row.key,
        hypothesis=row.hypothesis,
        unit=row.unit,
        status=row.status,
        variants=[VariantRead.model_validate(variant) for variant in experiment.variants],
        primary_metric=row.primary_metric,
        guardrails=row.guardrails,
        min_effect=row.min_effect,
        created_at=row.created_at,
        started_at=row.started_at,
        stopped_at=row.stopped_at,
    )


def results_body(experiment: Experiment, results: Results) -> ResultsRead:
    row = experiment.record
    primary = Metric(row.primary_metric)
    return ResultsRead(
        key=row.key,
        status=row.status,
        unit=row.unit,
        primary_metric=primary.value,
        control=experiment.variants[0].key,
        sample_ratio=SampleRatioRead(p_value=results.sample_ratio_p, ok=results.sample_ratio_ok),
        verdict=VerdictRead(status=results.verdict, winner=results.winner, reason=results.reason),
        variants=[_variant_body(variant, primary) for variant in results.variants],
    )


def _variant_body(variant: VariantResult, primary: Metric) -> VariantResultRead:
    metrics = variant.metrics
    return VariantResultRead(
        key=variant.key,
        units=variant.units,
        conversations=variant.conversations,
        handoff_rate=_value(metrics[Metric.HANDOFF_RATE]),
        containment_rate=_value(metrics[Metric.CONTAINMENT_RATE]),
        csat=_estimate_body(metrics[Metric.CSAT]),
        median_response_ms=_value(metrics[Metric.MEDIAN_RESPONSE_MS]),
        primary=_estimate_body(metrics[primary]),
        difference=_difference_body(variant.difference) if variant.difference else None,
        guardrails=[_difference_body(difference) for difference in variant.guardrails],
    )


def _value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else estimate.value


def _estimate_body(estimate: Estimate | None) -> EstimateRead | None:
    return None if estimate is None else EstimateRead(value=estimate.value, size=estimate.size)


def _difference_body(difference: Difference) -> DifferenceRead:
    always, fixed = difference.always_valid, difference.fixed_horizon
    return DifferenceRead.model_validate(
        {
            "metric": difference.metric.value,
            "value": difference.value,
            "always_valid": (always.low, always.high),
            "fixed_horizon": (fixed.low, fixed.high),
            "direction": DIRECTIONS[difference.direction],
        }
    )
