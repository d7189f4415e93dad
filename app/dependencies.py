"""Annotated aliases for endpoints. A writing session commits before the answer leaves.

Dependencies that wait for nothing are `async`: they run at once, without a thread of the pool.
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, WebSocketException
from fastapi.requests import HTTPConnection
from sqlalchemy.orm import Session

from app.errors import BadInput, FieldError
from app.parts import Parts


async def refuse_nul(connection: HTTPConnection) -> None:
    """No address with a NUL character: PostgreSQL cannot compare with one, SQLite can."""
    if "\x00" not in connection.url.path and "%00" not in str(connection.url):
        return
    if connection.scope["type"] == "websocket":
        raise WebSocketException(1008, "NUL in the address")
    where = "query" if "%00" in connection.url.query else "path"
    raise BadInput(
        "The address must not contain NUL characters.",
        errors=(FieldError(where, "must not contain NUL characters"),),
    )


async def get_parts(connection: HTTPConnection) -> Parts:
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
