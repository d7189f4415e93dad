"""Who may pass which door of the labels, and the ids in their paths."""

from typing import Annotated

from fastapi import Depends, Path, Query

from app.auth.caller import Caller, Customer, Scope
from app.auth.dependencies import require
from app.errors import Forbidden
from app.labels.schemas import LABEL_ID, StatusName
from app.labels.service import Person
from app.schemas import Storable

_corrects = require(Scope.CONVERSATIONS_WRITE)
_reviews = require(Scope.LABELS_REVIEW)


async def _corrector(caller: Annotated[Caller, Depends(_corrects)]) -> Person:
    """Who may act in conversations; that this one is readable to them is in the query."""
    return _person(caller)


async def _reviewer(caller: Annotated[Caller, Depends(_reviews)]) -> Person:
    """Supervisors, editors, administrators, and keys with labels:review."""
    return _person(caller)


def _person(caller: Caller) -> Person:
    if isinstance(caller, Customer):
        raise Forbidden("Only staff and integrations may do that.")
    return caller


Corrector = Annotated[Person, Depends(_corrector)]
Reviewer = Annotated[Person, Depends(_reviewer)]
LabelId = Annotated[str, Path(max_length=64, examples=[LABEL_ID]), Storable]
DecisionId = Annotated[str, Path(max_length=64, examples=[LABEL_ID]), Storable]
StatusParam = Annotated[StatusName | None, Query(description="Only labels of this status.")]
IntentParam = Annotated[
    str | None,
    Query(max_length=100, description="Only labels with this intent, or out_of_scope."),
    Storable,
]
LanguageParam = Annotated[str | None, Query(max_length=10, examples=["en"]), Storable]
