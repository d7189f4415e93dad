"""Alive, ready, and which part is not."""

import pytest
from sqlalchemy.exc import OperationalError

from app.db.session import Database
from app.health import checks
from tests.fixtures.callers import Api
from tests.fixtures.service import Service


def test_ready_names_each_part(anonymous: Api) -> None:
    answer = anonymous.get("/readyz")
    assert answer.status_code == 200
    found = {item["name"]: item for item in answer.json()["checks"]}
    assert found["database"]["ok"] is True
    assert found["migrations"]["ok"] is True
    assert found["knowledge_index"]["ok"] is True
    assert "no model configured" in found["generation"]["detail"]
    assert found["generation"]["required"] is False


def test_database_that_is_gone_makes_it_not_ready_and_leaves_it_alive(
    anonymous: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_self: Database) -> object:
        raise OperationalError("SELECT 1", {}, Exception("secret-host refused"))

    monkeypatch.setattr(Database, "read", gone)
    answer = anonymous.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert "secret-host" not in answer.text
    assert anonymous.get("/healthz").json() == {"status": "alive"}


def test_part_that_is_not_required_stops_no_traffic(
    anonymous: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_parts: object) -> checks.Check:
        return checks.Check("web", ok=False, detail="run `make web`", is_required=False)

    monkeypatch.setattr(checks, "CHECKS", (missing,))
    answer = anonymous.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


def test_metrics_speak_prometheus_and_name_no_customer(customer: Api, service: Service) -> None:
    conversation = customer.open_conversation()
    customer.say(conversation, "hello")
    text = Api(service).get("/metrics").text
    assert "# TYPE" in text
    assert conversation not in text
    assert "cust-1001" not in text


def test_lost_database_is_a_503_that_shows_nothing(
    anonymous: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_self: Database) -> object:
        raise OperationalError("SELECT 1", {}, Exception("secret-host refused"))

    headers = {"Authorization": f"Bearer {service.credentials['crm_api_key']}"}
    monkeypatch.setattr(Database, "read", gone)
    answer = anonymous.get("/v1/conversations", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer.headers["Retry-After"]
    assert "secret-host" not in answer.text


def test_unexpected_failure_is_a_500_that_shows_nothing(
    crm: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.parts, "router", None)
    answer = crm.post("/v1/route", {"text": "hello"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "NoneType" not in answer.text
    assert answer.json()["request_id"]
