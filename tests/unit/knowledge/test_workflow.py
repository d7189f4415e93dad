"""The way of a version: which steps exist, who may publish, and what editors see of it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.errors import StateConflict
from app.knowledge.timeline import Publication, Timeline, publish, withdraw
from app.knowledge.workflow import (
    Author,
    AuthorKind,
    ReviewState,
    SchedulePending,
    SecondPersonRequired,
    Step,
    VersionExpired,
    VersionStatus,
    begin_of,
    require_free,
    require_second_person,
    require_was_published,
    status_of,
    take,
)

DRAFT, SUBMITTED, APPROVED = ReviewState
WAYS = {
    (Step.SUBMIT, DRAFT): SUBMITTED,
    (Step.REJECT, SUBMITTED): DRAFT,
    (Step.APPROVE, SUBMITTED): APPROVED,
}
EMMA = Author(AuthorKind.STAFF, "emma")
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
READ: Timeline = (Publication(1, NOW - HOUR),)
WAITING = publish(READ, Publication(2, NOW + HOUR), now=NOW)


@pytest.mark.parametrize("was", ReviewState)
@pytest.mark.parametrize("step", Step)
def test_a_version_moves_only_along_the_review(step: Step, was: ReviewState) -> None:
    if (step, was) in WAYS:
        assert take(step, was, shown=VersionStatus.DRAFT) == WAYS[step, was]
    else:
        with pytest.raises(StateConflict, match="this one is retired"):
            take(step, was, shown=VersionStatus.RETIRED)


@pytest.mark.parametrize(
    ("step", "was", "code"),
    [
        pytest.param(Step.SUBMIT, APPROVED, "not_a_draft", id="submit-what-is-published"),
        pytest.param(Step.APPROVE, DRAFT, "not_submitted", id="publish-without-review"),
        pytest.param(Step.REJECT, APPROVED, "not_submitted", id="reject-what-is-approved"),
    ],
)
def test_a_refused_step_says_why(step: Step, was: ReviewState, code: str) -> None:
    with pytest.raises(StateConflict) as refused:
        take(step, was, shown=VersionStatus.PUBLISHED)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("state", "version", "timeline", "after", "status"),
    [
        pytest.param(DRAFT, 3, WAITING, 0, "draft", id="draft"),
        pytest.param(SUBMITTED, 3, WAITING, 0, "submitted", id="submitted"),
        pytest.param(APPROVED, 2, WAITING, 0, "scheduled", id="before-its-begin"),
        pytest.param(APPROVED, 2, WAITING, 1, "published", id="at-its-begin"),
        pytest.param(APPROVED, 1, WAITING, 0, "published", id="until-the-next-begins"),
        pytest.param(APPROVED, 1, WAITING, 1, "retired", id="when-the-next-begins"),
        pytest.param(APPROVED, 1, withdraw(READ, now=NOW), 0, "retired", id="withdrawn"),
        pytest.param(APPROVED, 2, READ, 0, "retired", id="its-schedule-was-replaced"),
    ],
)
def test_the_status_follows_from_publications_and_the_moment(
    state: ReviewState, version: int, timeline: Timeline, after: int, status: str
) -> None:
    assert status_of(state, version, timeline, NOW + after * HOUR) == status


@pytest.mark.parametrize(
    ("author", "approver"),
    [
        pytest.param(EMMA, Author(AuthorKind.STAFF, "li"), id="two-people"),
        pytest.param(EMMA, Author(AuthorKind.INTEGRATION, "emma"), id="person-and-key"),
        pytest.param(Author(AuthorKind.INTEGRATION, "crm"), EMMA, id="key-and-person"),
        pytest.param(Author(AuthorKind.SYSTEM, "switchboard"), EMMA, id="system-author"),
    ],
)
def test_a_second_person_may_publish(author: Author, approver: Author) -> None:
    require_second_person(author, approver)


@pytest.mark.parametrize("author", [EMMA, Author(AuthorKind.INTEGRATION, "crm")])
def test_nobody_publishes_their_own_words(author: Author) -> None:
    with pytest.raises(SecondPersonRequired) as refused:
        require_second_person(author, author)
    assert (refused.value.status, refused.value.code) == (409, "second_person_required")


@pytest.mark.parametrize("version", [2, 3])
def test_what_nobody_has_read_cannot_come_back(version: int) -> None:
    with pytest.raises(StateConflict) as refused:
        require_was_published(version, WAITING, NOW)
    assert refused.value.code == "never_published"


def test_what_was_read_can_come_back() -> None:
    require_was_published(1, withdraw(READ, now=NOW), NOW)


@pytest.mark.parametrize(
    ("effective", "expires", "begin"),
    [
        pytest.param(None, None, NOW, id="at-once"),
        pytest.param(NOW - HOUR, None, NOW, id="late-approval"),
        pytest.param(NOW, NOW + HOUR, NOW, id="at-this-very-moment"),
        pytest.param(NOW + HOUR, NOW + 2 * HOUR, NOW + HOUR, id="later"),
    ],
)
def test_a_version_begins_when_it_says_but_not_in_the_past(
    effective: datetime | None, expires: datetime | None, begin: datetime
) -> None:
    assert begin_of(effective, expires, NOW) == begin


@pytest.mark.parametrize("expires", [NOW - HOUR, NOW])
def test_what_has_expired_cannot_begin(expires: datetime) -> None:
    with pytest.raises(VersionExpired, match="2026-11-28"):
        begin_of(None, expires, NOW)


def test_a_pending_schedule_asks_for_a_choice() -> None:
    waiting, new = WAITING[1:], Publication(3, NOW)
    require_free((), new, choice=None)
    require_free(waiting, new, choice="keep")
    require_free(waiting, Publication(3, NOW + HOUR), choice="replace")
    with pytest.raises(SchedulePending, match="Version 2 is scheduled"):
        require_free(waiting, new, choice=None)
    with pytest.raises(SchedulePending, match="same moment"):
        require_free(waiting, Publication(3, NOW + HOUR), choice="keep")
