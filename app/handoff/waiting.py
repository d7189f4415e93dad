"""How long customers wait. Pure."""

from collections.abc import Sequence
from datetime import datetime
from statistics import median


def seconds_between(start: datetime, end: datetime) -> int:
    """Whole seconds, never negative."""
    return max(0, int((end - start).total_seconds()))


def estimated_wait(recent_waits: Sequence[float], waiting: int) -> int | None:
    """The median of recent waits, growing with the queue; None when there is nothing to go by."""
    if not recent_waits:
        return None
    return int(median(recent_waits) * max(1, waiting))
