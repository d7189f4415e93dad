"""Annotated aliases for endpoints. A writing session commits before the answer leaves."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from sqlalchemy.orm import Session

from app.parts import Parts


def get_parts(connection: HTTPConnection) -> Parts:
    parts: Parts = connection.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(get_parts)]


def _read_session(parts: PartsDep) -> Iterator[Session]:
    with parts.database.read() as session:
        yield session


def _write_session(parts: PartsDep) -> Iterator[Session]:
    with parts.database.write() as session:
        yield session


# scope="function": the dependency ends, and so commits, before the response is sent
ReadSession = Annotated[Session, Depends(_read_session, scope="function")]
WriteSession = Annotated[Session, Depends(_write_session, scope="function")]
