"""Which settings a variant may change, and their limits. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import BadInput, FieldError


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends are allowed."""

    low: float
    high: float


LIMITS: dict[str, Range] = {
    "routing.accept": Range(0, 1),
    "routing.reject": Range(0, 1),
    "routing.margin": Range(0, 1),
    "routing.must_not_miss": Range(0, 1),
    "routing.out_of_scope": Range(-1_000, 1_000),  # a score, not a probability
    "generation.temperature": Range(0, 2),
    "knowledge.min_confidence": Range(0, 1),
}


CHECKPOINT = "routing.checkpoint"  # a version of the intent model that serves the arm
Override = float | str


def check_overrides(
    overrides: Mapping[str, Any], *, field: str, checkpoints: Collection[str] = ()
) -> dict[str, Override]:
    """Dotted names and values inside their limits; `{"routing": {"accept": …}}` is read as well.

    BadInput names every field that is unknown or out of range; `checkpoints` are those that
    exist.
    """
    values = _flatten(overrides)
    problems = [
        FieldError(f"{field}.{name}"[:200], problem)
        for name, value in values.items()
        if (problem := _problem_of(name, value, checkpoints)) is not None
    ]
    if not problems and _crosses(values):
        problems.append(FieldError(f"{field}.routing.reject", "must not be above routing.accept"))
    if problems:
        raise BadInput("The overrides cannot be accepted.", errors=tuple(problems))
    return {name: value if name == CHECKPOINT else float(value) for name, value in values.items()}


def _flatten(overrides: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in overrides.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": item for inner, item in value.items()}
        else:
            flat[name] = value
    return flat


def _problem_of(name: str, value: object, checkpoints: Collection[str]) -> str | None:
    if name == CHECKPOINT:
        return _problem_of_checkpoint(value, checkpoints)
    limits = LIMITS.get(name)
    if limits is None:
        allowed = ", ".join((*LIMITS, CHECKPOINT))
        return f"is not a setting that a variant may change; these are: {allowed}"
    if not isinstance(value, int | float) or isinstance(value, bool):
        return "must be a number"
    if not limits.low <= value <= limits.high:  # NaN is not between anything
        return f"must be between {limits.low:g} and {limits.high:g}"
    return None


def _problem_of_checkpoint(value: object, checkpoints: Collection[str]) -> str | None:
    if not isinstance(value, str):
        return "must be the version of an intent model"
    return None if value in checkpoints else "is not a version of the intent model in this registry"


def _crosses(values: Mapping[str, Any]) -> bool:
    accept, reject = values.get("routing.accept"), values.get("routing.reject")
    return accept is not None and reject is not None and reject > accept
