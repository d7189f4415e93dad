"""The verdict: hidden by a sample-ratio mismatch, patient, stopped by a guardrail."""

from app.experiments.metrics import Metric, UnitTotals
from app.experiments.results import Plan, judge

PLAN = Plan(
    primary=Metric.HANDOFF_RATE,
    guardrails=(Metric.CSAT,),
    min_effect=0.05,
    weights={"control": 1.0, "new": 1.0},
)


def arm(units: int, *, handoffs: int, rating: int = 4) -> list[UnitTotals]:
    return [
        UnitTotals(
            conversations=1,
            handoffs=int(number < handoffs),
            rating_sum=rating + number % 2,
            ratings=1,
        )
        for number in range(units)
    ]


def test_a_lower_handoff_rate_wins() -> None:
    results = judge(PLAN, {"control": arm(2_000, handoffs=800), "new": arm(2_000, handoffs=600)})
    assert (results.verdict, results.winner) == ("better", "new")
    assert results.variants[0].difference is None
    difference = results.variants[1].difference
    assert difference is not None
    assert round(difference.value, 9) == -0.1
    assert difference.always_valid.high < 0


def test_a_higher_handoff_rate_loses() -> None:
    results = judge(PLAN, {"control": arm(2_000, handoffs=600), "new": arm(2_000, handoffs=800)})
    assert (results.verdict, results.winner) == ("worse", None)


def test_the_same_rate_stays_undecided() -> None:
    results = judge(PLAN, {"control": arm(500, handoffs=150), "new": arm(500, handoffs=155)})
    assert (results.verdict, results.winner) == ("undecided", None)


def test_few_units_are_still_collecting() -> None:
    results = judge(PLAN, {"control": arm(40, handoffs=40), "new": arm(40, handoffs=0)})
    assert results.verdict == "collecting"


def test_nothing_yet_is_still_collecting() -> None:
    results = judge(PLAN, {})
    assert results.verdict == "collecting"
    assert [variant.units for variant in results.variants] == [0, 0]


def test_a_sample_ratio_mismatch_hides_verdict_and_differences() -> None:
    results = judge(PLAN, {"control": arm(2_000, handoffs=800), "new": arm(1_500, handoffs=300)})
    assert (results.verdict, results.winner, results.sample_ratio_ok) == ("hidden", None, False)
    assert all(v.difference is None and v.guardrails == () for v in results.variants)


def test_a_breached_guardrail_takes_the_victory_away() -> None:
    arms = {"control": arm(2_000, handoffs=800), "new": arm(2_000, handoffs=600, rating=2)}
    results = judge(PLAN, arms)
    assert (results.verdict, results.winner) == ("guardrail_breached", None)
    assert results.breached == ("new",)
