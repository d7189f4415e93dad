"""Intervals against SciPy, periods, and CSV that no spreadsheet runs."""

from datetime import UTC, datetime, timedelta

import pytest
from scipy.stats import binomtest

from app.analytics.csv_export import to_csv
from app.analytics.filters import build_period
from app.analytics.statistics import percentile, wilson_interval
from app.errors import BadInput


@pytest.mark.parametrize(("part", "whole"), [(0, 10), (1, 3), (50, 100), (100, 100)])
def test_wilson_agrees_with_scipy(part: int, whole: int) -> None:
    expected = binomtest(part, whole).proportion_ci(method="wilson")
    assert wilson_interval(part, whole) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_nothing_is_known_before_the_first_trial() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_percentiles_are_values_that_occurred() -> None:
    ordered = [float(number) for number in range(1, 101)]
    found = [percentile(ordered, part) for part in (0.0, 0.5, 0.95, 0.99, 1.0)]
    assert found == [1.0, 50.0, 95.0, 99.0, 100.0]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@cmd", "\tx", "\rx", "\nx", "＝1"])
def test_text_that_looks_like_a_formula_is_made_text(start: str) -> None:
    line = to_csv([{"key": start, "n": -1}], columns=("key", "n")).split("\r\n", 1)[1]
    assert line.strip('"').startswith("'" + start[0])
    assert line.endswith(",-1\r\n")


def test_lists_and_absent_values_fit_a_cell() -> None:
    rows = [{"ids": ["a", "b"], "rate": None}]
    assert to_csv(rows, columns=("ids", "rate")) == "ids,rate\r\na b,\r\n"


def test_a_period_is_utc_and_thirty_days_long() -> None:
    period = build_period(None, datetime(2026, 3, 31))  # noqa: DTZ001 - a moment without a zone
    assert period.end == datetime(2026, 3, 31, tzinfo=UTC)
    assert period.end - period.start == timedelta(days=30)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        (None, datetime(1, 1, 2, tzinfo=UTC)),
    ],
    ids=["backwards", "empty", "before-the-calendar"],
)
def test_an_impossible_period_is_refused(start: datetime | None, end: datetime) -> None:
    with pytest.raises(BadInput) as refused:
        build_period(start, end)
    assert refused.value.errors[0].field == "from"
