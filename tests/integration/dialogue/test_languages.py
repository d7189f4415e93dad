"""A message in another language, in pinyin, or in traditional characters: HTTP in, HTTP out."""

import pytest

from models.chinese import to_simplified
from routing import Classification, IntentRouter, IntentScore, Thresholds
from tests.fixtures.callers import Api
from tests.fixtures.service import Service

SPANISH = "no puedo entrar en la aplicación"


class TwoCloseIntents:
    """A classifier that is always in doubt between the same two."""

    version = "scripted"
    thresholds = Thresholds()

    def classify(self, texts: list[str], *, language: str) -> list[Classification]:
        ranking = (IntentScore("card_activation", 0.41), IntentScore("card_freeze", 0.39))
        return [Classification(ranking) for _ in texts]


@pytest.fixture
def in_doubt(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    router = IntentRouter(service.parts.router.taxonomy, TwoCloseIntents())  # type: ignore[arg-type]  # lists are sequences
    monkeypatch.setattr(service.parts, "router", router)


@pytest.mark.parametrize(
    ("locale", "words", "person"),
    [("en", "English and Chinese", "Talk to a person"), ("zh", "中文和英文", "转人工客服")],
    ids=["en", "zh"],
)
def test_another_language_is_named_and_ends_with_a_person(
    visitor: Api, locale: str, words: str, person: str
) -> None:
    conversation = visitor.open_conversation(locale=locale)
    for _ in range(2):
        asked = visitor.say(conversation, SPANISH)
        assert asked["decision"]["reason"] == "language:es"
        assert asked["decision"]["outcome"] == "clarify"
        assert words in asked["reply"]["text"]
        assert asked["reply"]["quick_replies"] == [person]
    third = visitor.say(conversation, SPANISH)
    assert third["handoff"]["reason"] == "unclear"


def test_the_offered_person_comes(visitor: Api) -> None:
    conversation = visitor.open_conversation(locale="en")
    asked = visitor.say(conversation, SPANISH)
    answer = visitor.say(conversation, asked["reply"]["quick_replies"][0])
    assert answer["handoff"]["reason"] == "customer_request"


def test_an_integration_sees_the_language(crm: Api) -> None:
    body = {"text": "カードをなくしました", "locale": "en"}
    answer = crm.post("/v1/route", body).json()
    assert (answer["reason"], answer["outcome"], answer["route"]) == (
        "language:ja",
        "clarify",
        "human",
    )
    assert answer["intent"] is None
    assert answer["language"] == "en"


def test_a_rule_hears_pinyin(crm: Api) -> None:
    answer = crm.post("/v1/route", {"text": "wo de qianbao bei tou le", "locale": "en"}).json()
    assert (answer["reason"], answer["language"]) == ("rule:card_stolen", "zh")


@pytest.mark.usefixtures("in_doubt")
def test_traditional_is_answered_in_traditional_and_its_buttons_work(visitor: Api) -> None:
    conversation = visitor.open_conversation(locale="zh")
    asked = visitor.say(conversation, "我張卡有啲問題")
    assert "請問您想諮詢的是" in asked["reply"]["text"]
    assert asked["reply"]["quick_replies"][1:] == ["凍結銀行卡", "轉人工客服"]
    chosen = visitor.say(conversation, asked["reply"]["quick_replies"][1])
    assert chosen["decision"]["reason"] == "clarified"
    assert chosen["decision"]["intent"] == "card_freeze"


@pytest.mark.usefixtures("in_doubt")
def test_simplified_is_answered_in_simplified_again(visitor: Api) -> None:
    conversation = visitor.open_conversation(locale="zh")
    visitor.say(conversation, "我張卡有啲問題")
    again = visitor.say(conversation, "我的卡有问题")
    assert again["reply"]["text"] == to_simplified(again["reply"]["text"])
