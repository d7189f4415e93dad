"""Correcting a decision: what is kept, what supersedes what, and who may."""

import pytest

from app.db.label import LabelRecord
from tests.fixtures.callers import Api
from tests.fixtures.expectations import count_rows, expect_problem
from tests.fixtures.service import Service
from tests.integration.labels.support import audited, correct, decided, queue

NOWHERE = "019237f0-0000-7000-8000-000000000000"


def test_a_correction_is_kept_with_where_it_comes_from(
    service: Service, agent: Api, admin: Api
) -> None:
    decision = decided(service, "I lost my card 4111 1111 1111 1111 today")
    label = correct(agent, decision, "card_freeze", note="wants to freeze it")
    assert label["kind"] == "corrected"
    assert label["status"] == "pending"
    assert label["decided_intent"] == "card_lost"
    (item,) = queue(admin)
    assert item["text"] == "I lost my card [card number ••1111] today"
    assert item["placeholders"] == ["[card number ••1111]"]
    assert item["channel"] == "widget"
    assert item["language"] == "en"
    assert item["model_version"] == service.parts.router.classifier.version
    assert item["intent"] == "card_freeze"
    assert item["reviewable"] is True
    assert audited(service, "label.created") == [label["id"]]


def test_a_decision_can_be_marked_as_right(service: Service, agent: Api) -> None:
    label = correct(agent, decided(service, "I lost my card"), None)
    assert (label["kind"], label["intent"]) == ("confirmed", "card_lost")


def test_right_for_what_is_out_of_scope_means_out_of_scope(service: Service, agent: Api) -> None:
    label = correct(agent, decided(service, "sing me a song"), None)
    assert (label["kind"], label["intent"]) == ("confirmed", "out_of_scope")


def test_saying_the_same_twice_is_one_label(service: Service, agent: Api) -> None:
    decision = decided(service, "hello")
    first = correct(agent, decision, "goodbye")
    assert correct(agent, decision, "goodbye") == first
    assert count_rows(service, LabelRecord, decision_id=decision) == 1
    key = {"Idempotency-Key": "once"}
    again = [
        agent.post(f"/v1/decisions/{decision}/correction", {"intent": "praise"}, headers=key)
        for _ in range(2)
    ]
    assert again[0].json() == again[1].json()
    assert again[1].headers["Idempotency-Replayed"] == "true"


def test_a_later_word_supersedes_visibly(service: Service, agent: Api, supervisor: Api) -> None:
    decision = decided(service, "hello")
    first = correct(agent, decision, "goodbye")
    second = correct(supervisor, decision, "praise")
    history = agent.get(f"/v1/decisions/{decision}/corrections").json()["items"]
    assert [(item["id"], item["status"]) for item in history] == [
        (second["id"], "pending"),
        (first["id"], "superseded"),
    ]
    assert history[1]["superseded_by"] == second["id"]
    assert history[0]["labelled_by"]["name"] == "Sue"
    assert "text" not in history[0]
    assert audited(service, "label.superseded") == [first["id"]]


def test_what_was_accepted_stays_until_the_new_word_is_accepted(
    service: Service, agent: Api, supervisor: Api, admin: Api
) -> None:
    decision = decided(service, "hello there")
    first = correct(agent, decision, "goodbye")
    assert supervisor.post(f"/v1/labels/{first['id']}/accept").status_code == 200
    second = correct(agent, decision, "praise")
    (waiting,) = queue(admin, status="pending")
    assert waiting["conflict"] == "same"
    refused = supervisor.post(f"/v1/labels/{second['id']}/accept")
    expect_problem(refused, 409, code="label_conflict")
    (accepted,) = queue(admin, status="accepted")
    assert accepted["id"] == first["id"]
    body = {"despite_conflict": True}
    assert supervisor.post(f"/v1/labels/{second['id']}/accept", body).status_code == 200
    assert [item["id"] for item in queue(admin, status="accepted")] == [second["id"]]
    (gone,) = queue(admin, status="superseded")
    assert (gone["id"], gone["superseded_by"]) == (first["id"], second["id"])


BAD_BODIES: tuple[tuple[dict[str, object], str], ...] = (
    ({"intent": "no_such_intent"}, "intent"),
    ({}, "body"),
    ({"intent": "card_lost", "right": True}, "body"),
    ({"intent": "card_lost", "who": "me"}, "who"),
    ({"intent": "card lost"}, "intent"),
    ({"right": "yes"}, "right"),
)


def test_a_refusal_names_the_field(service: Service, agent: Api) -> None:
    decision = decided(service, "hello")
    for body, field in BAD_BODIES:
        answer = agent.post(f"/v1/decisions/{decision}/correction", body)
        expect_problem(answer, 422, field=field)
    assert count_rows(service, LabelRecord) == 0


def test_only_decisions_of_conversations(service: Service, agent: Api, crm: Api) -> None:
    alone = crm.post("/v1/route", {"text": "I lost my card"}).json()["decision_id"]
    for decision in (alone, NOWHERE):
        answer = agent.post(f"/v1/decisions/{decision}/correction", {"right": True})
        expect_problem(answer, 404, code="decision_not_found")
        answer = agent.get(f"/v1/decisions/{decision}/corrections")
        expect_problem(answer, 404, code="decision_not_found")


def test_who_may_correct(
    service: Service, request: pytest.FixtureRequest, agent: Api, crm: Api
) -> None:
    decision = decided(service, "hello")
    path = f"/v1/decisions/{decision}"
    for who in ("visitor", "customer", "editor", "auditor"):
        api: Api = request.getfixturevalue(who)
        expect_problem(api.post(f"{path}/correction", {"right": True}), 403, code="forbidden")
        expect_problem(api.get(f"{path}/corrections"), 403, code="forbidden")
    assert correct(crm, decision, "praise")["labelled_by"]["actor"].startswith("key:")
