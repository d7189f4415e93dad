"""When to try again. Pure."""

import random

FIRST_DELAY = 0.5
LONGEST_DELAY = 300.0


def delay_before(attempt: int, *, chance: random.Random) -> float:
    """Seconds before the next attempt: doubling from 0.5 s to 5 min, half of it jitter."""
    ceiling: float = min(LONGEST_DELAY, FIRST_DELAY * 2 ** max(0, attempt - 1))
    return ceiling / 2 + chance.uniform(0, ceiling / 2)
