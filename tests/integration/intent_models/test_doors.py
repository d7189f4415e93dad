"""Doors of intent models: who may, what the gate lets pass, what is audited, what stays."""

from collections.abc import Callable
from typing import Any

import pytest

from app.db.session import Database
from routing import Thresholds
from tests.fixtures.expectations import eventually, expect_problem
from tests.integration.intent_models.conftest import Desk

DOORS = (
    ("GET", "/v1/models"),
    ("GET", "/v1/models/{live}"),
    ("GET", "/v1/models/shadow/report"),
    ("POST", "/v1/models/{equal}/examine"),
    ("POST", "/v1/models/{equal}/promote"),
    ("POST", "/v1/models/rollback"),
    ("PUT", "/v1/models/shadow"),
    ("DELETE", "/v1/models/shadow"),
)


def test_only_administrators_come_in(sqlite_desk: Desk) -> None:
    """One service for all doors: the CRM key of development has every scope, so it may."""
    names = {"live": sqlite_desk.versions.live, "equal": sqlite_desk.versions.equal}
    for method, template in DOORS:
        path = template.format(**names)
        body = {"version": sqlite_desk.versions.equal} if method == "PUT" else {}
        options: dict[str, Any] = {} if method in ("GET", "DELETE") else {"json": body}
        for caller in (sqlite_desk.agent, sqlite_desk.visitor):
            expect_problem(caller.call(method, path, **options), 403, code="forbidden")
    assert sqlite_desk.live() == sqlite_desk.versions.live


def test_the_list_and_the_facts(sqlite_desk: Desk) -> None:
    found = sqlite_desk.admin.get("/v1/models").json()
    versions = sqlite_desk.versions
    assert {item["version"] for item in found["items"]} == {
        versions.live,
        versions.equal,
        versions.worse,
    }
    assert found["serving"] == found["live"] == versions.live
    assert found["can_roll_back_to"] is None
    assert {item["state"] for item in found["items"]} == {"live", "saved"}

    facts = sqlite_desk.admin.get(f"/v1/models/{versions.equal}").json()
    assert facts["labels"]["en"] == ["balance_inquiry", "card_lost", "greeting"]
    assert set(facts["thresholds"]) == set(Thresholds().as_dict())
    assert all(len(digest) == 64 for digest in facts["files"].values())
    assert facts["gate"] is None
    missing = sqlite_desk.admin.get("/v1/models/../../etc")
    assert missing.status_code == 404
    expect_problem(sqlite_desk.admin.get("/v1/models/nothing"), 404, code="model_not_found")


def test_a_promotion_passes_the_gate_goes_live_and_is_audited(desk: Desk) -> None:
    promoted = desk.admin.post(f"/v1/models/{desk.versions.equal}/promote")
    assert promoted.status_code == 200, promoted.text
    body = promoted.json()
    assert (body["version"], body["previous"]) == (desk.versions.equal, desk.versions.live)
    assert body["gate"]["passed"]
    assert body["gate"]["live"] == desk.versions.live
    assert {check["name"] for check in body["gate"]["checks"]} == {
        "accuracy",
        "macro_f1",
        "calibration",
        "must_not_miss",
        "not_worse_than_live",
    }

    decided = desk.crm.post("/v1/route", {"text": "balance of account number 5"}).json()
    assert decided["model_version"] == desk.versions.equal, "at once in the same process"
    facts = desk.admin.get(f"/v1/models/{desk.versions.equal}").json()
    assert facts["state"] == "live"
    assert facts["gate"] == body["gate"]
    (event,) = desk.audited("model.promoted")
    assert event["subject"] == desk.versions.equal
    assert event["details"]["forced"] is False

    again = desk.admin.post(f"/v1/models/{desk.versions.equal}/promote")
    assert again.json()["previous"] is None
    assert len(desk.audited("model.promoted")) == 1, "nothing changed the second time"


def test_a_worse_model_stays_out_unless_it_is_forced_with_a_reason(desk: Desk) -> None:
    path = f"/v1/models/{desk.versions.worse}/promote"

    problem = expect_problem(desk.admin.post(path), 409, code="gate_refused")
    failed = {error["field"]: error["message"] for error in problem["errors"]}
    assert {"gate.accuracy", "gate.not_worse_than_live"} <= failed.keys()
    assert "lost" in failed["gate.not_worse_than_live"]
    assert desk.live() == desk.versions.live
    (refused,) = desk.audited("model.promotion_refused")
    assert refused["outcome"] == "refused"
    facts = desk.admin.get(f"/v1/models/{desk.versions.worse}").json()
    assert facts["gate"]["passed"] is False, "the report is kept and shown"

    expect_problem(desk.admin.post(path, {"force": True}), 422, field="body")
    forced = desk.admin.post(path, {"force": True, "reason": "Drill: a bad model on purpose."})
    assert forced.json()["forced"] is True
    assert desk.live() == desk.versions.worse
    (event,) = desk.audited("model.promoted")
    assert event["details"]["reason"] == "Drill: a bad model on purpose."
    assert "accuracy" in event["details"]["failed"]

    back = desk.admin.post("/v1/models/rollback", {"reason": "End of the drill."})
    assert back.json()["version"] == desk.versions.live
    assert desk.service.parts.router.classifier.version == desk.versions.live
    assert len(desk.audited("model.rolled_back")) == 1
    expect_problem(desk.admin.post("/v1/models/rollback"), 409, code="no_earlier_model")


def test_a_repeated_request_gets_the_stored_answer(sqlite_desk: Desk) -> None:
    path = f"/v1/models/{sqlite_desk.versions.equal}/promote"
    key = {"Idempotency-Key": "promote-1"}
    first = sqlite_desk.admin.post(path, headers=key)
    sqlite_desk.admin.post("/v1/models/rollback")

    again = sqlite_desk.admin.post(path, headers=key)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert sqlite_desk.live() == sqlite_desk.versions.live, "a repetition promotes nothing"


def test_a_tampered_candidate_is_refused(sqlite_desk: Desk) -> None:
    folder = sqlite_desk.room.registry.folder("intent", sqlite_desk.versions.equal)
    weights = next(folder.glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")

    problem = expect_problem(
        sqlite_desk.admin.post(
            f"/v1/models/{sqlite_desk.versions.equal}/promote", {"force": True, "reason": "Now."}
        ),
        409,
        code="model_damaged",
    )
    assert "SHA-256" in problem["detail"]
    assert sqlite_desk.live() == sqlite_desk.versions.live


def test_the_pointer_is_put_back_when_the_transaction_fails(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = Database.write

    def broken_commit(database: Database) -> Any:
        manager = commits(database)
        session = manager.__enter__()
        monkeypatch.setattr(session, "commit", lambda: (_ for _ in ()).throw(OSError("disk full")))

        class Failing:
            def __enter__(self) -> Any:
                return session

            def __exit__(self, *error: object) -> Any:
                return manager.__exit__(*error)  # type: ignore[arg-type]  # as the with statement does

        return Failing()

    monkeypatch.setattr(Database, "write", broken_commit)
    answer = sqlite_desk.admin.post(f"/v1/models/{sqlite_desk.versions.equal}/promote")
    monkeypatch.undo()

    assert answer.status_code == 500
    assert sqlite_desk.live() == sqlite_desk.versions.live
    assert sqlite_desk.audited("model.promoted") == []


def test_a_golden_set_that_cannot_be_read_promotes_nothing(sqlite_desk: Desk) -> None:
    for path in sqlite_desk.room.golden.glob("*.jsonl"):
        path.write_text("not json", encoding="utf-8")

    expect_problem(
        sqlite_desk.admin.post(f"/v1/models/{sqlite_desk.versions.equal}/promote"),
        409,
        code="golden_set_unusable",
    )
    assert sqlite_desk.live() == sqlite_desk.versions.live


def test_a_promotion_by_another_process_is_followed(sqlite_desk: Desk) -> None:
    sqlite_desk.room.registry.promote("intent", sqlite_desk.versions.equal)

    eventually(
        lambda: sqlite_desk.service.parts.router.classifier.version == sqlite_desk.versions.equal
    )
    ready = sqlite_desk.admin.get("/readyz").text
    assert sqlite_desk.versions.equal in ready
    metrics = sqlite_desk.admin.get("/metrics").text
    assert f'switchboard_intent_model_info{{version="{sqlite_desk.versions.equal}"}} 1.0' in metrics


def test_a_promoted_model_that_breaks_is_refused_and_shown(
    slow_desk: Callable[..., Desk],
) -> None:
    desk = slow_desk(check_seconds=60)
    registry, bad = desk.room.registry, desk.versions.equal
    registry.promote("intent", bad)  # by a process that still saw it whole
    next(registry.folder("intent", bad).glob("*.safetensors")).unlink()

    desk.room.refresh()
    assert desk.service.parts.router.classifier.version == desk.versions.live
    assert desk.crm.post("/v1/route", {"text": "balance of account number 5"}).status_code == 200
    assert f"promoted: {bad}" in desk.admin.get("/readyz").text
