"""Bodies of the experiment doors."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from app.experiments.metrics import Metric
from app.schemas import Body, Key, Note, Reading, Storable, Timestamp, not_blank

UnitId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    Storable,
    AfterValidator(not_blank),
]
Hypothesis = Annotated[Note, AfterValidator(not_blank)]

EXAMPLE: dict[str, Any] = {
    "key": "accept-threshold",
    "hypothesis": "A lower threshold answers more customers without more complaints.",
    "unit": "conversation",
    "variants": [
        {"key": "control", "weight": 1, "overrides": {}},
        {"key": "lower", "weight": 1, "overrides": {"routing.accept": 0.45}},
    ],
    "primary_metric": "containment_rate",
    "guardrails": ["csat"],
    "min_effect": 0.03,
}


class VariantCreate(Body):
    """One arm."""

    key: Key
    weight: float = Field(1.0, gt=0, le=1_000_000, allow_inf_nan=False)
    overrides: dict[str, Any] = Field(default_factory=dict)


class ExperimentCreate(Body):
    """A new experiment; the first variant is the control."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": EXAMPLE})

    key: Key
    hypothesis: Hypothesis
    unit: Literal["customer", "conversation"]
    variants: list[VariantCreate] = Field(min_length=2, max_length=10)
    primary_metric: Metric
    guardrails: list[Metric] = Field(default_factory=list, max_length=10)
    min_effect: float | None = Field(None, gt=0, le=1_000_000, allow_inf_nan=False)

    @model_validator(mode="after")
    def _refuse_repetitions(self) -> Self:
        keys = [variant.key for variant in self.variants]
        if len(set(keys)) != len(keys):
            raise ValueError("the keys of the variants must differ")
        if len(set(self.guardrails)) != len(self.guardrails):
            raise ValueError("a guardrail may be named once")
        return self


class VariantRead(Reading):
    """One arm."""

    key: str
    weight: float
    overrides: dict[str, float | str]


class ExperimentRead(Reading):
    """An experiment."""

    id: str
    key: str
    hypothesis: str
    unit: str
    status: str = Field(description="draft | running | stopped")
    variants: list[VariantRead]
    primary_metric: str
    guardrails: list[str]
    min_effect: float | None
    created_at: Timestamp
    started_at: Timestamp | None
    stopped_at: Timestamp | None


class AssignRequest(Body):
    """A unit: a customer's or a conversation's id."""

    unit: UnitId = Field(examples=["customer-1042"])


class AssignmentRead(Reading):
    """The unit's variant; the same at every call."""

    variant: str = Field(examples=["control"])


class EstimateRead(Reading):
    """One metric of one arm."""

    value: float
    size: int = Field(description="Conversations, ratings or units it was counted over.")


class DifferenceRead(Reading):
    """A variant minus the control."""

    metric: str
    value: float
    always_valid: tuple[float, float] = Field(description="95 %, however often you look.")
    fixed_horizon: tuple[float, float] = Field(description="95 %, once, at the planned end.")
    direction: Literal["better", "worse", "unclear"]


class VariantResultRead(Reading):
    """One arm: counts, metrics, and its difference from the control."""

    key: str
    units: int
    conversations: int
    handoff_rate: float | None
    containment_rate: float | None
    csat: EstimateRead | None
    median_response_ms: float | None
    primary: EstimateRead | None
    difference: DifferenceRead | None
    guardrails: list[DifferenceRead]


class SampleRatioRead(Reading):
    """Whether units arrive in the promised shares; below 0.001 the verdict is hidden."""

    p_value: float | None
    ok: bool


class VerdictRead(Reading):
    """What may be said."""

    status: str = Field(
        description="collecting | undecided | better | worse | guardrail_breached | hidden"
    )
    winner: str | None
    reason: str


class ResultsRead(Reading):
    """An experiment's results, good to look at on any day."""

    key: str
    status: str
    unit: str
    primary_metric: str
    control: str
    sample_ratio: SampleRatioRead
    verdict: VerdictRead
    variants: list[VariantResultRead]
