"""Bodies of the fairness doors."""

from typing import Any

from pydantic import Field

from app.schemas import Reading, Timestamp


class RateRead(Reading):
    """A share with its interval."""

    count: int
    n: int
    share: float
    low: float = Field(description="Wilson, 95 %.")
    high: float
    zero_bound: float | None = Field(description="3/n where nothing was seen.")


class FairnessRunRead(Reading):
    """One run, without its report."""

    id: str
    created_at: Timestamp
    finished_at: Timestamp | None
    state: str = Field(examples=["done"], description="queued, done or failed.")
    occasion: str = Field(examples=["schedule"])
    requested_by: str
    model_version: str | None
    passed: bool | None
    detail: str | None
    figures: dict[str, float] = Field(description="Shares by family and language.")


class FairnessReportRead(FairnessRunRead):
    """One run with everything that it found."""

    report: dict[str, Any] = Field(
        description="Lines by perturbation and language, families, causes and the worst flips; "
        "the same as fairness.json beside the checkpoint."
    )


class SliceRead(Reading):
    """One language or channel."""

    by: str
    key: str
    turns: int
    answer: RateRead
    clarify: RateRead
    handoff: RateRead
    blocked: RateRead
    accuracy: RateRead = Field(description="Of decisions that people checked; n may be 0.")
    is_large_enough: bool = Field(description="False: too few turns to be judged.")


class GapRead(Reading):
    """Worst against best."""

    by: str
    measure: str
    worst: str
    best: str
    points: float
    ratio: float


class SlicesRead(Reading):
    """How real traffic went."""

    start: Timestamp = Field(serialization_alias="from")
    end: Timestamp = Field(serialization_alias="to")
    smallest_judged: int
    slices: list[SliceRead]
    gaps: list[GapRead]
