"""The state of the articles: repeated, stale, ending, never cited; by what customers read now."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.clock import utc_now
from app.db.document import DocumentVersionRecord
from app.editorial import health as health_rules
from tests.fixtures.callers import Api, widget_api
from tests.fixtures.expectations import expect_problem
from tests.fixtures.service import ARTICLES, Service
from tests.integration.editorial.support import ask, publish

HEALTH = "/v1/knowledge/health"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FEES = "The account costs four euros a month. Students pay nothing until they are twenty-six."


def read(api: Api, **query: Any) -> dict[str, Any]:
    answer = api.get(HEALTH, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def titles(items: list[dict[str, Any]]) -> list[str]:
    return [item["title"] for item in items]


def test_an_article_that_repeats_another_is_named_with_it(service: Service, editor: Api) -> None:
    copy = ARTICLES[0].body.replace("You can also", "Or")
    publish(service, title="Switch your card on", body=copy)
    publish(service, title="Fees", body=FEES)
    report = read(editor)
    (pair,) = report["near_duplicates"]
    assert set(titles(pair["articles"])) == {"Activate your card", "Switch your card on"}
    assert pair["overlap"] > 0.6
    assert 0 < pair["similarity"] <= 1
    assert report["totals"]["near_duplicates"] == 1
    assert (report["articles"], report["compared"]) == (4, 4)
    assert read(editor, locale="zh")["near_duplicates"] == []


def test_a_language_that_nobody_encodes_is_compared_by_its_words(
    service: Service, editor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.parts.grouping_encoder, "reads_cjk", False)
    publish(service, title="激活新卡", body=ARTICLES[1].body, locale="zh")
    (pair,) = read(editor)["near_duplicates"]
    assert (pair["similarity"], pair["articles"][0]["locale"]) == (None, "zh")


def test_what_is_due_for_review_or_old_is_stale(service: Service, editor: Api) -> None:
    today = utc_now().date()
    publish(service, title="Due", body=FEES, owner="Fees team", review_by=today)
    publish(service, title="Overdue", body=FEES, review_by=today - timedelta(days=90))
    publish(service, title="Later", body=FEES, review_by=today + timedelta(days=1))
    publish(service, title="Old", body=FEES)
    publish(service, title="Old, but named a day", body=FEES, review_by=today + timedelta(days=9))
    long_ago = utc_now() - timedelta(days=200)
    with service.parts.database.write() as session:
        session.execute(
            sa.update(DocumentVersionRecord)
            .where(DocumentVersionRecord.title.startswith("Old"))
            .values(created_at=long_ago)
        )
    stale = read(editor, stale_months=6)["stale"]
    assert [(one["title"], one["reason"]) for one in stale] == [
        ("Overdue", "review_due"),
        ("Due", "review_due"),
        ("Old", "unchanged"),
    ]
    assert (stale[1]["owner"], stale[1]["review_by"]) == ("Fees team", str(today))
    assert titles(read(editor, stale_months=12)["stale"]) == ["Overdue", "Due"]


def test_what_ends_soon_is_told_in_time(service: Service, editor: Api) -> None:
    now = utc_now()
    for days in (20, 5, 40):
        publish(service, title=f"Ends in {days}", body=FEES, expires_at=now + timedelta(days=days))
    publish(service, title="Ended", body=FEES, expires_at=now - timedelta(days=1))
    report = read(editor)
    assert titles(report["expiring"]) == ["Ends in 5", "Ends in 20"]
    assert "Ended" not in titles(report["never_cited"])
    assert titles(read(editor, expiring_days=7)["expiring"]) == ["Ends in 5"]


def test_what_no_reply_cites_is_named(service: Service, editor: Api) -> None:
    publish(service, title="Fees", body=FEES)
    assert len(read(editor)["never_cited"]) == 3
    ask(widget_api(service))
    assert set(titles(read(editor)["never_cited"])) == {"Fees", "激活银行卡"}
    before = (utc_now() - timedelta(hours=1)).isoformat()
    assert len(read(editor, to=before)["never_cited"]) == 3


def test_only_the_newest_articles_are_compared(
    service: Service, editor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(service, title="Copy", body=ARTICLES[0].body)
    publish(service, title="Fees", body=FEES)
    monkeypatch.setattr(health_rules, "MOST_COMPARED", 1)
    report = read(editor)
    assert (report["articles"], report["compared"]) == (4, 2)  # one of each language
    assert report["near_duplicates"] == []


def test_articles_that_state_different_figures_are_shown_together(
    service: Service, editor: Api
) -> None:
    assert read(editor)["conflicts"] == []
    publish(service, title="Fees", body="The monthly fee of the current account is €4.50.")
    publish(service, title="Prices", body="The monthly fee of the current account is €5.00.")
    (conflict,) = read(editor)["conflicts"]
    assert conflict["unit"] == "€"
    assert set(titles(conflict["articles"])) == {"Fees", "Prices"}
    assert sorted(figure for stated in conflict["figures"] for figure in stated) == ["4.5 €", "5 €"]
    assert {"€4.50", "€5.00"} == {quote.split()[-1].rstrip(".") for quote in conflict["quotes"]}
    assert read(editor)["totals"]["conflicts"] == 1


@on_sqlite
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"stale_months": "0"}, "stale_months"),
        ({"stale_months": "121"}, "stale_months"),
        ({"expiring_days": "367"}, "expiring_days"),
        ({"locale": "fr"}, "locale"),
        ({"from": "soon"}, "from"),
    ],
)
def test_a_bad_parameter_is_named(editor: Api, query: dict[str, str], field: str) -> None:
    expect_problem(editor.get(HEALTH, params=query), 422, field=field)
