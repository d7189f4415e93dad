"""Bodies of the doors of intent models."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from app.schemas import Body, Masked, Reading, Storable, not_blank

Reason = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500),
    Storable,
    AfterValidator(not_blank),
    Masked,
]
VersionName = Annotated[str, StringConstraints(min_length=1, max_length=200), Storable]


class PromoteRequest(Body):
    """`force` passes a gate that says no; then a reason is required."""

    force: bool = False
    reason: Reason | None = Field(None, examples=["The live model misreads every Chinese fee."])

    @model_validator(mode="after")
    def _demand_a_reason(self) -> Self:
        if self.force and self.reason is None:
            raise ValueError("a reason is required with force")
        return self


class RollbackRequest(Body):
    reason: Reason | None = Field(None, examples=["Handoffs doubled since noon."])


class ShadowRequest(Body):
    version: VersionName = Field(examples=["intent-1a2b3c4d5e6f"])


class CheckRead(Reading):
    """One demand of the gate."""

    name: str
    passed: bool
    detail: str
    figures: dict[str, Any]


class GateRead(Reading):
    """What the gate found on the golden sets."""

    passed: bool
    candidate: str
    live: str | None = Field(description="The live model it was compared with.")
    golden_digest: str
    rows: dict[str, int]
    checks: list[CheckRead]
    created_at: str


class ModelSummary(Reading):
    """One checkpoint in the list."""

    version: str
    state: Literal["live", "shadow", "saved"]
    created_at: str
    languages: list[str]
    intents: int
    gate_passed: bool | None = Field(description="None where the gate has not seen it.")


class ModelList(Reading):
    """Every checkpoint, the newest first."""

    items: list[ModelSummary]
    live: str | None
    promoted_at: str | None
    serving: str = Field(description="What this process serves; the others follow in a second.")
    shadow: str | None
    can_roll_back_to: str | None


class ModelRead(ModelSummary):
    """A checkpoint's facts."""

    labels: dict[str, list[str]]
    encoder_revision: str
    data_digest: str
    code_version: str
    metrics: dict[str, Any]
    thresholds: dict[str, float]
    files: dict[str, str] = Field(description="SHA-256 of each file.")
    gate: GateRead | None


class PromotionRead(Reading):
    """What is live now."""

    version: str
    previous: str | None = Field(description="None where nothing changed.")
    forced: bool
    gate: GateRead | None


class ShadowRead(Reading):
    """Which version is compared; none where the comparison has ended."""

    version: str | None


class ExampleRead(Reading):
    """A decision to look at, and its conversation where it has one."""

    decision_id: str
    conversation_id: str | None


class MoveRead(Reading):
    """From what was decided to what the shadow would have decided."""

    before: str | None
    after: str | None
    count: int
    examples: list[ExampleRead]


class DifferenceRead(Reading):
    """A shadow beside the live model, over the decisions of the last 30 days."""

    shadow: str
    live: str
    decisions: int
    agreed: int
    agreement: float | None
    agreement_low: float = Field(description="95 % interval.")
    agreement_high: float
    intents_moved: int
    outcomes_changed: int
    intents: list[MoveRead]
    outcomes: list[MoveRead]
