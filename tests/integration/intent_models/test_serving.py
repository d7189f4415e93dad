"""Serving under pressure: swaps while requests run, a full queue, an arm's own checkpoint."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.dialogue import tasks
from models.types import RankedIntents
from routing import Classification, IntentRouter, IntentScore, Thresholds
from routing.classifier import BatchedClassifier
from routing.errors import RouterOverloaded
from tests.fixtures.expectations import eventually, expect_problem, thread_of
from tests.integration.intent_models.conftest import Desk

BALANCE = "balance of account number 5"
EXPERIMENT: dict[str, Any] = {
    "key": "checkpoint",
    "hypothesis": "The other checkpoint reads customers better.",
    "unit": "customer",
    "primary_metric": "handoff_rate",
}


class SlowRanker:
    """An intent model that takes its time."""

    version = "slow-1"
    thresholds = Thresholds().as_dict()

    def __init__(self) -> None:
        self.may_go_on = threading.Event()

    def predict(self, texts: Sequence[str], *, language: str) -> list[RankedIntents]:
        assert self.may_go_on.wait(20)
        return [RankedIntents((("balance_inquiry", 0.9),), 0.0) for _ in texts]


class BusyClassifier:
    """Full for the first calls, then it answers."""

    version = "busy-1"
    thresholds = Thresholds()

    def __init__(self, refusals: int) -> None:
        self.left = refusals

    def classify(self, texts: Sequence[str], *, language: str) -> list[Classification]:
        if self.left > 0:
            self.left -= 1
            raise RouterOverloaded("full")
        return [Classification((IntentScore("greeting", 0.9),)) for _ in texts]


def use(desk: Desk, classifier: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    router = IntentRouter(desk.room.taxonomy, classifier)
    monkeypatch.setattr(desk.service.parts, "router", router)


def test_no_request_fails_while_checkpoints_are_swapped(sqlite_desk: Desk) -> None:
    is_over = threading.Event()
    registry, versions = sqlite_desk.room.registry, sqlite_desk.versions

    def keep_asking(_: int) -> list[Any]:
        answers: list[Any] = []
        while not is_over.is_set():
            answers.append(
                sqlite_desk.crm.post("/v1/route/batch", {"texts": [BALANCE, "查询余额第3"]})
            )
        return answers

    with ThreadPoolExecutor(6) as pool:
        asking = [pool.submit(keep_asking, number) for number in range(6)]
        for turn in range(12):
            registry.promote("intent", versions.equal if turn % 2 == 0 else versions.live)
            sqlite_desk.room.refresh()
            time.sleep(0.05)
        is_over.set()
        answers = [answer for future in asking for answer in future.result(30)]

    assert {answer.status_code for answer in answers} == {200}
    dials = {
        version: sqlite_desk.room.manifest(version).thresholds
        for version in (versions.live, versions.equal)
    }
    seen = set()
    for answer in answers:
        first, second = answer.json()["items"]
        assert first["model_version"] == second["model_version"]
        assert first["thresholds"] == dials[first["model_version"]]
        seen.add(first["model_version"])
    assert seen == {versions.live, versions.equal}


def test_past_the_bound_a_caller_is_told_when_to_come_back(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranker = SlowRanker()
    classifier = BatchedClassifier(ranker, max_queued=2, max_batch=1)
    use(sqlite_desk, classifier, monkeypatch)
    with ThreadPoolExecutor(8) as pool:
        calls = [
            pool.submit(sqlite_desk.crm.post, "/v1/route", {"text": BALANCE}) for _ in range(8)
        ]
        eventually(lambda: sum(call.done() for call in calls) >= 5)
        batch = sqlite_desk.crm.post("/v1/route/batch", {"texts": [BALANCE] * 3})
        ranker.may_go_on.set()
        answers = [call.result(20) for call in calls]
    classifier.close()

    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(refused) == 5, "one runs, two wait"
    assert sorted({answer.status_code for answer in answers}) == [200, 503]
    for answer in (*refused, batch):
        problem = expect_problem(answer, 503, code="router_overloaded")
        assert int(answer.headers["Retry-After"]) >= 1
        assert "queue" not in problem["detail"]
    assert "switchboard_router_rejections_total" in sqlite_desk.admin.get("/metrics").text


def test_a_turn_that_finds_the_router_full_tries_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "TRY_AGAIN_SECONDS", 0.05)
    use(desk, BusyClassifier(3), monkeypatch)
    conversation = desk.visitor.open_conversation()

    answered = desk.visitor.say(conversation, "hi there")
    assert answered["reply"]["author"] == "assistant"
    assert answered["handoff"] is None
    assert [message["author"] for message in thread_of(desk.visitor, conversation)] == [
        "customer",
        "assistant",
    ]


def test_a_turn_that_finds_the_router_full_for_too_long_ends_with_a_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "TRY_AGAIN_SECONDS", 0.05)
    monkeypatch.setattr(tasks, "OVERLOAD_BUDGET_SECONDS", 0.3)
    use(desk, BusyClassifier(10_000), monkeypatch)
    conversation = desk.visitor.open_conversation()

    answered = desk.visitor.say(conversation, "hi there")
    assert answered["handoff"]["reason"] == "technical"
    seen = desk.visitor.get(f"/v1/conversations/{conversation}").json()
    assert seen["status"] == "open"


def test_an_arm_is_served_by_its_own_checkpoint(desk: Desk) -> None:
    other = desk.versions.equal
    variants = [
        {"key": "control", "weight": 1, "overrides": {}},
        {"key": "other", "weight": 1, "overrides": {"routing.checkpoint": other}},
    ]
    created = desk.crm.post("/v1/experiments", EXPERIMENT | {"variants": variants})
    assert created.status_code == 201, created.text
    assert created.json()["variants"][1]["overrides"] == {"routing.checkpoint": other}
    desk.crm.post("/v1/experiments/checkpoint/start")

    served: dict[str, set[str]] = {}
    for number in range(20):
        answer = desk.crm.post("/v1/route", {"text": BALANCE, "unit": f"unit-{number}"}).json()
        served.setdefault(answer["experiment"]["variant"], set()).add(answer["model_version"])
    assert served == {"control": {desk.versions.live}, "other": {other}}


@pytest.mark.parametrize("value", ["intent-000000000000", 7, ""])
def test_an_arm_names_a_checkpoint_that_exists(sqlite_desk: Desk, value: object) -> None:
    variants = [{"key": "a"}, {"key": "b", "overrides": {"routing.checkpoint": value}}]
    refused = sqlite_desk.crm.post("/v1/experiments", EXPERIMENT | {"variants": variants})
    expect_problem(refused, 422, field="variants.1.overrides.routing.checkpoint")


def test_an_arm_whose_checkpoint_is_gone_does_not_start_and_falls_back_visibly(
    slow_desk: Callable[..., Desk],
) -> None:
    desk = slow_desk(check_seconds=60)
    other = desk.versions.equal
    overrides = {"routing.checkpoint": other}
    variants = [{"key": "a", "overrides": overrides}, {"key": "b", "overrides": overrides}]
    for key in ("running", "draft"):
        made = desk.crm.post("/v1/experiments", EXPERIMENT | {"key": key, "variants": variants})
        assert made.status_code == 201, made.text
    desk.crm.post("/v1/experiments/running/start")
    folder = desk.room.registry.folder("intent", other)
    folder.rename(folder.with_name(".gone"))

    refused = desk.crm.post("/v1/experiments/draft/start")
    expect_problem(refused, 409, code="model_not_found")
    answer = desk.crm.post("/v1/route", {"text": BALANCE, "unit": "somebody"}).json()
    assert answer["experiment"]["key"] == "running"
    assert answer["model_version"] == desk.versions.live, "what was used, not what was wanted"
    assert "switchboard_intent_model_fallbacks_total" in desk.admin.get("/metrics").text
