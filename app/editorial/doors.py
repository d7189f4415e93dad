"""Who may pass which door of the editors' tools, and the parameters that they share."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query

from app.analytics.filters import Period, build_period
from app.auth.caller import Caller, Customer, Integration, Role, Scope, Staff
from app.auth.dependencies import CurrentCaller, has_scope, require
from app.errors import Forbidden
from app.knowledge.schemas import Locale

Person = Staff | Integration
EDITORIAL_ROLES = (Role.EDITOR, Role.SUPERVISOR, Role.ADMIN)
_reads = require(Scope.KNOWLEDGE_READ)


async def _reader(caller: Annotated[Caller, Depends(_reads)]) -> Person:
    """Editors, supervisors, administrators, and keys with knowledge:read."""
    if isinstance(caller, Customer) or (
        isinstance(caller, Staff) and caller.role not in EDITORIAL_ROLES
    ):
        raise Forbidden("Only editors, supervisors and administrators may do that.")
    return caller


async def _gap_reader(person: Annotated[Person, Depends(_reader)]) -> Person:
    """The same; a key must be allowed to read conversations, too: these are customers' words."""
    if isinstance(person, Integration) and not has_scope(person, Scope.CONVERSATIONS_READ):
        raise Forbidden(f"This caller lacks the scope {Scope.CONVERSATIONS_READ.value}.")
    return person


async def _drafter(caller: CurrentCaller) -> Person:
    """Staff, and keys with knowledge:write; that they may read the conversation is in the query."""
    if isinstance(caller, Customer):
        raise Forbidden("Only staff and integrations may do that.")
    if isinstance(caller, Integration) and not has_scope(caller, Scope.KNOWLEDGE_WRITE):
        raise Forbidden(f"This caller lacks the scope {Scope.KNOWLEDGE_WRITE.value}.")
    return caller


EditorialReader = Annotated[Person, Depends(_reader)]
GapReader = Annotated[Person, Depends(_gap_reader)]
Drafter = Annotated[Person, Depends(_drafter)]


async def _period(
    start: Annotated[
        datetime | None, Query(alias="from", description="Default: 30 days before `to`.")
    ] = None,
    end: Annotated[datetime | None, Query(alias="to", description="Default: now.")] = None,
) -> Period:
    return build_period(start, end)


PeriodDep = Annotated[Period, Depends(_period)]
LocaleParam = Annotated[Locale | None, Query(description="Only this language.")]
MonthsParam = Annotated[int, Query(ge=1, le=120, description="A text this old is stale.")]
DaysParam = Annotated[int, Query(ge=1, le=366, description="How early an end is told.")]
