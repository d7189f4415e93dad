"""The names of those who write and publish: an id tells an editor nothing."""

from fastapi import APIRouter
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.document import DocumentVersionRecord, PublicationRecord
from app.db.people import StaffRecord
from app.dependencies import ReadSession
from app.knowledge.doors import KnowledgeReader
from app.pagination import Page
from app.schemas import Reading

router = APIRouter()
_ACTS = (
    DocumentVersionRecord.author_id,
    DocumentVersionRecord.approver_id,
    DocumentVersionRecord.rejected_by_id,
    PublicationRecord.approver_id,
)


class PersonName(Reading):
    id: str
    name: str


@router.get("/people")
def list_people(_caller: KnowledgeReader, session: ReadSession) -> Page[PersonName]:
    """Staff who wrote, rejected or published a version, by name; no page ends before the last."""
    return Page(items=[PersonName(id=one, name=name) for one, name in _names(session)], next=None)


def _names(session: Session) -> list[tuple[str, str]]:
    acted = or_(*(StaffRecord.id.in_(select(column).distinct()) for column in _ACTS))
    rows = session.execute(select(StaffRecord.id, StaffRecord.name).where(acted))
    return sorted(((row.id, row.name) for row in rows), key=lambda row: (row[1], row[0]))
