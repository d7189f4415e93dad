"""Shadow mode: scored outside the request path, stored in pairs, reported with intervals."""

from collections.abc import Sequence
from datetime import timedelta

from app.clock import utc_now
from app.db.housekeeping import KEEP_SHADOW_DECISIONS, remove_expired
from app.db.shadow import ShadowDecisionRecord
from app.intent_models.shadow import Offered, ShadowScorer
from app.monitoring.metrics import SHADOW_DECISIONS
from routing import Utterance
from tests.fixtures.expectations import count_rows, eventually, expect_problem
from tests.integration.intent_models.conftest import Desk

TEXTS = [f"balance of account number {n}" for n in range(6)] + ["查询余额第3", "银行卡丢了第4"]


def compare(desk: Desk, version: str) -> None:
    set_up = desk.admin.put("/v1/models/shadow", {"version": version})
    assert set_up.json() == {"version": version}
    eventually(lambda: desk.service.parts.shadow.version == version)


def route_all(desk: Desk, texts: Sequence[str]) -> None:
    answered = desk.crm.post("/v1/route/batch", {"texts": list(texts)})
    assert answered.status_code == 200, answered.text
    assert desk.service.parts.shadow.wait_until_idle()


def dropped() -> float:
    return float(SHADOW_DECISIONS.labels(result="dropped")._value.get())


def test_a_shadow_that_agrees_and_one_that_does_not(desk: Desk) -> None:
    expect_problem(desk.admin.get("/v1/models/shadow/report"), 404, code="no_shadow")
    compare(desk, desk.versions.equal)
    route_all(desk, TEXTS)
    alike = desk.admin.get("/v1/models/shadow/report").json()
    assert alike["decisions"] == len(TEXTS)
    assert alike["shadow"] == desk.versions.equal
    assert alike["live"] == desk.versions.live
    assert 0 < alike["agreement_low"] < alike["agreement"] <= alike["agreement_high"] <= 1

    compare(desk, desk.versions.worse)
    route_all(desk, TEXTS)
    report = desk.admin.get("/v1/models/shadow/report").json()
    assert report["decisions"] == len(TEXTS), "each shadow has its own pairs"
    moved = {(move["before"], move["after"]): move for move in report["intents"]}
    balance = moved["balance_inquiry", "greeting"]
    assert balance["count"] == 7
    assert len(balance["examples"]) == 3
    assert moved["card_lost", "balance_inquiry"]["count"] == 1
    assert report["intents_moved"] == 8
    assert report["agreement"] == 0.0
    earlier = desk.admin.get(f"/v1/models/shadow/report?shadow={desk.versions.equal}").json()
    assert earlier == alike

    events = desk.audited("model.shadow_changed")
    assert {event["details"]["now"] for event in events} == {
        desk.versions.equal,
        desk.versions.worse,
    }
    assert desk.admin.call("DELETE", "/v1/models/shadow").json() == {"version": None}
    eventually(lambda: desk.service.parts.shadow.version is None)
    route_all(desk, TEXTS)
    assert count_rows(desk.service, ShadowDecisionRecord) == 2 * len(TEXTS)


def test_a_turn_is_compared_and_its_conversation_can_be_opened(desk: Desk) -> None:
    compare(desk, desk.versions.worse)
    conversation = desk.visitor.open_conversation()
    desk.visitor.say(conversation, "lost my card number 3")
    assert desk.service.parts.shadow.wait_until_idle()

    report = desk.admin.get("/v1/models/shadow/report").json()
    (move,) = report["intents"]
    assert (move["before"], move["after"]) == ("card_lost", "balance_inquiry")
    (example,) = move["examples"]
    assert example["conversation_id"] == conversation
    decisions = desk.crm.get(f"/v1/conversations/{conversation}/decisions").json()["items"]
    assert decisions[0]["id"] == example["decision_id"]


def test_the_live_model_is_no_shadow_and_an_unknown_one_neither(sqlite_desk: Desk) -> None:
    for version, status in ((sqlite_desk.versions.live, 422), ("intent-nothing", 404)):
        answer = sqlite_desk.admin.put("/v1/models/shadow", {"version": version})
        expect_problem(answer, status)
    assert sqlite_desk.room.shadow() is None


def test_a_broken_shadow_costs_no_answer(sqlite_desk: Desk) -> None:
    compare(sqlite_desk, sqlite_desk.versions.equal)
    folder = sqlite_desk.room.registry.folder("intent", sqlite_desk.versions.equal)
    next(folder.glob("*.safetensors")).unlink()

    route_all(sqlite_desk, TEXTS)
    assert count_rows(sqlite_desk.service, ShadowDecisionRecord) == 0
    route_all(sqlite_desk, TEXTS)


def test_what_does_not_fit_is_dropped_and_counted(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.room.registry.set_shadow("intent", desk.versions.equal)
    scorer = ShadowScorer(
        desk.room, desk.service.parts.database, desk.service.settings.routing, max_queued=2
    )
    scorer.version = desk.versions.equal  # set, but nobody takes from the queue
    decision = desk.service.parts.router.route(Utterance(TEXTS[0], "en"))
    before = dropped()

    for number in range(5):
        scorer.offer(Offered(f"decision-{number}", Utterance(TEXTS[0], "en"), decision))
    assert dropped() - before == 3
    scorer.close()


def test_old_pairs_are_pruned(desk: Desk) -> None:
    compare(desk, desk.versions.equal)
    route_all(desk, TEXTS)
    with desk.service.parts.database.write() as session:
        rows = session.query(ShadowDecisionRecord).order_by(ShadowDecisionRecord.id).all()
        for row in rows[:3]:
            row.created_at = utc_now() - KEEP_SHADOW_DECISIONS - timedelta(hours=1)

    assert remove_expired(desk.service.parts.database) >= 3
    assert count_rows(desk.service, ShadowDecisionRecord) == len(TEXTS) - 3


def test_a_shadow_that_is_promoted_ends_its_comparison(sqlite_desk: Desk) -> None:
    versions = sqlite_desk.versions
    compare(sqlite_desk, versions.equal)
    route_all(sqlite_desk, TEXTS)
    sqlite_desk.admin.post(f"/v1/models/{versions.equal}/promote")

    listed = sqlite_desk.admin.get("/v1/models").json()
    assert (listed["live"], listed["shadow"]) == (versions.equal, None)
    pair = f"shadow={versions.equal}&live={versions.live}"
    report = sqlite_desk.admin.get(f"/v1/models/shadow/report?{pair}").json()
    assert report["decisions"] == len(TEXTS), "what was compared can still be read"
