"""The sections of an article that are given as an answer."""

from dataclasses import replace

import pytest

from knowledge_base.asked_for import Asked, asked_for, offers
from knowledge_base.evaluation import GoldenAnswer
from knowledge_base.keyword_index import Bm25Index, KeywordSettings
from knowledge_base.sections import SectionSettings, choose_sections
from knowledge_base.types import Audience, Chunk, Hit

KEYWORDS = Bm25Index.build([["card"]], KeywordSettings())


def _hit(
    heading: str, text: str, *, score: float, ordinal: int = 0, document: str = "en-card"
) -> Hit:
    chunk = Chunk(
        chunk_id=f"{document}:1:{ordinal}",
        document_id=document,
        version=1,
        title="Cards",
        headings=(heading,),
        text=text,
        locale="en",
        audience=Audience.PUBLIC,
        intents=(document,),
    )
    return Hit(chunk, score, dense_score=score)


HOW = _hit("How do I order a card?", "Order it in the app.", score=0.8)
COST = _hit("What does a card cost?", "A card costs €10.", score=0.75, ordinal=1)
OTHER = _hit("What does cash cost?", "Cash costs €2.", score=0.5, ordinal=0, document="en-cash")


def _headings(
    question: str, *hits: Hit, intent: str | None = None, close: float = 0.0
) -> list[str]:
    chosen = choose_sections(
        question, hits, KEYWORDS, intent=intent, settings=SectionSettings(close=close)
    )
    return [section.best.headings[0] for section in chosen]


def test_a_section_that_offers_what_is_asked_for_comes_first() -> None:
    assert _headings("price of a card?", HOW, COST) == ["What does a card cost?"]
    assert _headings("order a card", HOW, COST) == ["How do I order a card?"]


def test_a_close_second_section_of_the_same_article_is_given_too() -> None:
    assert len(_headings("order a card", HOW, COST, close=0.1)) == 2
    assert len(_headings("order a card", HOW, OTHER, close=0.9)) == 1


def test_the_intent_decides_between_articles() -> None:
    questions = _hit("Cards", "a", score=0.5), _hit("Cash", "b", score=0.5, document="en-cash")
    assert _headings("that one", *questions, intent="en-cash") == ["Cash"]


def test_overlapping_chunks_become_one_exact_span() -> None:
    first = _hit("h", "One two. Three four.", score=0.9)
    second = _hit("h", "Three four. Five.", score=0.8, ordinal=1)
    apart = _hit("h", "Quite apart.", score=0.7, ordinal=2)
    (section,) = choose_sections("two", [second, apart, first], KEYWORDS)
    assert [text for _, text in section.pieces] == ["One two. Three four. Five.", "Quite apart."]
    assert section.pieces[1][0].chunk_id == "en-card:1:2"


def test_no_hits_no_sections() -> None:
    assert choose_sections("anything", [], KEYWORDS) == []


@pytest.mark.parametrize(
    ("question", "kind", "text"),
    [
        ("what do you charge, any fees?", Asked.PRICE, "It is free."),
        ("取款手续费是多少", Asked.PRICE, "每次 3 欧元"),
        ("how long does it take", Asked.TIME, "within 5 working days"),
        ("几天到账", Asked.TIME, "3 个工作日"),
        ("why was it refused", Asked.REASON, "because of a limit"),
        ("最多能转多少", Asked.LIMIT, "5,000 欧元"),
    ],
)
def test_kinds_of_questions_are_heard_in_both_languages(
    question: str, kind: Asked, text: str
) -> None:
    assert kind in asked_for(question)
    assert offers(text, frozenset({kind}))
    assert not offers("Ring us on +353 1 555 0100.", frozenset({kind}))


def test_a_golden_fact_is_no_part_of_a_longer_number() -> None:
    golden = GoldenAnswer("?", "fees", (("€4",), ("1.75%", "2%")))
    assert golden.is_stated_in("**€4** and 1.75 %")
    assert not golden.is_stated_in("€40 and 1.75%")
    assert not golden.is_stated_in("€4 and 11.75%")


def test_the_article_whose_first_tag_is_the_intent_goes_before_another_with_the_tag() -> None:
    first, second = (_hit("h", "a", score=0.5, document=name) for name in ("en-a", "en-b"))
    tagged = [
        replace(hit, chunk=replace(hit.chunk, intents=intents))
        for hit, intents in ((first, ("fees", "rates")), (second, ("rates", "fees")))
    ]
    assert choose_sections("x", tagged, KEYWORDS, intent="rates")[0].best.document_id == "en-b"
    assert choose_sections("x", tagged, KEYWORDS, intent="fees")[0].best.document_id == "en-a"
