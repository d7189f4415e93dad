"""How a version travels from draft to published, and who may publish it. Pure.

What is stored is how far the review has come; what editors see besides follows from publications
and the moment, so that nothing has to happen when a publication begins or ends.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.clock import rfc3339
from app.errors import StateConflict
from app.knowledge.timeline import Publication, Timeline, begun, scheduled, shown_at


class ReviewState(StrEnum):
    """As stored. approved: a second person let it be published, at once or later."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"


class VersionStatus(StrEnum):
    """As shown. An approved version is scheduled, published, or retired: read no more."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    RETIRED = "retired"


class Step(StrEnum):
    """What editors do with a version under review."""

    SUBMIT = "submit"
    REJECT = "reject"
    APPROVE = "approve"


class AuthorKind(StrEnum):
    """Who wrote a version; the system's own articles come reviewed with the product."""

    STAFF = "staff"
    INTEGRATION = "integration"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote or approves a version."""

    kind: AuthorKind
    id: str


class SecondPersonRequired(StateConflict):
    code = "second_person_required"
    title = "Another person must publish this"


class SchedulePending(StateConflict):
    code = "schedule_pending"
    title = "Another version is scheduled already"


class VersionExpired(StateConflict):
    code = "version_expired"
    title = "This version has expired"


class NothingNew(StateConflict):
    code = "nothing_new"
    title = "Customers read exactly this already"


_STEPS = {
    Step.SUBMIT: (
        (ReviewState.DRAFT, ReviewState.SUBMITTED),
        ("not_a_draft", "Only a draft can be submitted"),
    ),
    Step.REJECT: (
        (ReviewState.SUBMITTED, ReviewState.DRAFT),
        ("not_submitted", "Only a submitted version can be rejected"),
    ),
    Step.APPROVE: (
        (ReviewState.SUBMITTED, ReviewState.APPROVED),
        ("not_submitted", "Only a submitted version can be published"),
    ),
}


def take(step: Step, state: str, *, shown: VersionStatus) -> str:
    """The state after the step; StateConflict, which names the status shown, where it has none."""
    (before, after), (code, rule) = _STEPS[step]
    if ReviewState(state) is not before:
        raise StateConflict(f"{rule}; this one is {shown.value}.", code=code)
    return after.value


def status_of(state: str, version: int, timeline: Timeline, now: datetime) -> VersionStatus:
    """What editors are shown of a version at this moment."""
    if ReviewState(state) is not ReviewState.APPROVED:
        return VersionStatus(state)
    current = shown_at(timeline, now)
    if current is not None and current.version == version:
        return VersionStatus.PUBLISHED
    if any(one.version == version for one in scheduled(timeline, now)):
        return VersionStatus.SCHEDULED
    return VersionStatus.RETIRED


def require_second_person(author: Author, approver: Author) -> None:
    """Nobody publishes their own words; what the system wrote, anyone with the scope may."""
    if author.kind is AuthorKind.SYSTEM:
        return
    if author == approver:
        raise SecondPersonRequired("The author of a version cannot publish it.")


def require_was_published(version: int, timeline: Timeline, now: datetime) -> None:
    """Going back leads only to what customers have already read."""
    if not begun(timeline, version, now):
        raise StateConflict(
            "Only a version that customers have read can come back.", code="never_published"
        )


def begin_of(
    effective_from: datetime | None, expires_at: datetime | None, now: datetime
) -> datetime:
    """When a version is shown that is let through now; VersionExpired when it no longer can be."""
    begin = now if effective_from is None else max(now, effective_from)
    if expires_at is not None and expires_at <= begin:
        raise VersionExpired(f"It expired at {rfc3339(expires_at)}; write a new version.")
    return begin


def require_free(waiting: Timeline, new: Publication, *, choice: str | None) -> None:
    """Where versions wait to be shown, the editor says what becomes of them: replace or keep."""
    if not waiting or choice == "replace":
        return
    first = waiting[0]
    if choice is None:
        raise SchedulePending(
            f"Version {first.version} is scheduled from {rfc3339(first.shown_from)}. "
            "Say `scheduled`: `replace` to put this version in its place, `keep` to show both."
        )
    if any(one.shown_from == new.shown_from for one in waiting):
        raise SchedulePending("Both would begin at the same moment; one must replace the other.")
