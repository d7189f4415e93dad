"""A stored value of another type: the command and the doors answer, and name the place."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from typer.testing import CliRunner

from app.audit.endpoints import router
from app.audit.signing import load_signer
from app.auth.caller import Integration, Scope
from app.auth.dependencies import current_caller
from app.cli import auditing
from app.config import SecuritySettings, Settings
from app.db.audit_triggers import create_statements, drop_statements
from app.db.session import Database
from app.problems import install_problem_handlers

# the edit that turns the BLOB of SQLite into TEXT; PostgreSQL keeps bytes
EDITS = {
    "sqlite": "replace(payload, 'success', 'failure')",
    "postgresql": "convert_to(replace(convert_from(payload, 'UTF8'), 'success', 'no'), 'UTF8')",
}
REASONS = {
    "sqlite": "payload is not of the type that was stored",
    "postgresql": "payload does not match its authentication code",
}


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    with database.read() as session:
        key = session.info["audit_key"].decode()
    return Settings(var=tmp_path, security=SecuritySettings(audit_key=key))


@pytest.fixture
def doors(database: Database, settings: Settings) -> Iterator[TestClient]:
    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(router, prefix="/v1")
    app.dependency_overrides[current_caller] = lambda: Integration(
        "key-1", "crm", frozenset({Scope.AUDIT_READ})
    )
    app.state.parts = SimpleNamespace(
        database=database, settings=settings, audit_signer=load_signer(settings.var)
    )
    with TestClient(app) as client:
        yield client


@pytest.fixture
def tampered(database: Database, doors: TestClient) -> Iterator[int]:
    """The position of the only event, whose payload was edited by hand."""
    doors.get("/v1/audit/events")
    dialect = database.engine.dialect.name
    with database.engine.begin() as connection:
        for statement in drop_statements(dialect):
            connection.exec_driver_sql(statement)
        edit = f"UPDATE audit_events SET payload = {EDITS[dialect]} RETURNING position"
        position = connection.execute(text(edit)).scalar_one()
    yield int(position)
    with database.engine.begin() as connection:
        for statement in create_statements(dialect):
            connection.exec_driver_sql(statement)


def test_the_command_says_one_sentence(
    database: Database, settings: Settings, tampered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "load_settings", lambda: settings)
    monkeypatch.setattr(auditing, "open_database", lambda _: (database, None))
    result = CliRunner().invoke(auditing.app, ["verify"])
    reason = REASONS[database.engine.dialect.name]
    assert result.exit_code == 1
    assert f"event {tampered} was changed: its {reason}\n" in result.output
    assert "BadPlace" not in result.output


def test_the_doors_answer(database: Database, doors: TestClient, tampered: int) -> None:
    report = doors.post("/v1/audit/verify").json()
    assert not report["ok"]
    reason = REASONS[database.engine.dialect.name]
    assert report["first_bad"] == {
        "kind": "event", "reason": reason, "position": tampered, "block": None,
    }  # fmt: skip
    assert doors.get("/v1/audit/events").status_code == 200
    exported = doors.get("/v1/audit/export")
    assert exported.status_code == 200
    assert '"type":"checkpoint"' in exported.text
