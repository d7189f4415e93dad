"""When a job is tried again."""

import random

import pytest

from app.jobs.backoff import FIRST_DELAY, LONGEST_DELAY, delay_before


@pytest.mark.parametrize(
    ("attempt", "ceiling"),
    [(0, 0.5), (1, 0.5), (2, 1.0), (3, 2.0), (6, 16.0), (10, 256.0), (11, 300.0), (60, 300.0)],
)
def test_delay_doubles_to_five_minutes_and_half_of_it_is_chance(
    attempt: int, ceiling: float
) -> None:
    chance = random.Random(7)
    delays = [delay_before(attempt, chance=chance) for _ in range(200)]
    assert ceiling / 2 <= min(delays) < max(delays) <= ceiling
    assert min(delays) >= FIRST_DELAY / 2
    assert max(delays) <= LONGEST_DELAY


def test_same_chance_gives_the_same_delay() -> None:
    assert delay_before(3, chance=random.Random(1)) == delay_before(3, chance=random.Random(1))
