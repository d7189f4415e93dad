"""What a variant may change: known names, numbers, inside their limits."""

from typing import Any

import pytest

from app.errors import BadInput
from app.experiments.overrides import LIMITS, check_overrides


def test_known_settings_are_kept() -> None:
    overrides = {"routing.accept": 1, "generation.temperature": 0.7, "routing.out_of_scope": -3.5}
    assert check_overrides(overrides, field="overrides") == overrides


def test_nested_settings_are_flattened() -> None:
    nested = {"routing": {"accept": 0.6, "reject": 0.2}}
    flat = {"routing.accept": 0.6, "routing.reject": 0.2}
    assert check_overrides(nested, field="overrides") == flat


@pytest.mark.parametrize("name", LIMITS)
def test_both_ends_are_allowed_and_nothing_beyond(name: str) -> None:
    limits = LIMITS[name]
    for value in (limits.low, limits.high):
        assert check_overrides({name: value}, field="overrides") == {name: value}
    for value in (limits.low - 0.01, limits.high + 0.01):
        with pytest.raises(BadInput) as refused:
            check_overrides({name: value}, field="overrides")
        assert refused.value.errors[0].field == f"overrides.{name}"


@pytest.mark.parametrize(
    "overrides",
    [
        {"security.secret_key": 1},
        {"routing": 1},
        {"routing": {"accept": {"deep": 1}}},
        {"routing.accept": "0.5"},
        {"routing.accept": True},
        {"routing.accept": None},
        {"routing.accept": float("nan")},
        {"routing.accept": 10**400},
        {"routing.accept": 0.2, "routing.reject": 0.5},
    ],
    ids=["unknown", "group", "deep", "text", "bool", "null", "nan", "huge", "crossing"],
)
def test_anything_else_is_refused(overrides: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refused:
        check_overrides(overrides, field="variants.1.overrides")
    assert refused.value.errors[0].field.startswith("variants.1.overrides.")


def test_every_bad_field_is_named() -> None:
    with pytest.raises(BadInput) as refused:
        check_overrides({"routing.accept": 2, "nothing": 1}, field="o")
    assert [error.field for error in refused.value.errors] == ["o.routing.accept", "o.nothing"]


def test_a_checkpoint_that_exists_is_kept() -> None:
    overrides = {"routing.checkpoint": "intent-1", "routing.accept": 1}
    checked = check_overrides(overrides, field="o", checkpoints=["intent-1"])
    assert checked == {"routing.checkpoint": "intent-1", "routing.accept": 1.0}


@pytest.mark.parametrize("value", ["intent-2", 1, None, ""])
def test_another_checkpoint_is_refused(value: object) -> None:
    with pytest.raises(BadInput) as refused:
        check_overrides({"routing.checkpoint": value}, field="o", checkpoints=["intent-1"])
    assert refused.value.errors[0].field == "o.routing.checkpoint"
