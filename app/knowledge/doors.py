"""Who may pass which door of the knowledge base, and the ids in their paths."""

from typing import Annotated

from fastapi import Depends, Path

from app.auth.caller import Caller, Integration, Scope
from app.auth.dependencies import CurrentCaller, has_scope, require
from app.errors import Forbidden
from app.knowledge.schemas import DOCUMENT_ID

KnowledgeReader = Annotated[Caller, Depends(require(Scope.KNOWLEDGE_READ))]
KnowledgeWriter = Annotated[Caller, Depends(require(Scope.KNOWLEDGE_WRITE))]
DocumentId = Annotated[str, Path(max_length=64, examples=[DOCUMENT_ID])]
VersionPath = Annotated[int, Path(ge=1, le=2_000_000_000, examples=[1])]


async def _asker(caller: CurrentCaller) -> Caller:
    """Staff, widget sessions, and integrations with knowledge:read; each reads their own share."""
    if isinstance(caller, Integration) and not has_scope(caller, Scope.KNOWLEDGE_READ):
        raise Forbidden(f"This caller lacks the scope {Scope.KNOWLEDGE_READ.value}.")
    return caller


Asker = Annotated[Caller, Depends(_asker)]
