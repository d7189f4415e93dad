"""Figures are equal however they are written."""

import pytest

from knowledge_base.figures import Figure, figures, is_stated, without_figures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It costs €4 a month", {("4", "€")}),
        ("1,000 euros", {("1000", "€")}),
        ("4 欧元", {("4", "€")}),
        ("2.30 %", {("2.3", "%")}),
        ("百分之五", {("5", "%")}),
        ("three working days", {("3", "working day")}),
        ("三个工作日", {("3", "working day")}),
        ("within 30 days", {("30", "day")}),
        ("两万元", {("20000", "¥")}),
        ("from 9:00 to 5 p.m.", {("9:00", "clock"), ("17:00", "clock")}),
        ("ring +353 1 555 0100", {("35315550100", "phone")}),
        ("the 4-digit code", {("4", "")}),
        ("one of them, 一般几天", set()),
    ],
)
def test_figures_are_read(text: str, expected: set[tuple[str, str]]) -> None:
    assert {(figure.value, figure.unit) for figure in figures(text)} == expected


def test_the_unit_belongs_to_the_figure() -> None:
    assert not is_stated(Figure("3", "hour"), figures("3 days"))
    assert is_stated(Figure("3", ""), figures("3 days"))


def test_what_is_left_names_the_thing() -> None:
    assert "month" in without_figures("It costs €4 a month")
    assert "4" not in without_figures("It costs €4 a month")
