"""The review queue: duplicates and conflicts, the second person, many at once."""

import pytest

from app.db.decision import DecisionRecord
from app.db.label import LabelRecord
from tests.fixtures.callers import Api
from tests.fixtures.expectations import count_rows, expect_problem
from tests.fixtures.service import Service
from tests.integration.labels.support import audited, correct, decided, queue

REVIEWERS = ("supervisor", "editor", "admin")


def test_reviewers_accept_and_reject(
    service: Service, agent: Api, request: pytest.FixtureRequest
) -> None:
    for who in REVIEWERS:
        _accept_and_reject(service, agent, request.getfixturevalue(who))


def _accept_and_reject(service: Service, agent: Api, reviewer: Api) -> None:
    first = correct(agent, decided(service, "hello robot"), "praise")
    second = correct(agent, decided(service, "hello machine"), "praise")
    accepted = reviewer.post(f"/v1/labels/{first['id']}/accept", {"note": "yes"}).json()
    assert accepted["status"] == "accepted"
    assert accepted["review_note"] == "yes"
    assert accepted["reviewed_by"]["actor"].startswith("staff:")
    rejected = reviewer.post(f"/v1/labels/{second['id']}/reject", {"note": "unclear"}).json()
    assert rejected["status"] == "rejected"
    again = reviewer.post(f"/v1/labels/{second['id']}/accept")
    expect_problem(again, 409, code="label_not_pending")
    assert audited(service, "label.accepted")[-1] == first["id"]
    assert audited(service, "label.rejected")[-1] == second["id"]


def test_nobody_reviews_their_own_word(service: Service, supervisor: Api) -> None:
    label = correct(supervisor, decided(service, "hello"), "praise")
    (item,) = queue(supervisor)
    assert item["reviewable"] is False
    for action in ("accept", "reject"):
        answer = supervisor.post(f"/v1/labels/{label['id']}/{action}")
        expect_problem(answer, 409, code="second_person_required")
    many = supervisor.post("/v1/labels/accept", {"ids": [label["id"]]}).json()
    assert many["skipped"] == [{"id": label["id"], "reason": "second_person_required"}]
    assert count_rows(service, LabelRecord, status="pending") == 1


def test_conflicts_with_training_data_are_shown(service: Service, agent: Api, admin: Api) -> None:
    correct(agent, decided(service, "I want to FREEZE my card!"), "card_lost")
    (item,) = queue(admin)
    assert item["conflict"] == "same"
    against = item["neighbours"][0]
    assert against["source"] == "training"
    assert (against["intent"], against["similarity"]) == ("card_freeze", 1.0)
    assert against["agrees"] is False


def test_near_texts_with_another_label_are_a_near_conflict(
    service: Service, agent: Api, admin: Api
) -> None:
    correct(agent, decided(service, "I lost my card on a train"), "card_freeze")
    (item,) = queue(admin)
    assert item["conflict"] == "near"
    assert item["neighbours"][0]["text"] == "I lost my card on the train"


def test_duplicates_and_conflicts_in_the_store(service: Service, agent: Api, admin: Api) -> None:
    correct(agent, decided(service, "hello my friend"), "praise")
    correct(agent, decided(service, "Hello, my friend!"), "praise")
    correct(agent, decided(service, "hello my friend?"), "goodbye")
    items = {item["text"]: item for item in queue(admin)}
    assert items["Hello, my friend!"]["duplicate"] is True
    assert items["hello my friend"]["conflict"] == "same"
    assert items["hello my friend?"]["conflict"] == "same"
    assert items["hello my friend?"]["duplicate"] is False


def test_chinese_is_compared_by_its_characters(service: Service, agent: Api, admin: Api) -> None:
    correct(agent, decided(service, "我的卡丢了，你好"), "card_freeze")
    correct(agent, decided(service, "我的卡丟了"), "card_freeze")  # traditional
    items = {item["text"]: item for item in queue(admin, language="zh")}
    assert len(items) == 2
    assert items["我的卡丟了"]["conflict"] is not None
    assert items["我的卡丟了"]["neighbours"][0]["text"] == "我的卡丢了"


def test_many_are_accepted_but_not_what_needs_a_look(
    service: Service, agent: Api, admin: Api
) -> None:
    plain = correct(agent, decided(service, "hello, what a lovely bank"), "praise")
    against = correct(agent, decided(service, "I want to freeze my card"), "card_lost")
    body = {"ids": [plain["id"], against["id"], plain["id"], "nowhere"]}
    answer = admin.post("/v1/labels/accept", body).json()
    assert answer["accepted"] == [plain["id"]]
    assert answer["skipped"] == [
        {"id": against["id"], "reason": "label_conflict"},
        {"id": "nowhere", "reason": "label_not_found"},
    ]


def test_what_only_the_context_explains_is_not_accepted_among_many(
    service: Service, agent: Api, admin: Api
) -> None:
    decision = decided(service, "hello, the second one")
    with service.parts.database.write() as session:
        session.get_one(DecisionRecord, decision).reason = "clarified"
    label = correct(agent, decision, "praise")
    (item,) = queue(admin)
    assert item["needs_context"] is True
    answer = admin.post("/v1/labels/accept", {"ids": [label["id"]]}).json()
    assert answer["skipped"] == [{"id": label["id"], "reason": "needs_context"}]
    assert admin.post(f"/v1/labels/{label['id']}/accept").status_code == 200


def test_a_reviewer_takes_a_name_out(service: Service, agent: Api, admin: Api) -> None:
    said = "hello, this is Mary Murphy, you were great"
    label = correct(agent, decided(service, said), "praise")
    edited = "hello, you were great, my card is 4111 1111 1111 1111"
    accepted = admin.post(f"/v1/labels/{label['id']}/accept", {"text": edited}).json()
    assert accepted["text"] == "hello, you were great, my card is [card number ••1111]"
    assert accepted["original_text"] == said
    assert accepted["edited_by"].startswith("staff:")
    assert audited(service, "label.edited") == [label["id"]]


def test_filters_and_pages(service: Service, agent: Api, admin: Api) -> None:
    for text, intent in (("hello one", "praise"), ("hello two", "goodbye"), ("你好", "praise")):
        correct(agent, decided(service, text), intent)
    correct(agent, decided(service, "sing a song"), None)
    assert [item["text"] for item in queue(admin, intent="praise")] == ["你好", "hello one"]
    assert [item["text"] for item in queue(admin, language="zh")] == ["你好"]
    assert [item["text"] for item in queue(admin, intent="out_of_scope")] == ["sing a song"]
    page = admin.get("/v1/labels", params={"limit": 3}).json()
    rest = admin.get("/v1/labels", params={"limit": 3, "after": page["next"]}).json()
    assert len(page["items"]) + len(rest["items"]) == 4
    assert rest["next"] is None
    assert audited(service, "labels.read")
    expect_problem(admin.get("/v1/labels?status=lost"), 422)


def test_the_summary_offers_a_retrain(service: Service, agent: Api, admin: Api) -> None:
    for number, text in enumerate(("hello one", "hello two")):
        before = admin.get("/v1/labels/summary").json()
        assert before["retrain_offered"] is False
        assert before["new_since_last_run"] == number
        label = correct(agent, decided(service, text), "praise")
        admin.post(f"/v1/labels/{label['id']}/accept")
    after = admin.get("/v1/labels/summary").json()
    assert (after["accepted"], after["retrain_offered"]) == (2, True)


DOORS = (
    ("GET", "/v1/labels"),
    ("GET", "/v1/labels/summary"),
    ("POST", "/v1/labels/accept"),
    ("POST", "/v1/labels/some-id/accept"),
    ("POST", "/v1/labels/some-id/reject"),
    ("POST", "/v1/labels/retrain"),
    ("GET", "/v1/labels/runs"),
    ("GET", "/v1/labels/runs/some-id"),
    ("POST", "/v1/labels/suggestions/refresh"),
    ("GET", "/v1/labels/suggestions"),
    ("POST", "/v1/labels/suggestions/some-id/dismiss"),
    ("POST", "/v1/labels/suggestions/some-id/label"),
)
BODIES = {
    "/v1/labels/accept": {"ids": ["x"]},
    "/v1/labels/suggestions/some-id/label": {"intent": "x"},
}


def test_wrong_callers_are_refused(request: pytest.FixtureRequest, service: Service) -> None:
    for who in ("visitor", "customer", "agent", "auditor"):
        api: Api = request.getfixturevalue(who)
        for method, path in DOORS:
            body = BODIES.get(path, {}) if method == "POST" else None
            expect_problem(api.call(method, path, json=body), 403, code="forbidden")


def test_unknown_ids_are_not_found(service: Service, admin: Api) -> None:
    for path, code in (
        ("/v1/labels/nowhere/accept", "label_not_found"),
        ("/v1/labels/nowhere/reject", "label_not_found"),
        ("/v1/labels/suggestions/nowhere/dismiss", "suggestion_not_found"),
    ):
        expect_problem(admin.post(path), 404, code=code)
    answer = admin.post("/v1/labels/suggestions/nowhere/label", {"intent": "card_lost"})
    expect_problem(answer, 404, code="suggestion_not_found")
    expect_problem(admin.get("/v1/labels/runs/nowhere"), 404, code="run_not_found")
