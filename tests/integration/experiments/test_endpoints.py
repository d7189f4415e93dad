"""Doors of experiments: the contract's body, every refusal names its field, and who may."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.auth.caller import Caller, Customer, Integration, Role, Scope, Staff
from app.auth.dependencies import current_caller
from app.db.session import Database
from app.experiments.endpoints import router
from app.experiments.schemas import EXAMPLE
from app.problems import install_problem_handlers

PATH = "/v1/experiments/accept-threshold"


@pytest.fixture
def doors(database: Database) -> Iterator[TestClient]:
    """The doors of this feature alone; `log_in` chooses who calls."""
    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(router, prefix="/v1")
    models = SimpleNamespace(versions=lambda: ["intent-known"])
    app.state.parts = SimpleNamespace(database=database, models=models)
    with TestClient(app) as client:
        log_in(client, Integration("key-1", "crm", frozenset({Scope.EXPERIMENTS_WRITE})))
        yield client


def log_in(client: TestClient, caller: Caller) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    app.dependency_overrides[current_caller] = lambda: caller


VISITOR = Customer("session-1", "inbox-1")
AGENT = Staff("staff-1", "Ann", "ann@example.com", Role.AGENT)


def test_from_creation_to_results(doors: TestClient) -> None:
    created = doors.post("/v1/experiments", json=EXAMPLE)
    assert created.status_code == 201
    assert created.json()["variants"] == EXAMPLE["variants"]
    assert doors.post("/v1/experiments", json=EXAMPLE).status_code == 409
    assert doors.post(f"{PATH}/assign", json={"unit": "u"}).status_code == 409
    assert doors.post(f"{PATH}/start").json()["status"] == "running"
    assigned = doors.post(f"{PATH}/assign", json={"unit": "u"}).json()
    assert assigned["variant"] in ("control", "lower")
    assert doors.post(f"{PATH}/assign", json={"unit": "u"}).json() == assigned
    assert doors.get(f"{PATH}/results").json()["verdict"]["status"] == "collecting"
    assert doors.post(f"{PATH}/stop").json()["status"] == "stopped"
    assert doors.post(f"{PATH}/start").status_code == 409


def test_pages_are_newest_first(doors: TestClient) -> None:
    for key in ("first", "second", "third"):
        doors.post("/v1/experiments", json=EXAMPLE | {"key": key})
    page = doors.get("/v1/experiments", params={"limit": 2}).json()
    assert [item["key"] for item in page["items"]] == ["third", "second"]
    rest = doors.get("/v1/experiments", params={"after": page["next"]}).json()
    assert [item["key"] for item in rest["items"]] == ["first"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"variants": EXAMPLE["variants"][:1]}, "variants"),
        ({"variants": [{"key": f"v{n}"} for n in range(11)]}, "variants"),
        ({"variants": [{"key": "a", "weight": 0}, {"key": "b"}]}, "variants.0.weight"),
        ({"variants": [{"key": "a"}, {"key": "a"}]}, "body"),
        (
            {"variants": [{"key": "a"}, {"key": "b", "overrides": {"routing.accept": 2}}]},
            "variants.1.overrides.routing.accept",
        ),
        ({"unit": "message"}, "unit"),
        ({"primary_metric": "happiness"}, "primary_metric"),
        ({"guardrails": ["happiness"]}, "guardrails.0"),
        ({"min_effect": -1}, "min_effect"),
        ({"hypothesis": " "}, "hypothesis"),
        ({"key": "no spaces"}, "key"),
        ({"other": 1}, "other"),
    ],
)
def test_a_refusal_names_the_field(doors: TestClient, change: dict[str, Any], field: str) -> None:
    response = doors.post("/v1/experiments", json=EXAMPLE | change)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("caller", [VISITOR, AGENT], ids=["visitor", "agent"])
def test_others_may_not(doors: TestClient, caller: Caller) -> None:
    log_in(doors, caller)
    assert doors.post("/v1/experiments", json=EXAMPLE).status_code == 403
    assert doors.get("/v1/experiments").status_code == 403
    for path in (PATH, f"{PATH}/results"):
        assert doors.get(path).status_code == 403
    for action in ("start", "stop", "assign"):
        assert doors.post(f"{PATH}/{action}", json={"unit": "u"}).status_code == 403
