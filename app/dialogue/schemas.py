"""Bodies of routing and of decisions."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from app.schemas import Body, MessageText, Name, Reading, Storable, Timestamp, not_blank

MAX_BATCH = 256
MAX_HISTORY = 50

HistoryText = Annotated[
    str, StringConstraints(min_length=1, max_length=4_000), Storable, AfterValidator(not_blank)
]


class HistoryEntry(Body):
    author: Literal["customer", "assistant", "agent"]
    text: HistoryText


class RouteRequest(Body):
    text: MessageText = Field(examples=["I lost my card on the train"])
    locale: Literal["en", "zh"] | None = None
    history: list[HistoryEntry] = Field(default_factory=list, max_length=MAX_HISTORY)
    unit: Name | None = Field(
        None, description="Customer, for experiments.", examples=["cust-1001"]
    )


class RouteBatchRequest(Body):
    texts: list[MessageText] = Field(
        min_length=1, max_length=MAX_BATCH, examples=[["Where is my card?", "我想查余额"]]
    )
    locale: Literal["en", "zh"] | None = None


class CandidateRead(Reading):
    intent: str
    route: str
    confidence: float


class FindingRead(Reading):
    type: str
    start: int
    end: int


class FilterRead(Reading):
    action: Literal["allow", "mask", "flag", "escalate", "block"]
    findings: list[FindingRead]
    text: str = Field(description="The text with personal secrets masked.")


class ExperimentRead(Reading):
    key: str
    variant: str


class NearestRead(Reading):
    """A training example that the model finds similar to the text; masked."""

    text: str
    intent: str
    similarity: float = Field(description="Cosine, -1 to 1.")


class RuleRead(Reading):
    name: str
    intent: str
    matched: str | None = Field(description="The words of the masked text that fired the rule.")
    start: int | None = Field(description="Where they begin in the masked text.")
    end: int | None


class CheckRead(Reading):
    """One check; it decides when `value test threshold` holds."""

    check: str = Field(
        description="filter, rule, question, context, requests, or a check of the policy."
    )
    decided: bool
    value: float | None
    test: str | None = Field(description="<, > or >=")
    threshold: float | None
    detail: str | None = Field(description="Which finding, rule, answer or route.")


class ExplanationRead(Reading):
    """What led to a decision."""

    summary: str = Field(description="One sentence in the language of the text.")
    policy: list[CheckRead] = Field(description="In the order made; the last one decided.")
    nearest: list[NearestRead]
    rule: RuleRead | None
    signals: dict[str, float] = Field(description="What each head of the model said.")


class PartRead(Reading):
    """One of several requests in a message."""

    decision_id: str
    text: str = Field(description="The words of this request.")
    route: str
    outcome: str
    intent: str | None
    confidence: float
    reason: str


class RouteAnswer(Reading):
    decision_id: str
    route: Literal["account", "knowledge", "general", "human"]
    outcome: Literal["answer", "clarify", "handoff", "blocked"]
    intent: str | None
    confidence: float
    margin: float
    out_of_scope: bool
    out_of_scope_score: float
    language: str
    candidates: list[CandidateRead]
    reason: str
    thresholds: dict[str, float]
    model_version: str
    filter: FilterRead
    context: Literal["follow_up", "correction"] | None = Field(
        None, description="Set when the history gave the text its meaning."
    )
    parts: list[PartRead] = Field(
        default_factory=list,
        description="Several requests in one text, in the order in which to handle them.",
    )
    experiment: ExperimentRead | None = None


class ExplainedRouteAnswer(RouteAnswer):
    """The answer to `?explain=true`."""

    explanation: ExplanationRead


class RouteBatchAnswer(Reading):
    items: list[ExplainedRouteAnswer | RouteAnswer]


class IntentRead(Reading):
    name: str
    definition: str
    route: str
    level: str
    queue: str
    priority: str
    label: dict[str, str]
    languages: list[str]


class IntentList(Reading):
    items: list[IntentRead]


class DecisionFilter(Reading):
    action: str
    findings: list[dict[str, Any]]


class StepRead(Reading):
    step: str
    outcome: str
    milliseconds: float
    detail: str | None = None


class DecidedPart(Reading):
    """Another request of the same message."""

    id: str
    route: str
    outcome: str
    intent: str | None
    confidence: float
    reason: str


class DecisionRead(Reading):
    """Why a message went where it went."""

    id: str
    message_seq: int
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
    filter: DecisionFilter
    context: str | None
    parts: list[DecidedPart] = Field(description="Further requests of the message, in order.")
    experiment: ExperimentRead | None
    steps: list[StepRead]
    citations: list[dict[str, Any]]
    explanation: ExplanationRead
    created_at: Timestamp


class DecisionList(Reading):
    items: list[DecisionRead]
