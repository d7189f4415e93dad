"""Doors of the audit trail: who may, what they show, and that every look is recorded."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.audit.endpoints import router
from app.audit.seal import Sealer
from app.audit.signing import load_signer
from app.auth.caller import Caller, Customer, Integration, Role, Scope, Staff
from app.auth.dependencies import current_caller
from app.config import SecuritySettings, Settings
from app.db.session import Database
from app.problems import install_problem_handlers
from tests.fixtures.horizon import wait_for_horizon


@pytest.fixture
def doors(database: Database, tmp_path: Path) -> Iterator[TestClient]:
    """The doors of this feature alone; `log_in` chooses who calls."""
    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(router, prefix="/v1")
    with database.read() as session:
        key = session.info["audit_key"].decode()
    settings = Settings(var=tmp_path, security=SecuritySettings(audit_key=key))
    app.state.parts = SimpleNamespace(
        database=database, settings=settings, audit_signer=load_signer(tmp_path)
    )
    with TestClient(app) as client:
        log_in(client, Integration("key-1", "crm", frozenset({Scope.AUDIT_READ})))
        yield client


def log_in(client: TestClient, caller: Caller) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    app.dependency_overrides[current_caller] = lambda: caller


VISITOR = Customer("session-1", "inbox-1")
AGENT = Staff("staff-1", "Ann", "ann@example.com", Role.AGENT)


def test_every_look_is_recorded_and_pages_go_back_in_time(doors: TestClient) -> None:
    for _ in range(5):
        doors.get("/v1/audit/events", params={"actor": "staff:nobody"})
    first = doors.get("/v1/audit/events", params={"limit": 3}).json()
    positions = [event["position"] for event in first["items"]]
    assert positions == sorted(positions, reverse=True)
    assert first["items"][0]["action"] == "audit.events_read"
    assert first["items"][0]["actor"] == "key:key-1"
    assert first["items"][0]["details"]["filters"]["actor"] == "staff:nobody"
    second = doors.get("/v1/audit/events", params={"after": first["next"], "limit": 200}).json()
    assert len(second["items"]) == 2
    assert second["next"] is None


def test_verification_and_export(doors: TestClient, database: Database, tmp_path: Path) -> None:
    doors.get("/v1/audit/events")
    wait_for_horizon(database)
    Sealer(database, load_signer(tmp_path), tmp_path).run_once()
    assert doors.post("/v1/audit/verify").json() == {
        "ok": True,
        "events": 1,
        "blocks": 1,
        "unsealed": 0,
        "first_bad": None,
    }
    response = doors.get("/v1/audit/export")
    assert response.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in response.text.splitlines()]
    kinds = [line["type"] for line in lines]
    assert kinds == ["event", "block", "event", "event", "checkpoint"]
    assert json.loads(lines[3]["payload"])["action"] == "audit.exported"


@pytest.mark.parametrize(
    "query",
    [{"after": "MTIzYQ"}, {"after": "%"}, {"actor": "\x00"}, {"actor": ""}, {"limit": 0}],
    ids=["cursor-of-letters", "no-cursor", "nul", "empty", "no-limit"],
)
def test_a_bad_question_is_refused(doors: TestClient, query: dict[str, str]) -> None:
    assert doors.get("/v1/audit/events", params=query).status_code == 422


@pytest.mark.parametrize("caller", [VISITOR, AGENT], ids=["visitor", "agent"])
def test_others_may_not(doors: TestClient, caller: Caller) -> None:
    log_in(doors, caller)
    assert doors.get("/v1/audit/events").status_code == 403
    assert doors.get("/v1/audit/export").status_code == 403
    assert doors.post("/v1/audit/verify").status_code == 403
