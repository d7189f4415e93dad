"""When customers read which version of a document. Pure: no database, no clock, no rights.

A timeline holds the publications of one document in their order. No moment lies in two of them,
and no step changes what was shown before `now`. A publication begins with its first moment and
ends just before `shown_until`.
"""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Publication:
    """An interval in which customers read, or will read, one version."""

    version: int
    shown_from: datetime
    shown_until: datetime | None = None  # None: nothing ends it yet
    expires_at: datetime | None = None  # the version's own end, which `shown_until` never passes

    def contains(self, moment: datetime) -> bool:
        """Whether customers read it at this moment."""
        return self.shown_from <= moment and not self.has_ended(moment)

    def has_ended(self, moment: datetime) -> bool:
        """Whether it lies wholly before this moment."""
        return self.shown_until is not None and self.shown_until <= moment


Timeline = tuple[Publication, ...]


def shown_at(timeline: Timeline, moment: datetime) -> Publication | None:
    """What customers read at this moment; None when nothing."""
    return next((one for one in timeline if one.contains(moment)), None)


def scheduled(timeline: Timeline, now: datetime) -> Timeline:
    """What has not begun."""
    return tuple(one for one in timeline if one.shown_from > now)


def begun(timeline: Timeline, version: int, now: datetime) -> Timeline:
    """The publications of a version that customers read, or have read."""
    return tuple(one for one in timeline if one.version == version and one.shown_from <= now)


def publish(
    timeline: Timeline, new: Publication, *, now: datetime, keep_scheduled: bool = False
) -> Timeline:
    """Show a version from its begin on: what was shown there before ends where this one begins.

    What waits to begin is cancelled, or kept: then each is shown until the next one begins.
    ValueError when the new one begins in the past, or ends before it begins.
    """
    if new.shown_from < now:
        raise ValueError("a publication cannot begin in the past")
    if new.has_ended(new.shown_from):
        raise ValueError("a publication must end after it begins")
    standing = timeline if keep_scheduled else cancel(timeline, now=now)
    before = [_until(one, new.shown_from) for one in standing if one.shown_from < new.shown_from]
    after = [one for one in standing if one.shown_from > new.shown_from]
    placed = _until(new, after[0].shown_from) if after else new
    return (*before, placed, *after)


def cancel(timeline: Timeline, *, now: datetime, version: int | None = None) -> Timeline:
    """Without what waits to begin (of one version, if it is named).

    What would have ended where a cancelled one begins is shown on: until it expires, or until the
    next one begins.
    """
    dropped = {one for one in scheduled(timeline, now) if version is None or one.version == version}
    vacant = {one.shown_from for one in dropped}
    kept = [one for one in timeline if one not in dropped]
    nexts = [one.shown_from for one in kept[1:]]
    return tuple(
        replace(one, shown_until=_earliest(one.expires_at, follower))
        if one.shown_until in vacant
        else one
        for one, follower in zip(kept, [*nexts, None], strict=False)
    )


def withdraw(timeline: Timeline, *, now: datetime) -> Timeline:
    """Nothing is shown from now on, and nothing waits to begin."""
    return tuple(_until(one, now) for one in timeline if one.shown_from < now)


def _until(one: Publication, end: datetime) -> Publication:
    return replace(one, shown_until=_earliest(one.shown_until, end))


def _earliest(*ends: datetime | None) -> datetime | None:
    return min((end for end in ends if end is not None), default=None)
