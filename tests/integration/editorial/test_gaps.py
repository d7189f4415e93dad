"""What the articles lack, by what customers asked: grouped, masked, bounded, for editors alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.analytics.filters import build_period
from app.auth.caller import Scope
from app.auth.tokens import new_api_key
from app.clock import utc_now
from app.db.credential import ApiKeyRecord
from app.editorial import gaps as gap_rules
from knowledge_base import Answer
from tests.fixtures.callers import Api, widget_api
from tests.fixtures.expectations import expect_problem
from tests.fixtures.service import Service
from tests.integration.editorial.support import COINS, ask, ask_for_coins, audited, rate

GAPS = "/v1/knowledge/gaps"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def read(api: Api, **filters: str) -> dict[str, Any]:
    answer = api.get(GAPS, params=filters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_questions_that_no_article_answers_are_one_gap(service: Service, editor: Api) -> None:
    asked = ask_for_coins(service)
    ask(widget_api(service))  # answered
    report = read(editor)
    (gap,) = report["gaps"]
    assert (gap["size"], gap["unanswered"], gap["low_rated"]) == (3, 3, 0)
    assert (gap["share_unanswered"], gap["share_low_rated"]) == (1.0, 0.0)
    assert gap["lacks"] == {"abstained": 3, "out_of_scope": 0, "rated_down": 0, "low_csat": 0}
    assert {example["conversation_id"] for example in gap["examples"]} == set(asked)
    assert {example["text"] for example in gap["examples"]} == set(COINS)
    assert "coins" in gap["name"]
    assert gap["terms"]
    assert [(one["intent"], one["questions"]) for one in gap["intents"]] == [("exchange_rate", 3)]
    assert gap["intents"][0]["label"]["zh"]
    assert gap["nearest"]["title"] == "Activate your card"
    assert gap["answered_now"] is False
    assert (report["questions"], report["is_cut"], report["left_off"]) == (3, False, 0)
    assert audited(service, "knowledge.gaps_read") == ["knowledge"]


def test_an_answer_that_did_not_help_is_a_gap(service: Service, customer: Api, editor: Api) -> None:
    down, reply = ask(customer)
    rate(customer, down, reply["id"], helpful=False)
    bad, _ = ask(customer)
    customer.post(f"/v1/conversations/{bad}/feedback", {"rating": 2})
    praised, reply = ask(customer)  # the conversation was bad, this answer was not
    rate(customer, praised, reply["id"], helpful=True)
    customer.post(f"/v1/conversations/{praised}/feedback", {"rating": 1})
    fair, _ = ask(customer)
    customer.post(f"/v1/conversations/{fair}/feedback", {"rating": 3})
    (gap,) = read(editor)["gaps"]
    assert (gap["size"], gap["unanswered"], gap["low_rated"]) == (2, 0, 2)
    assert (gap["lacks"]["rated_down"], gap["lacks"]["low_csat"]) == (1, 1)
    assert gap["answered_now"] is True
    assert gap["nearest"]["document_id"] == reply["citations"][0]["document_id"]


def test_languages_are_grouped_apart_and_filtered(
    service: Service, editor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        service.parts.grouping_encoder, "reads_cjk", False
    )  # as the bundled encoder
    ask_for_coins(service)
    for text in ("可以换外币硬币吗", "哪里可以换外币硬币"):
        ask(widget_api(service), text)
    assert {gap["locale"] for gap in read(editor)["gaps"]} == {"en", "zh"}
    assert {gap["locale"] for gap in read(editor, locale="zh")["gaps"]} == {"zh"}


def test_only_the_period_counts(service: Service, editor: Api) -> None:
    ask_for_coins(service)
    before = (utc_now() - timedelta(hours=1)).isoformat()
    assert read(editor, to=before)["gaps"] == []
    assert read(editor, **{"from": before})["questions"] == 3
    expect_problem(editor.get(GAPS, params={"from": before, "to": before}), 422, field="from")


def test_what_is_shown_is_masked(service: Service, visitor: Api, editor: Api) -> None:
    ask_for_coins(service)
    ask(visitor, "deliver foreign coins, charge my card 4111 1111 1111 1111")
    ask(visitor, "deliver foreign coins, answer to emma.byrne@mail.example please")
    shown = editor.get(GAPS).text
    assert "[card number" in shown
    assert "[e-mail]" in shown
    for secret in ("4111 1111", "byrne", "mail.example"):
        assert secret not in shown


def test_other_talk_is_left_out(
    service: Service, editor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = widget_api(service)
    for text in ("tell me about penguins", "do penguins live in Ireland"):
        ask(visitor, text)
    for confidence, size in ((gap_rules.BANKING, 0), (gap_rules.BANKING - 0.01, 2)):
        unsure = Answer(text=None, confidence=confidence)
        monkeypatch.setattr(service.parts.knowledge, "answer", lambda *_, said=unsure, **__: said)
        report = read(editor)
        assert report["off_topic"] == size
        assert sum(gap["size"] for gap in report["gaps"]) == 2 - size


def test_only_so_many_questions_are_looked_at(
    service: Service, editor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_coins(service)
    monkeypatch.setattr(gap_rules, "MOST_QUESTIONS", 2)
    report = read(editor)
    assert (report["questions"], report["is_cut"]) == (2, True)
    shown = {example["text"] for gap in report["gaps"] for example in gap["examples"]}
    assert shown == set(COINS[1:])  # the newest


def test_only_so_many_groups_are_held_against_the_articles(
    service: Service, editor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = widget_api(service)
    for text in ("deliver foreign coins", "rare coins wanted", "sorting old pennies of coins"):
        ask_for_coins(service)
        ask(visitor, text)
    monkeypatch.setattr(gap_rules, "MOST_JUDGED", 1)
    report = read(editor)
    assert len(report["gaps"]) == 1
    assert report["left_off"] > 0


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


def test_reading_questions_takes_two_statements_however_many_there_are(service: Service) -> None:
    ask_for_coins(service)
    with service.parts.database.read() as session:
        engine = session.get_bind().engine
        with counted(engine) as sent:
            found = gap_rules.list_questions(session, build_period(None, None), locale=None)
    assert len(found) == len(COINS)
    assert len([one for one in sent if one.startswith("SELECT")]) == 2


@on_sqlite
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("editor", 200),
        ("supervisor", 200),
        ("admin", 200),
        ("crm", 200),
        ("agent", 403),
        ("auditor", 403),
        ("customer", 403),
        ("anonymous", 401),
    ],
)
def test_gaps_are_for_editors(
    service: Service, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    caller: Api = request.getfixturevalue(who)
    assert caller.get(GAPS).status_code == status


@on_sqlite
def test_a_key_needs_to_read_conversations_for_what_customers_said(service: Service) -> None:
    made = new_api_key()
    scopes = [Scope.KNOWLEDGE_READ.value]
    with service.parts.database.write() as session:
        session.add(
            ApiKeyRecord(
                prefix=made.prefix, secret_hash=made.secret_hash, name="Site", scopes=scopes
            )
        )
    site = Api(service, {"Authorization": f"Bearer {made.whole}"})
    expect_problem(site.get(GAPS), 403)
    assert site.get("/v1/knowledge/coverage").status_code == 200
