"""The table of job handlers. Knows no handler itself: `app/tasks.py` imports them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Handler = Callable[..., None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """How one kind of work is done."""

    name: str
    lane: str  # turns | default
    time_limit: float  # seconds; until then a run keeps renewing its lease
    attempts: int
    handler: Handler
    when_buried: Handler | None  # called when the last attempt failed: nobody is left in silence


KINDS: dict[str, JobKind] = {}


def job(
    name: str,
    *,
    lane: str = "default",
    time_limit: float = 60.0,
    attempts: int = 5,
    when_buried: Handler | None = None,
) -> Callable[[Handler], Handler]:
    """Register a handler: `handler(parts, run, **arguments)`."""

    def register(handler: Handler) -> Handler:
        if name in KINDS and KINDS[name].handler is not handler:
            raise ValueError(f"two handlers for job kind {name!r}")
        KINDS[name] = JobKind(name, lane, time_limit, attempts, handler, when_buried)
        return handler

    return register


Arguments = dict[str, Any]
