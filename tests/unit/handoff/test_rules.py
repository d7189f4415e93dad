"""Order of service and estimated waits."""

from datetime import timedelta

import pytest

from app.clock import utc_now
from app.handoff.reasons import rank_of
from app.handoff.texts import activity
from app.handoff.waiting import estimated_wait, seconds_between
from routing import Priority


def test_urgent_is_served_first() -> None:
    ranks = [rank_of(priority.value) for priority in (Priority.URGENT, Priority.HIGH)]
    ranks += [rank_of(priority.value) for priority in (Priority.NORMAL, Priority.LOW)]
    assert ranks == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="whenever"):
        rank_of("whenever")


@pytest.mark.parametrize(
    ("waits", "waiting", "expected"),
    [([], 3, None), ([60.0], 0, 60), ([60.0], 1, 60), ([10.0, 20.0, 90.0], 2, 40)],
    ids=["nothing-to-go-by", "nobody-waits", "one", "median-grows-with-the-queue"],
)
def test_estimated_wait(waits: list[float], waiting: int, expected: int | None) -> None:
    assert estimated_wait(waits, waiting) == expected


def test_seconds_are_never_negative() -> None:
    now = utc_now()
    assert seconds_between(now, now + timedelta(seconds=1.9)) == 1
    assert seconds_between(now, now - timedelta(seconds=5)) == 0


@pytest.mark.parametrize(
    ("locale", "text"),
    [("en", "Ada has joined the conversation."), ("zh-CN", "Ada 已加入会话。"), ("de", "Ada has")],
)
def test_activity_speaks_the_conversations_language(locale: str, text: str) -> None:
    assert activity("accepted", locale, name="Ada").startswith(text)
