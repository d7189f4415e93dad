"""Assignment: fixed vectors, stable, uniform, independent between experiments."""

import pytest
from scipy.stats import chi2, chisquare

from app.experiments.assignment import choose_variant, position_of
from app.ids import new_id

HALVES = [("control", 1.0), ("treatment", 1.0)]


@pytest.mark.parametrize(
    ("salt", "unit", "position"),
    [
        ("salt", "unit-1", 0.4334669566235329),
        ("salt", "unit-2", 0.5137500262018347),
        ("盐", "客户-1", 0.8869211375992555),
        ("", "", 0.7964754028909095),
    ],
)
def test_position_agrees_with_the_vectors(salt: str, unit: str, position: float) -> None:
    assert position_of(salt, unit) == position


@pytest.mark.parametrize("salt", ["one", "two", "three", "four"])
def test_units_spread_evenly(salt: str) -> None:
    counts = [0] * 100
    for number in range(50_000):
        counts[int(position_of(salt, f"customer-{number}") * 100)] += 1
    assert chisquare(counts).pvalue > 1e-4


def test_shares_follow_the_weights() -> None:
    weights = [("a", 1.0), ("b", 2.0), ("c", 7.0)]
    seen = {"a": 0, "b": 0, "c": 0}
    for number in range(30_000):
        seen[choose_variant("salt", str(number), weights)] += 1
    assert chisquare(list(seen.values()), [3_000, 6_000, 21_000]).pvalue > 1e-4


def test_experiments_are_independent_of_each_other() -> None:
    table = {(x, y): 0 for x, _ in HALVES for y, _ in HALVES}
    for number in range(40_000):
        unit = str(number)
        table[choose_variant("first", unit, HALVES), choose_variant("second", unit, HALVES)] += 1
    statistic = sum((count - 10_000) ** 2 / 10_000 for count in table.values())
    assert chi2.sf(statistic, 3) > 1e-4


def test_the_same_unit_gets_the_same_variant() -> None:
    for _ in range(100):
        unit = new_id()
        assert choose_variant("s", unit, HALVES) == choose_variant("s", unit, HALVES)


@pytest.mark.parametrize(
    "weights",
    [[("a", 1e-9), ("b", 1e-9)], [("a", 0.1)] * 3, [("a", 1e6), ("b", 1e6)]],
    ids=["tiny", "do-not-sum-exactly", "large"],
)
def test_every_unit_has_a_variant(weights: list[tuple[str, float]]) -> None:
    keys = {key for key, _ in weights}
    assert all(choose_variant("s", str(n), weights) in keys for n in range(1_000))
