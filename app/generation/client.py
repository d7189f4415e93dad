"""The seam of general generation: what is asked, what comes back. Knows no model and no queue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal, Protocol

from app.generation.errors import GenerationRejected

Role = Literal["system", "user", "assistant"]
MOST_NEW_TOKENS = 4096


class Priority(IntEnum):
    """Who waits; the numbers are the priorities of the Celery queue, lowest first."""

    CUSTOMER = 0
    COPILOT = 3
    BATCH = 6


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of the prompt, already masked."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One answer to be written. The same id asked again gives the same answer."""

    id: str
    messages: tuple[ChatMessage, ...]
    language: str = "en"
    max_new_tokens: int = 256
    temperature: float = 0.0
    deadline_seconds: float = 20.0
    seed: int | None = None  # None: derived from the id, so that a second run repeats the text
    priority: Priority = Priority.CUSTOMER
    intent: str | None = None  # a hint for curated answers

    def __post_init__(self) -> None:
        if not self.messages:
            raise GenerationRejected("a request needs at least one message")
        if not 1 <= self.max_new_tokens <= MOST_NEW_TOKENS:
            raise GenerationRejected(f"max_new_tokens must be 1 to {MOST_NEW_TOKENS}")
        if not self.deadline_seconds > 0:
            raise GenerationRejected("deadline_seconds must be above 0")


@dataclass(frozen=True, slots=True)
class GeneratorHealth:
    """What readiness shows of a generator."""

    ready: bool
    detail: str


class Generator(Protocol):
    """Writes free-form answers."""

    name: str

    def stream(self, request: GenerationRequest) -> Iterator[str]:
        """Text deltas as they are written; blocks between them. Closing the iterator cancels.

        Raises GenerationUnavailable, GenerationTimeout or GenerationRejected, at the first delta
        or later.
        """

    def health(self) -> GeneratorHealth:
        """Whether a request would be served now."""

    def close(self) -> None:
        """Stop threads and free the model. Safe to call twice."""


class StreamKind(StrEnum):
    """What a stream event says."""

    START = "start"  # a run began; a higher fence outdates every earlier run
    DELTA = "delta"
    END = "end"
    ERROR = "error"


class Failure(StrEnum):
    """Text of an ERROR event."""

    TIMEOUT = "timeout"
    REJECTED = "rejected"
    UNAVAILABLE = "unavailable"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One event of one request. `offset` is where its text begins in the whole answer."""

    request_id: str
    fence: int
    kind: StreamKind
    offset: int = 0
    text: str = ""


class Subscription(Protocol):
    """The events of one request."""

    def next_event(self, timeout: float) -> StreamEvent | None:
        """The next event, or None after the timeout."""

    def close(self) -> None:
        """Stop listening."""


class TokenStream(Protocol):
    """Carries events from workers to the processes that wait for them."""

    gateway: str

    def publish(self, gateway: str, events: Sequence[StreamEvent]) -> None:
        """All events of one decode step for one gateway, as one message."""

    def subscribe(self, request_id: str) -> Subscription:
        """Listen before the request is sent."""

    def close(self) -> None:
        """Stop the reader, if there is one."""
