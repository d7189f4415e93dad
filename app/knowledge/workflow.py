"""How a version travels from draft to published, and who may publish it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from app.errors import StateConflict


class VersionStatus(StrEnum):
    """draft: being written; submitted: awaits a second person; retired: a newer one is read."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    RETIRED = "retired"


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


_ALLOWED = {
    VersionStatus.DRAFT: {VersionStatus.SUBMITTED},
    VersionStatus.SUBMITTED: {VersionStatus.PUBLISHED},
    VersionStatus.PUBLISHED: {VersionStatus.RETIRED},
    VersionStatus.RETIRED: {VersionStatus.PUBLISHED},
}
_WHY_NOT = {
    VersionStatus.SUBMITTED: ("not_a_draft", "Only a draft can be submitted"),
    VersionStatus.PUBLISHED: ("not_submitted", "Only a submitted version can be published"),
    VersionStatus.RETIRED: ("not_published", "Only a published version can be retired"),
}


def transition(status: str, *, to: VersionStatus) -> str:
    """The new status; StateConflict when there is no such way. Staying is always allowed."""
    current = VersionStatus(status)
    if to is not current and to not in _ALLOWED[current]:
        code, rule = _WHY_NOT[to]
        raise StateConflict(f"{rule}; this one is {current.value}.", code=code)
    return to.value


def require_second_person(author: Author, approver: Author) -> None:
    """Nobody publishes their own words; what the system wrote, anyone with the scope may."""
    if author.kind is AuthorKind.SYSTEM:
        return
    if author == approver:
        raise SecondPersonRequired("The author of a version cannot publish it.")


def require_was_published(status: str) -> None:
    """Going back leads only to what customers have already read."""
    if VersionStatus(status) not in (VersionStatus.PUBLISHED, VersionStatus.RETIRED):
        raise StateConflict(
            f"Only a version that was published can come back; this one is {status}.",
            code="never_published",
        )
