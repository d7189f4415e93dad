"""Correction, review, retrain, figures, and a model that knows what people said."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.auth.passwords import hash_password
from app.config import LabelSettings
from app.db.people import StaffRecord
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from tests.fixtures.callers import Api, crm_api, staff_api, widget_api
from tests.fixtures.expectations import eventually, expect_problem
from tests.fixtures.service import Service
from tests.fixtures.shared import GENEROUS

pytestmark = pytest.mark.journey

FREEZE = (
    "freeze my {}",
    "please freeze the {} now",
    "block my {} for a while",
    "put my {} on hold",
)
BALANCE = ("balance of my {}", "how much is in my {}", "show the {} balance", "money in the {}")
THINGS = ("card", "debit card", "credit card", "account", "savings account", "second card")


def write_rows(path: Path, rows: list[tuple[str, str]]) -> Path:
    lines = [json.dumps({"text": text, "intent": intent}) for text, intent in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> LabelSettings:
    """Little to learn, little to measure on: a training takes seconds."""
    rows = [
        (sentence.format(thing), intent)
        for sentences, intent in ((FREEZE, "card_freeze"), (BALANCE, "balance_inquiry"))
        for sentence in sentences
        for thing in THINGS
    ]
    measured = [
        ("could you freeze this card", "card_freeze"),
        ("I need a hold on the card", "card_freeze"),
        ("tell me the balance", "balance_inquiry"),
        ("how much money is there", "balance_inquiry"),
    ]
    return LabelSettings(
        base=write_rows(tmp_path / "base.en.jsonl", rows),
        evaluation=write_rows(tmp_path / "measured.en.jsonl", measured),
        offer_after=1,
    )


def test_from_a_correction_to_a_measured_model(
    sqlite_url: str, serve: Callable[..., Service], settings: LabelSettings
) -> None:
    service = serve(sqlite_url, labels=settings, security=GENEROUS)
    reviewer = _supervisor(service)
    said = "hello, stop my plastic from working"
    decision = _decision(service, said)
    agent = staff_api(service, "agent")
    agent.post(f"/v1/decisions/{decision}/correction", {"intent": "card_freeze"})
    # a base row that a person contradicts is replaced, and the run says so
    other = _decision(service, "money in the second card")
    agent.post(f"/v1/decisions/{other}/correction", {"intent": "recent_transactions"})
    items = reviewer.get("/v1/labels").json()["items"]
    for item in items:
        body = {"despite_conflict": item["conflict"] == "same"}
        assert reviewer.post(f"/v1/labels/{item['id']}/accept", body).status_code == 200
    assert reviewer.get("/v1/labels/summary").json()["retrain_offered"] is True
    slices = staff_api(service, "admin").get("/v1/fairness/slices").json()["slices"]
    english = next(one for one in slices if one["key"] == "en")
    assert (english["accuracy"]["n"], english["accuracy"]["share"]) == (2, 0.0)  # both corrected

    first = _retrained(reviewer)
    assert first["state"] == "ready", first["reason"]
    assert first["data"]["labels"] == 2
    (conflict,) = first["data"]["conflicts"]
    assert (conflict["kind"], conflict["other_intent"]) == ("base_replaced", "balance_inquiry")
    assert first["report"]["live_not_measured"] == "no model is live"
    assert first["report"]["sets"]["evaluation"]["all"]["after"]["rows"] == 4
    registry = ModelRegistry(service.settings.var / "models")
    assert registry.list(KIND) == [first["version"]]
    assert registry.find_live(KIND) is None  # registered, never live by itself
    assert reviewer.get("/v1/labels/summary").json()["new_since_last_run"] == 0

    registry.promote(KIND, first["version"])
    second = _retrained(reviewer)
    figures = second["report"]["sets"]["evaluation"]["all"]
    assert second["base_version"] == first["version"]
    assert figures["before"]["accuracy"] == figures["after"]["accuracy"]
    assert (figures["paired"]["won"], figures["paired"]["lost"]) == (0, 0)
    assert not (service.settings.var / "training" / second["id"]).exists()


def test_data_that_cannot_be_learnt_ends_in_a_reason(
    sqlite_url: str, serve: Callable[..., Service], settings: LabelSettings, tmp_path: Path
) -> None:
    one_class = write_rows(tmp_path / "one.en.jsonl", [("freeze my card", "card_freeze")])
    bad = settings.model_copy(update={"base": one_class})
    service = serve(sqlite_url, labels=bad, security=GENEROUS)
    reviewer = _supervisor(service)
    run = _retrained(reviewer)
    assert run["state"] == "failed"
    assert "a router needs at least two" in run["reason"]
    assert run["version"] is None


def test_one_training_at_a_time(
    sqlite_url: str, serve: Callable[..., Service], settings: LabelSettings
) -> None:
    service = serve(sqlite_url, labels=settings, security=GENEROUS)
    reviewer = _supervisor(service)
    run = reviewer.post("/v1/labels/retrain", {}).json()
    eventually(lambda: _run(reviewer, run["id"])["state"] == "training", seconds=30)
    expect_problem(reviewer.post("/v1/labels/retrain", {}), 409, code="training_under_way")


def _supervisor(service: Service) -> Api:
    with service.parts.database.write() as session:
        session.add(
            StaffRecord(
                email="sue@example.com",
                name="Sue",
                role="supervisor",
                password_hash=hash_password("a good password of Sue"),
            )
        )
    service.credentials["Sue"] = {
        "email": "sue@example.com",
        "password": "a good password of Sue",
    }
    return staff_api(service, "Sue")


def _decision(service: Service, text: str) -> str:
    visitor = widget_api(service)
    conversation = visitor.open_conversation()
    visitor.say(conversation, text)
    items = crm_api(service).get(f"/v1/conversations/{conversation}/decisions").json()["items"]
    decision_id: str = items[-1]["id"]
    return decision_id


def _run(api: Api, run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/v1/labels/runs/{run_id}").json()
    return found


def _retrained(api: Api) -> dict[str, Any]:
    asked = api.post("/v1/labels/retrain", {})
    assert asked.status_code == 202, asked.text
    run_id = asked.json()["id"]

    def ended() -> dict[str, Any] | None:
        run = _run(api, run_id)
        return run if run["state"] in ("ready", "refused", "failed") else None

    return eventually(ended, seconds=240)
