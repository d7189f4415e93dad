"""Suggested intents: found in what no intent fitted, dismissed for good, or turned into labels."""

from typing import Any

import pytest

from app.db.label import IntentSuggestionRecord, LabelRecord
from tests.fixtures.callers import Api, widget_api
from tests.fixtures.expectations import count_rows, eventually, expect_problem
from tests.fixtures.service import Service
from tests.integration.labels.support import audited, queue

PARCELS = (
    "can you deliver foreign coins to my home",
    "do you deliver foreign coins home",
    "deliver some foreign coins to my home please",
    "I want foreign coins to be delivered home",
    "will foreign coins be delivered to my home",
)
CRYPTO = ("我想买比特币", "在哪里买比特币", "怎么买比特币", "买比特币可以吗", "请帮我买比特币")


def say_all(service: Service, texts: tuple[str, ...]) -> None:
    visitor = widget_api(service)
    for text in texts:
        visitor.say(visitor.open_conversation(), text)


def find(service: Service, admin: Api, **filters: str) -> list[dict[str, Any]]:
    """Look again, and wait until the job is done."""
    before = len(audited(service, "labels.intents_suggested"))
    assert admin.post("/v1/labels/suggestions/refresh", {"days": 7}).status_code == 202
    eventually(lambda: len(audited(service, "labels.intents_suggested")) > before, seconds=60)
    items: list[dict[str, Any]] = admin.get(
        "/v1/labels/suggestions", params={"status": "open"} | filters
    ).json()["items"]
    return items


def test_a_dismissed_group_stays_dismissed(
    service: Service, admin: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as the bundled encoder: Chinese goes by its characters
    monkeypatch.setattr(service.parts.grouping_encoder, "reads_cjk", False)
    say_all(service, PARCELS)
    say_all(service, CRYPTO)
    found = {item["language"]: item for item in find(service, admin)}
    assert set(found) == {"en", "zh"}
    coins = found["en"]
    assert "coins" in coins["name"] or "foreign" in coins["name"]
    assert "比特币" in found["zh"]["name"]
    assert (coins["size"], len(coins["texts"])) == (5, 5)
    assert coins["nearest_intent"] in ("card_freeze", "card_lost")
    assert coins["trend"] == "rising"
    dismissed = admin.post(f"/v1/labels/suggestions/{coins['id']}/dismiss").json()
    assert dismissed["status"] == "dismissed"
    say_all(service, ("please deliver foreign coins to my home",))
    assert [item["language"] for item in find(service, admin)] == ["zh"]
    (kept,) = find(service, admin, status="dismissed")
    assert (kept["id"], kept["size"]) == (coins["id"], 6)
    assert count_rows(service, IntentSuggestionRecord) == 2
    refused = admin.post(f"/v1/labels/suggestions/{coins['id']}/label", {"intent": "exchange_rate"})
    expect_problem(refused, 409, code="suggestion_closed")


def test_a_group_becomes_labels_for_review(service: Service, admin: Api, supervisor: Api) -> None:
    say_all(service, PARCELS)
    (coins,) = find(service, admin)
    path = f"/v1/labels/suggestions/{coins['id']}/label"
    expect_problem(admin.post(path, {"intent": "no_such_intent"}), 422, field="intent")
    answer = admin.post(path, {"intent": "exchange_rate"}).json()
    assert answer["labels"] == 5
    assert answer["suggestion"]["status"] == "labelled"
    assert {item["kind"] for item in queue(admin)} == {"suggested"}
    assert not any(item["reviewable"] for item in queue(admin))
    ids = [item["id"] for item in queue(supervisor)]
    assert len(supervisor.post("/v1/labels/accept", {"ids": ids}).json()["accepted"]) == 5
    assert count_rows(service, LabelRecord, status="accepted", intent="exchange_rate") == 5
    # what has been named is no longer traffic that no intent fits
    assert find(service, admin) == []
