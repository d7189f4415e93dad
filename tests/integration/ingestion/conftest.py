"""The import doors on real databases, the job run by hand, and a web server on localhost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.clock import utc_now
from app.config import DatabaseSettings, OutboundSettings, Settings
from app.db.job import JobRecord
from app.idempotency import Replay
from app.ingestion.endpoints import router as imports
from app.ingestion.service import RUN_IMPORT
from app.knowledge.endpoints import router as knowledge
from app.parts import Parts
from app.problems import install_problem_handlers
from tests.fixtures.web_server import WebServer, serving
from tests.integration.knowledge.conftest import (
    _replay,
    editor,
    key,
    parts,
    second,
    staff,
    widget,
)

__all__ = ["editor", "key", "parts", "second", "staff", "widget"]  # fixtures of the same doors


@pytest.fixture
def web() -> Iterator[WebServer]:
    with serving() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, database_url: str, web: WebServer) -> Settings:
    return Settings(
        _env_file=None,
        environment="test",
        var=tmp_path / "var",
        database=DatabaseSettings(url=database_url),
        outbound=OutboundSettings(private_hosts=("127.0.0.1",), ports=(80, 443, web.port)),
    )


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(imports, prefix="/v1")
    app.include_router(knowledge, prefix="/v1")
    install_problem_handlers(app)
    app.add_exception_handler(Replay, _replay)
    app.state.parts = parts
    with TestClient(app, base_url="https://testserver") as opened:
        yield opened


@pytest.fixture
def work(parts: Parts) -> Callable[[], int]:
    """Run every import that waits, until none does; how many runs there were."""

    def run() -> int:
        runs = 0
        while waiting := _waiting(parts):
            for job_id in waiting:
                parts.runner.run(job_id)
                runs += 1
        return runs

    return run


def _waiting(parts: Parts) -> list[str]:
    with parts.database.read() as session:
        return list(
            session.scalars(
                select(JobRecord.id)
                .where(
                    JobRecord.state == "ready",
                    JobRecord.kind == RUN_IMPORT,
                    JobRecord.run_after <= utc_now(),
                )
                .order_by(JobRecord.id)
            )
        )
