"""Bodies of the analytics doors."""

from pydantic import BaseModel, Field

from app.schemas import Reading, Timestamp


class PeriodRead(BaseModel):
    """From (included) to (excluded)."""

    start: Timestamp = Field(serialization_alias="from")
    end: Timestamp = Field(serialization_alias="to")


class RatingsRead(Reading):
    """CSAT."""

    average: float | None
    count: int


class RouteShareRead(Reading):
    """Turns that took one route."""

    key: str
    turns: int
    share: float


class DayRead(Reading):
    """One UTC day."""

    day: str
    conversations: int
    handoffs: int
    handoff_rate: float


class SummaryRead(Reading):
    """The numbers of a period; the definitions are in docs/explanation/analytics.md."""

    period: PeriodRead
    conversations: int
    messages: int
    turns: int
    handoffs: int
    handoff_rate: float
    containment_rate: float
    resolved: int
    csat: RatingsRead
    by_route: list[RouteShareRead]
    by_day: list[DayRead]
    median_response_ms: float | None


class HandoffRowRead(Reading):
    """One group."""

    key: str
    conversations: int
    handoffs: int
    handoff_rate: float
    interval: tuple[float, float] = Field(description="Wilson, 95 %.")
    conversation_ids: list[str] = Field(description="The newest 50 that were handed off.")


class HandoffsRead(Reading):
    """Handoff rates by group."""

    group_by: str
    period: PeriodRead
    rows: list[HandoffRowRead]


class IntentRowRead(Reading):
    """One intent."""

    key: str
    turns: int
    share: float
    mean_confidence: float


class IntentsRead(Reading):
    """Intents by volume."""

    period: PeriodRead
    rows: list[IntentRowRead]


class StepRowRead(Reading):
    """One step of the turn."""

    key: str
    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


class LatencyRead(Reading):
    """Time of each step."""

    period: PeriodRead
    rows: list[StepRowRead]
