"""Frozen values of routing. Knows no model, no database and no web framework."""

from dataclasses import dataclass, field
from enum import StrEnum


class Route(StrEnum):
    """Where a customer message goes."""

    ACCOUNT = "account"
    KNOWLEDGE = "knowledge"
    GENERAL = "general"
    HUMAN = "human"


class Outcome(StrEnum):
    """How a turn ends."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    HANDOFF = "handoff"
    BLOCKED = "blocked"


class Level(StrEnum):
    """Assurance levels, weakest first; compare with `rank`."""

    ANONYMOUS = "anonymous"
    IDENTIFIED = "identified"
    OTP = "otp"
    STRONG = "strong"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


class Priority(StrEnum):
    """How soon a person should see it."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that a customer can want."""

    name: str
    definition: str
    route: Route
    level: Level
    queue: str
    priority: Priority
    label: dict[str, str]  # language -> words that complete "Did you mean …?"
    must_not_miss: bool = False  # a person too many is better than one customer unheard


@dataclass(frozen=True, slots=True)
class IntentScore:
    """A calibrated probability for one intent."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class NearestExample:
    """A training utterance that the model finds similar."""

    text: str
    intent: str
    similarity: float  # cosine, -1 to 1


@dataclass(frozen=True, slots=True)
class Signal:
    """One head's raw word on an utterance, for people who ask why."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Classification:
    """What the classifier saw in one utterance, best intent first."""

    ranking: tuple[IntentScore, ...]
    # higher is stranger; comparable only with the same model's `Thresholds.out_of_scope`
    out_of_scope_score: float = 0.0
    nearest: tuple[NearestExample, ...] = ()  # most similar first; empty where the model keeps none
    signals: tuple[Signal, ...] = ()  # what each head said; empty where the model does not tell


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The policy's dials; stored with the checkpoint, overridable by settings or an experiment."""

    accept: float = 0.50  # below: ask, do not act
    reject: float = 0.20  # below: out of scope
    margin: float = 0.10  # two intents closer than this: ask which one
    out_of_scope: float = 1.0  # out-of-scope score above this: out of scope
    # urgent intents together as likely as this: a person. One unheard weighs as four called in vain
    must_not_miss: float = 0.2

    def as_dict(self) -> dict[str, float]:
        return {
            "accept": self.accept,
            "reject": self.reject,
            "margin": self.margin,
            "out_of_scope": self.out_of_scope,
            "must_not_miss": self.must_not_miss,
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ranked intent with the route it would take."""

    intent: str
    route: Route
    confidence: float


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """The must-not-miss rule that fired, the intent it settles, and the words it heard."""

    name: str
    intent: str
    words: str  # as they stand in the text that was read, which is masked
    start: int | None = None  # their place in that text; None where folding moved it
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One question on the way to a decision, and whether its answer settled the matter."""

    # filter | rule | question | context | requests, then the policy's:
    # language | must_not_miss | ranked | reject | out_of_scope | accept | margin | route
    name: str
    decided: bool
    value: float | None = None  # what was compared, where a number was
    test: str | None = None  # "<", ">" or ">=": it decides when `value test threshold` holds
    threshold: float | None = None
    detail: str | None = None  # which finding, rule, answer or route


@dataclass(frozen=True, slots=True)
class RoutingDecision:
    """Everything needed to act on an utterance and to explain the choice later."""

    route: Route
    outcome: Outcome
    intent: str | None
    confidence: float
    margin: float
    out_of_scope: bool
    out_of_scope_score: float
    language: str
    candidates: tuple[Candidate, ...]
    # classifier | must_not_miss | ambiguous | out_of_scope | context | many_requests
    # rule:<name> | language:<code> | filter:<name>, or the answer to our own question
    reason: str
    thresholds: Thresholds
    model_version: str
    queue: str = "general"
    priority: Priority = Priority.NORMAL
    nearest: tuple[NearestExample, ...] = ()
    signals: tuple[Signal, ...] = ()
    rule: RuleMatch | None = None
    checks: tuple[Check, ...] = ()  # in the order they were made; the last one decided
    context: str | None = None  # follow_up | correction: what was said before gave the meaning
    read_as: str | None = None  # the words that were judged, where they are not the message's own
    slots_from: str | None = None  # the message's own words without "no, I meant"
    parts: tuple["RoutedPart", ...] = ()  # several requests, in the order in which they are handled


@dataclass(frozen=True, slots=True)
class RoutedPart:
    """One of several requests in a message."""

    text: str
    decision: RoutingDecision


@dataclass(frozen=True, slots=True)
class Utterance:
    """A customer's words with what the router may use around them."""

    text: str
    locale: str | None = None
    history: tuple[str, ...] = field(default=())  # earlier customer utterances, oldest first
    previous_intent: str | None = None  # what the latest request before was decided to be
