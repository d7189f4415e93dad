"""Intervals of one document: what is shown when, whatever editors do in which order."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from app.knowledge.timeline import (
    Publication,
    Timeline,
    begun,
    cancel,
    publish,
    scheduled,
    shown_at,
    withdraw,
)

NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def day(number: int) -> datetime:
    return NEW_YEAR + timedelta(days=number)


def version_at(timeline: Timeline, moment: datetime) -> int | None:
    found = shown_at(timeline, moment)
    return None if found is None else found.version


def shown(version: int, begin: int, end: int | None = None, expires: int | None = None) -> Timeline:
    until, limit = (None if one is None else day(one) for one in (end, expires))
    return (Publication(version, day(begin), until or limit, limit),)


FIRST = shown(1, 0)


def test_nothing_is_shown_before_the_first_publication() -> None:
    assert shown_at((), NEW_YEAR) is None
    assert shown_at(FIRST, NEW_YEAR - TICK) is None
    assert version_at(FIRST, NEW_YEAR) == 1


def test_a_new_version_replaces_the_old_one_at_once() -> None:
    after = publish(FIRST, Publication(2, day(3)), now=day(3))
    assert after == (Publication(1, day(0), day(3)), Publication(2, day(3)))
    assert [version_at(after, day(3) - TICK), version_at(after, day(3))] == [1, 2]


def test_a_scheduled_version_replaces_exactly_at_its_begin() -> None:
    after = publish(FIRST, Publication(2, day(9)), now=day(3))
    assert [version_at(after, moment) for moment in (day(3), day(9) - TICK, day(9))] == [1, 1, 2]
    assert [one.version for one in scheduled(after, day(3))] == [2]
    assert scheduled(after, day(9)) == ()


def test_a_version_that_expires_before_its_successor_begins_is_not_prolonged() -> None:
    after = publish(shown(1, 0, expires=5), Publication(2, day(9)), now=day(3))
    assert [version_at(after, day(number)) for number in (4, 5, 8, 9)] == [1, None, None, 2]


@pytest.mark.parametrize("expires", [None, 20])
def test_cancelling_what_is_scheduled_gives_the_old_one_its_end_back(expires: int | None) -> None:
    first = shown(1, 0, expires=expires)
    waiting = publish(first, Publication(2, day(9)), now=day(3))
    assert cancel(waiting, now=day(4)) == first
    assert cancel(waiting, now=day(9)) == waiting, "at its begin it is shown, and stays"


def test_only_the_named_one_is_cancelled() -> None:
    waiting = publish(FIRST, Publication(2, day(9)), now=day(3))
    both = publish(waiting, Publication(3, day(20)), now=day(3), keep_scheduled=True)
    assert cancel(both, now=day(4), version=3) == waiting
    without_second = cancel(both, now=day(4), version=2)
    assert without_second == (Publication(1, day(0), day(20)), Publication(3, day(20)))
    assert cancel(both, now=day(4)) == FIRST


def test_a_second_schedule_replaces_the_first_without_a_gap() -> None:
    waiting = publish(FIRST, Publication(2, day(9)), now=day(3))
    later = publish(waiting, Publication(3, day(20)), now=day(4))
    assert later == (Publication(1, day(0), day(20)), Publication(3, day(20)))


def test_what_is_kept_begins_where_it_was_planned() -> None:
    waiting = publish(FIRST, Publication(2, day(9)), now=day(3))
    corrected = publish(waiting, Publication(3, day(4)), now=day(4), keep_scheduled=True)
    assert [(one.version, one.shown_from, one.shown_until) for one in corrected] == [
        (1, day(0), day(4)),
        (3, day(4), day(9)),
        (2, day(9), None),
    ]


def test_going_back_is_a_new_publication() -> None:
    second = publish(FIRST, Publication(2, day(3)), now=day(3))
    back = publish(second, Publication(1, day(5)), now=day(5))
    assert [version_at(back, day(number)) for number in (1, 4, 5)] == [1, 2, 1]
    assert len(begun(back, 1, day(5))) == 2


def test_withdrawing_ends_what_is_shown_and_what_waits() -> None:
    waiting = publish(FIRST, Publication(2, day(9)), now=day(3))
    after = withdraw(waiting, now=day(4))
    assert after == (Publication(1, day(0), day(4)),)
    assert withdraw(after, now=day(5)) == after


def test_what_was_shown_for_no_moment_leaves_no_trace() -> None:
    replaced = publish(FIRST, Publication(2, day(0)), now=day(0))
    assert replaced == (Publication(2, day(0)),)
    assert withdraw(replaced, now=day(0)) == ()


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(Publication(2, day(3) - TICK), id="begins-in-the-past"),
        pytest.param(Publication(2, day(5), day(5)), id="ends-when-it-begins"),
        pytest.param(Publication(2, day(5), day(4)), id="ends-before-it-begins"),
    ],
)
def test_an_impossible_publication_is_refused(new: Publication) -> None:
    with pytest.raises(ValueError, match="a publication"):
        publish(FIRST, new, now=day(3))


HOURS = st.integers(0, 60)
SOON = st.integers(0, 6)


class TimelineMachine(RuleBasedStateMachine):
    """Editors act in any order while the clock moves on, or stands still."""

    @initialize()
    def begin(self) -> None:
        self.now = NEW_YEAR
        self.timeline: Timeline = ()
        self.versions = 0
        self.read: dict[datetime, int | None] = {}  # what customers saw, hour by hour

    @rule(hours=SOON)
    def time_passes(self, hours: int) -> None:
        for _ in range(hours):
            self.read[self.now] = version_at(self.timeline, self.now)
            self.now += timedelta(hours=1)

    @rule(wait=SOON, lasts=st.none() | st.integers(1, 20), keep=st.booleans())
    def approve(self, wait: int, lasts: int | None, keep: bool) -> None:
        begin = self.now + timedelta(hours=wait)
        before = self.timeline if keep else cancel(self.timeline, now=self.now)
        self.versions += 1
        end = None if lasts is None else begin + timedelta(hours=lasts)
        new = Publication(self.versions, begin, end, end)
        self.timeline = publish(self.timeline, new, now=self.now, keep_scheduled=keep)
        assert version_at(self.timeline, begin) == self.versions
        for hour in range(wait):
            moment = self.now + timedelta(hours=hour)
            assert version_at(self.timeline, moment) == version_at(before, moment)

    @precondition(lambda self: any(one.shown_from <= self.now for one in self.timeline))
    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        old = data.draw(
            st.sampled_from([one for one in self.timeline if one.shown_from <= self.now])
        )
        if old.expires_at is not None and old.expires_at <= self.now:
            return
        new = Publication(old.version, self.now, old.expires_at, old.expires_at)
        self.timeline = publish(self.timeline, new, now=self.now, keep_scheduled=True)
        assert version_at(self.timeline, self.now) == old.version

    @rule()
    def cancel_what_waits(self) -> None:
        standing = shown_at(self.timeline, self.now)
        self.timeline = cancel(self.timeline, now=self.now)
        assert scheduled(self.timeline, self.now) == ()
        if standing is not None:
            found = shown_at(self.timeline, self.now)
            assert found is not None
            assert found.version == standing.version
            assert found.shown_until == found.expires_at

    @rule()
    def withdraw(self) -> None:
        self.timeline = withdraw(self.timeline, now=self.now)
        assert all(one.has_ended(self.now) for one in self.timeline)

    @invariant()
    def no_moment_lies_in_two(self) -> None:
        for one, following in pairwise(self.timeline):
            assert one.shown_until is not None
            assert one.shown_until <= following.shown_from

    @invariant()
    def every_publication_contains_a_moment_and_never_outlives_its_version(self) -> None:
        for one in self.timeline:
            assert one.contains(one.shown_from)
            assert one.expires_at is None or one.has_ended(one.expires_at)

    @invariant()
    def the_past_stays_as_it_was_read(self) -> None:
        for moment, version in self.read.items():
            assert version_at(self.timeline, moment) == version


TestTimeline = TimelineMachine.TestCase


@given(begin=SOON, length=st.integers(1, 6), at=HOURS)
def test_a_publication_contains_its_begin_and_not_its_end(begin: int, length: int, at: int) -> None:
    one = Publication(1, day(begin), day(begin + length))
    assert one.contains(day(at)) == (begin <= at < begin + length)
