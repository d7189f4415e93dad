"""Intents and their articles: what is missing comes first, with how its questions fared."""

from typing import Any

import pytest

from routing import Route, load_taxonomy
from tests.fixtures.callers import Api, widget_api
from tests.fixtures.service import Service
from tests.integration.editorial.support import ask, ask_for_coins, publish, rate

COVERAGE = "/v1/knowledge/coverage"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def read(api: Api) -> list[dict[str, Any]]:
    answer = api.get(COVERAGE)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["intents"]
    return found


def test_every_intent_of_the_knowledge_route_is_there(editor: Api) -> None:
    expected = {intent.name for intent in load_taxonomy() if intent.route is Route.KNOWLEDGE}
    assert {item["intent"] for item in read(editor)} == expected


def test_intents_without_an_article_come_first_and_the_most_asked_of_them(
    service: Service, editor: Api
) -> None:
    ask_for_coins(service)
    publish(service, title="Cards abroad", body="Use it anywhere.", intents=["card_abroad"])
    items = read(editor)
    assert items[0]["intent"] == "exchange_rate"
    assert [len(item["missing"]) for item in items] == sorted(
        (len(item["missing"]) for item in items), reverse=True
    )
    by_intent = {item["intent"]: item for item in items}
    assert by_intent["card_abroad"]["missing"] == ["zh"]
    assert by_intent["card_activation"]["missing"] == []
    (article,) = by_intent["card_activation"]["locales"]["zh"]["articles"]
    assert (article["title"], article["version"]) == ("激活银行卡", 1)


def test_questions_are_counted_by_how_they_fared(service: Service, editor: Api) -> None:
    ask_for_coins(service)
    customer = widget_api(service)
    conversation, reply = ask(customer)
    rate(customer, conversation, reply["id"], helpful=False)
    ask(customer)
    ask(customer, "怎样激活新卡？")
    items = {item["intent"]: item for item in read(editor)}
    english = items["card_activation"]["locales"]["en"]
    assert (english["questions"], english["answered"], english["rated_down"]) == (2, 2, 1)
    assert (english["share_answered"], english["share_rated_down"]) == (1.0, 0.5)
    assert items["card_activation"]["locales"]["zh"]["questions"] == 1
    assert items["card_activation"]["questions"] == 3
    coins = items["exchange_rate"]["locales"]["en"]
    assert (coins["questions"], coins["abstained"], coins["answered"]) == (3, 3, 0)


@on_sqlite
@pytest.mark.parametrize(("who", "status"), [("crm", 200), ("agent", 403), ("visitor", 403)])
@pytest.mark.parametrize(
    "path", ["coverage", "health", "documents/1/ratings", "documents/1/source"]
)
def test_reading_is_for_editors(
    service: Service, request: pytest.FixtureRequest, who: str, status: int, path: str
) -> None:
    caller: Api = request.getfixturevalue(who)
    answer = caller.get(f"/v1/knowledge/{path}")
    assert answer.status_code == (404 if status == 200 and "/1/" in path else status)
