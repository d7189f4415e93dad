"""Doors of the numbers: shapes, CSV, and who may look."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.analytics.endpoints import router
from app.auth.caller import Caller, Customer, Integration, Role, Scope, Staff
from app.auth.dependencies import current_caller
from app.db.session import Database
from app.problems import install_problem_handlers

REPORTS = ("summary", "handoffs", "intents", "latency")


@pytest.fixture
def doors(database: Database) -> Iterator[TestClient]:
    """The doors of this feature alone; `log_in` chooses who calls."""
    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(router, prefix="/v1")
    app.state.parts = SimpleNamespace(database=database)
    with TestClient(app) as client:
        log_in(client, Integration("key-1", "crm", frozenset({Scope.ANALYTICS_READ})))
        yield client


def log_in(client: TestClient, caller: Caller) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    app.dependency_overrides[current_caller] = lambda: caller


VISITOR = Customer("session-1", "inbox-1")
AGENT = Staff("staff-1", "Ann", "ann@example.com", Role.AGENT)


def test_every_report_names_its_period(doors: TestClient) -> None:
    query = {"from": "2026-03-01", "to": "2026-03-02T00:00:00Z"}
    for report in REPORTS:
        body = doors.get(f"/v1/analytics/{report}", params=query).json()
        assert body["period"] == {"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z"}


def test_every_report_is_also_csv(doors: TestClient) -> None:
    for report in REPORTS:
        response = doors.get(f"/v1/analytics/{report}", headers={"Accept": "text/csv"})
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        assert response.text.endswith("\r\n")


@pytest.mark.parametrize(
    "query",
    [
        {"from": "soon"},
        {"from": "2026-03-02", "to": "2026-03-01"},
        {"channel": "\x00"},
        {"group_by": "mood"},
        {"to": "9999-12-31T23:59:59-10:00"},
    ],
    ids=["no-moment", "backwards", "nul", "unknown-group", "end-of-the-calendar"],
)
def test_a_bad_question_is_refused(doors: TestClient, query: dict[str, str]) -> None:
    response = doors.get("/v1/analytics/handoffs", params=query)
    assert response.status_code == 422
    assert response.json()["errors"]


@pytest.mark.parametrize("caller", [VISITOR, AGENT], ids=["visitor", "agent"])
def test_others_may_not(doors: TestClient, caller: Caller) -> None:
    log_in(doors, caller)
    for report in REPORTS:
        assert doors.get(f"/v1/analytics/{report}").status_code == 403
