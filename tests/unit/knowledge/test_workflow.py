"""The way of a version: which steps exist, and who may publish."""

import pytest

from app.errors import StateConflict
from app.knowledge.workflow import (
    Author,
    AuthorKind,
    SecondPersonRequired,
    VersionStatus,
    require_second_person,
    require_was_published,
    transition,
)

DRAFT, SUBMITTED, PUBLISHED, RETIRED = VersionStatus
STEPS = {(DRAFT, SUBMITTED), (SUBMITTED, PUBLISHED), (PUBLISHED, RETIRED), (RETIRED, PUBLISHED)}
EMMA = Author(AuthorKind.STAFF, "emma")


@pytest.mark.parametrize("was", VersionStatus)
@pytest.mark.parametrize("to", [SUBMITTED, PUBLISHED, RETIRED])
def test_a_version_moves_only_along_the_review(was: VersionStatus, to: VersionStatus) -> None:
    if was is to or (was, to) in STEPS:
        assert transition(was.value, to=to) == to.value
    else:
        with pytest.raises(StateConflict, match=f"this one is {was.value}"):
            transition(was.value, to=to)


@pytest.mark.parametrize(
    ("was", "to", "code"),
    [
        pytest.param(PUBLISHED, SUBMITTED, "not_a_draft", id="submit-what-is-published"),
        pytest.param(DRAFT, PUBLISHED, "not_submitted", id="publish-without-review"),
        pytest.param(DRAFT, RETIRED, "not_published", id="retire-a-draft"),
    ],
)
def test_a_refused_step_says_why(was: VersionStatus, to: VersionStatus, code: str) -> None:
    with pytest.raises(StateConflict) as refused:
        transition(was.value, to=to)
    assert refused.value.code == code


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


@pytest.mark.parametrize("status", [DRAFT, SUBMITTED])
def test_what_nobody_has_read_cannot_come_back(status: VersionStatus) -> None:
    with pytest.raises(StateConflict) as refused:
        require_was_published(status.value)
    assert refused.value.code == "never_published"


@pytest.mark.parametrize("status", [PUBLISHED, RETIRED])
def test_what_was_read_can_come_back(status: VersionStatus) -> None:
    require_was_published(status.value)
