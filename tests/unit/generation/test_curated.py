"""Curated answers: the right item, in the customer's language, or an honest offer."""

import pytest

from app.generation import ChatMessage, CuratedGenerator, GenerationRequest
from app.generation.curated import load_answers


@pytest.fixture(scope="module")
def curated() -> CuratedGenerator:
    return CuratedGenerator()


def request(text: str, language: str, intent: str | None = None) -> GenerationRequest:
    return GenerationRequest("r1", (ChatMessage("user", text),), language, intent=intent)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_example_finds_an_answer_of_its_intent(
    curated: CuratedGenerator, language: str
) -> None:
    for item in load_answers(language):
        for example in item.examples:
            assert curated.answer(example, language, intent=item.intent) == item.answer
            assert curated.answer(example, language) == item.answer


@pytest.mark.parametrize(
    ("text", "language", "intent", "part"),
    [
        pytest.param("THANK YOU!!!", "en", None, "welcome", id="case-and-punctuation"),
        pytest.param("thank you so much for that", "en", "thanks", "glad", id="more-words"),
        pytest.param("cheers mate, brilliant", "en", "thanks", "welcome", id="interchangeable"),
        pytest.param("请问你是机器人么？", "zh", "assistant_identity", "不是真人", id="chinese"),
        pytest.param("你好呀", "zh-CN", "greeting", "您好", id="regional-tag"),
    ],
)
def test_near_examples(
    curated: CuratedGenerator, text: str, language: str, intent: str | None, part: str
) -> None:
    assert part in "".join(curated.stream(request(text, language, intent)))


@pytest.mark.parametrize(
    ("text", "language", "part"),
    [
        pytest.param("quantum chromodynamics lattice", "en", "person", id="english"),
        pytest.param("量子色动力学晶格计算", "zh", "转人工", id="chinese"),
        pytest.param("", "en", "person", id="empty"),
        pytest.param("!!! 🙂", "en", "person", id="no-words"),
    ],
)
def test_nothing_fits_offers_topics_and_a_person(
    curated: CuratedGenerator, text: str, language: str, part: str
) -> None:
    assert part in curated.answer(text, language)


def test_the_bank_has_its_own_name() -> None:
    named = CuratedGenerator(bank_name="North Pier Bank")
    assert "North Pier Bank" in named.answer("good morning", "en")
    assert "Lantern" not in named.answer("good morning", "en")
    assert "North Pier Bank" in named.answer("你是谁", "zh")


def test_deltas_are_sentences_and_join_to_the_answer(curated: CuratedGenerator) -> None:
    item = next(a for a in load_answers("en") if a.answer.count(". ") >= 2)
    deltas = list(curated.stream(request(item.examples[0], "en", item.intent)))
    assert len(deltas) >= 3
    assert "".join(deltas) == item.answer


def test_health_says_that_there_is_no_model(curated: CuratedGenerator) -> None:
    assert curated.health().ready
    assert curated.health().detail == "no model configured: curated answers"
