"""Bodies of a replay."""

from pydantic import Field

from app.dialogue.schemas import CandidateRead, ExplanationRead
from app.schemas import Body, Name, Reading


class DialChanges(Body):
    """Dials that replace those that applied."""

    accept: float | None = Field(None, ge=0, le=1)
    reject: float | None = Field(None, ge=0, le=1)
    margin: float | None = Field(None, ge=0, le=1)
    out_of_scope: float | None = Field(None, ge=-1_000, le=1_000)

    def chosen(self) -> dict[str, float]:
        return self.model_dump(exclude_none=True)


class ReplayRequest(Body):
    model_version: Name | None = Field(
        None, description="A saved checkpoint; that of the decision without it."
    )
    thresholds: DialChanges = Field(default_factory=DialChanges, examples=[{"accept": 0.6}])


class ReplayedDecision(Reading):
    """One side of a replay."""

    route: str
    outcome: str
    intent: str | None
    confidence: float
    margin: float
    out_of_scope: bool
    out_of_scope_score: float
    reason: str
    language: str
    candidates: list[CandidateRead]
    thresholds: dict[str, float]
    model_version: str
    explanation: ExplanationRead


class DifferenceRead(Reading):
    field: str = Field(description="route, outcome, intent, reason or confidence")
    old: str | float | None
    new: str | float | None


class ReplayAnswer(Reading):
    decision_id: str
    conversation_id: str
    message_seq: int
    changed: bool
    differences: list[DifferenceRead]
    old: ReplayedDecision
    new: ReplayedDecision
