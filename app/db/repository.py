"""What every repository can do."""

from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from app.db.base import Base

R = TypeVar("R", bound=Base)


class Repository(Generic[R]):
    """SQL for one record type; subclasses name the queries of their feature."""

    record: type[R]

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, row: R) -> R:
        self.session.add(row)
        self.session.flush()
        return row

    def find(self, row_id: str) -> R | None:
        return self.session.get(self.record, row_id)
