"""The knowledge doors on real databases, with a hashing encoder and callers of every kind."""

import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.auth.caller import Scope
from app.auth.csrf import csrf_token_for
from app.auth.dependencies import CSRF_HEADER, STAFF_COOKIE
from app.auth.tokens import STAFF_PREFIX, WIDGET_PREFIX, hash_token, new_api_key, new_token
from app.clock import utc_now
from app.config import DatabaseSettings, Settings
from app.db.credential import (
    ApiKeyRecord,
    InboxRecord,
    StaffSessionRecord,
    WidgetSessionRecord,
)
from app.db.job import JobRecord
from app.db.people import CustomerRecord, StaffRecord
from app.db.session import Database
from app.files import FileStore
from app.idempotency import Replay
from app.jobs.runner import JobRunner
from app.knowledge import tasks  # noqa: F401 - registers the job
from app.knowledge.endpoints import router
from app.knowledge.service import REINDEX
from app.parts import Parts
from app.problems import install_problem_handlers
from app.rate_limits import Limiter
from knowledge_base import LiveKnowledgeBase
from models.fakes import HashingEncoder

Headers = dict[str, str]
READ, WRITE = Scope.KNOWLEDGE_READ, Scope.KNOWLEDGE_WRITE


class MovableClock:
    """Stands still until a test moves it; begins now."""

    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> datetime:
        """Move on by days, hours, microseconds; the new moment."""
        self.now += timedelta(**span)
        return self.now


def knowledge_now() -> datetime:
    """What the index takes for now: the same as the rest of the knowledge base."""
    now: datetime = sys.modules["app.knowledge.lookup"].utc_now()
    return now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MovableClock:
    """Time of the knowledge base alone: sessions, keys and audit keep the real one."""
    made = MovableClock()
    for name, module in list(sys.modules.items()):
        if name.startswith("app.knowledge.") and hasattr(module, "utc_now"):
            monkeypatch.setattr(module, "utc_now", made)
    return made


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    url = DatabaseSettings(url=database_url)
    return Settings(_env_file=None, environment="test", var=tmp_path / "var", database=url)


@pytest.fixture
def parts(settings: Settings, database: Database) -> Parts:
    nothing: Any = None  # what these doors never touch
    encoder = HashingEncoder(256)
    runner = JobRunner(database, lease_seconds=30, seed=1)
    made = Parts(
        settings=settings,
        database=database,
        router=nothing,
        saved_router=nothing,
        knowledge=LiveKnowledgeBase(
            settings.var / "knowledge", encoder, now=knowledge_now, check_every_s=3600
        ),
        generator=nothing,
        bank=nothing,
        account_reader=nothing,
        code_sender=nothing,
        job_queue=nothing,
        runner=runner,
        files=FileStore(settings.files_url),
        encoder=encoder,
        grouping_encoder=encoder,
        bus=nothing,
        limiter=Limiter(settings),
        audit_signer=nothing,
        models=nothing,
        shadow=nothing,
    )
    runner.parts = made
    return made


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(router, prefix="/v1")
    install_problem_handlers(app)
    app.add_exception_handler(Replay, _replay)
    app.state.parts = parts
    with TestClient(app, base_url="https://testserver") as opened:
        yield opened


@pytest.fixture
def key(database: Database) -> Callable[..., Headers]:
    """Headers of a new integration with these scopes."""

    def make(*scopes: Scope) -> Headers:
        made = new_api_key()
        with database.write() as session:
            session.add(
                ApiKeyRecord(
                    prefix=made.prefix,
                    secret_hash=made.secret_hash,
                    name="CRM",
                    scopes=[scope.value for scope in scopes],
                )
            )
        return {"Authorization": f"Bearer {made.whole}"}

    return make


@pytest.fixture
def staff(database: Database, settings: Settings) -> Callable[[str], Headers]:
    """Headers of a new member of staff in this role, signed in to the console."""

    def make(role: str) -> Headers:
        token, now = new_token(STAFF_PREFIX), utc_now()
        with database.write() as session:
            person = StaffRecord(
                email=f"{token[-12:]}@example.com", name="Emma", role=role, password_hash="-"
            )
            session.add(person)
            session.flush()
            session.add(
                StaffSessionRecord(
                    token_hash=hash_token(token),
                    staff_id=person.id,
                    expires_at=now + timedelta(hours=1),
                    last_seen_at=now,
                )
            )
        return {
            "Cookie": f"{STAFF_COOKIE}={token}",
            CSRF_HEADER: csrf_token_for(settings, token),
        }

    return make


@pytest.fixture
def widget(database: Database) -> Callable[[str | None], Headers]:
    """Headers of a widget session; of a known customer where a reference is given."""

    def make(external_id: str | None) -> Headers:
        token = new_token(WIDGET_PREFIX)
        with database.write() as session:
            inbox = InboxRecord(name="Website", secret="-")
            session.add(inbox)
            customer = CustomerRecord(external_id=external_id) if external_id else None
            if customer is not None:
                session.add(customer)
            session.flush()
            session.add(
                WidgetSessionRecord(
                    token_hash=hash_token(token),
                    inbox_id=inbox.id,
                    customer_id=customer.id if customer else None,
                    expires_at=utc_now() + timedelta(hours=1),
                )
            )
        return {"Authorization": f"Bearer {token}"}

    return make


@pytest.fixture
def editor(staff: Callable[[str], Headers]) -> Headers:
    return staff("editor")


@pytest.fixture
def second(staff: Callable[[str], Headers]) -> Headers:
    """Another editor than the first."""
    return staff("editor")


@pytest.fixture
def work(parts: Parts) -> Callable[[], int]:
    """Run every job that waits; how many there were."""

    def run() -> int:
        with parts.database.read() as session:
            ids = session.scalars(
                select(JobRecord.id).where(JobRecord.state == "ready", JobRecord.kind == REINDEX)
            ).all()
        for job_id in ids:
            parts.runner.run(job_id)
        return len(ids)

    return run


def _replay(_request: object, stored: Exception) -> JSONResponse:
    replay = cast("Replay", stored)
    return JSONResponse(replay.answer, status_code=replay.status)
