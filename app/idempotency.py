"""Idempotency-Key: the stored answer for the same body, 422 for another, 409 while in flight.

The answer is stored in the transaction of the effect, so a retry after any crash finds either
both or neither. Fails closed: without its row a request with a key is not carried out.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth.dependencies import CurrentCaller
from app.clock import utc_now
from app.db.idempotency import IdempotencyRecord
from app.db.session import Database
from app.errors import BadInput, FieldError, StateConflict

T = TypeVar("T", bound=BaseModel)
KEEP = timedelta(hours=24)
MAX_KEY_CHARACTERS = 255


class Replay(Exception):
    """Carries a stored answer to the handler that sends it again."""

    def __init__(self, status: int, answer: dict[str, Any]) -> None:
        super().__init__("replay")
        self.status = status
        self.answer = answer


class InFlight(StateConflict):
    code = "idempotency_in_flight"
    title = "A request with this key is still being carried out"


class Once:
    """One request's idempotency key, if it has one."""

    _under_way: set[tuple[str, str]] = set()  # noqa: RUF012 - shared by the process on purpose
    _lock = threading.Lock()

    def __init__(self, caller: str, key: str | None, request_hash: str, response: Response) -> None:
        self._caller = caller
        self._key = key
        self._request_hash = request_hash
        self._response = response

    def answer(self, session: Session, produce: Callable[[], T], *, status: int) -> T:
        """What `produce` returns, stored under the key; a repeated request raises Replay."""
        if self._key is None:
            return produce()
        with self._holding():
            self.replay_if_stored(session)
            answer = produce()
            self.keep(session, answer, status=status)
        return answer

    def answer_reading(self, database: Database, produce: Callable[[], T], *, status: int) -> T:
        """The same for what writes nothing but takes time: no transaction is open meanwhile."""
        with database.read() as session:
            self.replay_if_stored(session)
        answer = produce()
        if self._key is not None:  # only a request with a key is worth a write
            with database.write() as session:
                self.keep(session, answer, status=status)
        return answer

    def replay_if_stored(self, session: Session) -> None:
        """Raise Replay with the stored answer, or BadInput when the body was another."""
        if self._key is None:
            return
        row = session.scalar(
            select(IdempotencyRecord).where(
                IdempotencyRecord.caller == self._caller,
                IdempotencyRecord.key == self._key,
                IdempotencyRecord.expires_at > utc_now(),
            )
        )
        if row is None:
            return
        if row.request_hash != self._request_hash:
            problem = FieldError("Idempotency-Key", "was used with another request")
            raise BadInput(
                "The key was used with another request.",
                code="idempotency_key_reused",
                errors=(problem,),
            )
        if row.status is None or row.answer is None:
            raise InFlight("Wait for the first request to end.", retry_after=1)
        raise Replay(row.status, row.answer)

    def keep(self, session: Session, answer: BaseModel, *, status: int) -> None:
        """Store the answer in this transaction."""
        if self._key is None:
            return
        now = utc_now()
        row = IdempotencyRecord(
            caller=self._caller,
            key=self._key,
            request_hash=self._request_hash,
            status=status,
            answer=answer.model_dump(mode="json"),
            lease_until=now,
            expires_at=now + KEEP,
        )
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
        except IntegrityError as raced:  # another replica was first: its answer stands
            raise InFlight("Another request with this key was first.", retry_after=1) from raced

    @contextmanager
    def _holding(self) -> Iterator[None]:
        """At most one request of a key at a time in this process."""
        name = (self._caller, self._key or "")
        with self._lock:
            if name in self._under_way:
                raise InFlight("Wait for the first request to end.", retry_after=1)
            self._under_way.add(name)
        try:
            yield
        finally:
            with self._lock:
                self._under_way.discard(name)


async def _once(
    request: Request,
    response: Response,
    caller: CurrentCaller,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=MAX_KEY_CHARACTERS,
            description="Repeat a POST safely: the same key and body give the stored answer.",
        ),
    ] = None,
) -> Once:
    body = await request.body()
    target = f"{request.method} {request.url.path}?{request.url.query}".encode()
    digest = hashlib.sha256(target + b"\n" + body).hexdigest()
    return Once(str(caller.actor), idempotency_key, digest, response)


OnceDep = Annotated[Once, Depends(_once)]
