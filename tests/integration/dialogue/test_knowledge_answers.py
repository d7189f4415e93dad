"""Answers from articles in a conversation: their citations, follow-ups, and worded by a model."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.config import KnowledgeSettings
from app.generation.client import GenerationRequest, GeneratorHealth
from app.generation.errors import GenerationUnavailable
from tests.fixtures.callers import Api
from tests.fixtures.expectations import thread_of
from tests.fixtures.service import Service

QUESTION = "How do I activate my new card?"


class ScriptedModel:
    """Says what it is told to say, and remembers what it was asked."""

    name = "scripted"

    def __init__(self, words: str | None) -> None:
        self.words = words
        self.asked: list[GenerationRequest] = []

    def stream(self, request: GenerationRequest) -> Iterator[str]:
        self.asked.append(request)
        if self.words is None:
            raise GenerationUnavailable("nobody is there")
        yield self.words

    def health(self) -> GeneratorHealth:
        return GeneratorHealth(ready=True, detail="")

    def close(self) -> None:
        """Nothing to free."""


@pytest.fixture
def model(service: Service, monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    """A model that words answers from articles."""
    model = ScriptedModel(None)
    settings = service.settings.model_copy(update={"knowledge": KnowledgeSettings(phrase=True)})
    monkeypatch.setattr(service.parts, "generator", model)
    monkeypatch.setattr(service.parts, "settings", settings)
    return model


def _ask(customer: Api, text: str, locale: str = "en") -> dict[str, Any]:
    conversation = customer.open_conversation(locale=locale)
    customer.say(conversation, text)
    return thread_of(customer, conversation)[-1]


def test_citations_name_document_version_and_the_text_of_the_chunk(customer: Api) -> None:
    reply = _ask(customer, QUESTION)
    (citation, *_) = reply["citations"]
    assert citation["quote"] in reply["text"]
    assert citation["version"] == 1
    assert len(citation["chunk_hash"]) == 64
    assert reply["generated"] is False


def test_a_model_words_the_answer_and_is_labelled(customer: Api, model: ScriptedModel) -> None:
    model.words = "Your new card is activated by the first payment with PIN."
    reply = _ask(customer, QUESTION)
    assert reply["text"] == model.words
    assert reply["generated"] is True
    assert reply["citations"]
    (request,) = model.asked
    assert "first payment with PIN" in request.messages[0].text
    assert request.messages[-1].text == QUESTION


def test_what_the_article_does_not_say_is_dropped(customer: Api, model: ScriptedModel) -> None:
    supported = "Your new card is activated by the first payment with PIN."
    model.words = f"{supported} Activation costs €5. We guarantee that it works immediately."
    assert _ask(customer, QUESTION)["text"] == supported


def test_when_nothing_is_supported_the_article_speaks(customer: Api, model: ScriptedModel) -> None:
    model.words = "Activation costs €5 and takes three working days."
    reply = _ask(customer, QUESTION)
    assert "first payment with PIN" in reply["text"]
    assert reply["generated"] is False


def test_when_the_model_is_gone_the_article_speaks(customer: Api, model: ScriptedModel) -> None:
    reply = _ask(customer, QUESTION)
    assert model.asked
    assert "first payment with PIN" in reply["text"]
    assert reply["generated"] is False


def test_a_model_that_finds_no_answer_leaves_it_to_a_person(
    customer: Api, model: ScriptedModel
) -> None:
    model.words = "NO ANSWER"
    conversation = customer.open_conversation(locale="en")
    answer = customer.say(conversation, QUESTION)
    assert answer["handoff"]


def test_chinese_is_worded_and_checked_too(customer: Api, model: ScriptedModel) -> None:
    model.words = "第一次凭密码付款即可激活新卡。激活需要支付5欧元。"
    reply = _ask(customer, "怎样激活新卡？", locale="zh")
    assert reply["text"] == "第一次凭密码付款即可激活新卡。"
    assert reply["generated"] is True
