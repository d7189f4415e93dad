"""Golden questions over our articles with the bundled encoder: floors of recall, abstention."""

from pathlib import Path

import pytest

from knowledge_base.evaluate import ENCODERS, FLOORS, ROOT, evaluate_articles, missed_floors
from knowledge_base.evaluation import LocaleReport, load_golden, load_golden_answers
from models.encoder_shelf import BundledEncoders, article_encoder

GOLDEN = Path(__file__).parent / "golden"

pytestmark = [pytest.mark.evaluation, pytest.mark.slow]


@pytest.fixture(scope="module")
def reports() -> dict[str, LocaleReport]:
    return evaluate_articles(
        article_encoder(BundledEncoders(ENCODERS)),
        content=ROOT / "knowledge_base/content",
        golden=GOLDEN,
        utterances=ROOT / "routing/data",
    )


def test_no_figure_is_below_its_floor(reports: dict[str, LocaleReport]) -> None:
    assert missed_floors(reports) == []


@pytest.mark.parametrize("locale", sorted(FLOORS))
def test_every_golden_question_names_an_article_once(locale: str) -> None:
    golden = load_golden(GOLDEN / f"retrieval.{locale}.jsonl")
    articles = {path.stem for path in (ROOT / "knowledge_base/content" / locale).glob("*.md")}
    assert len(golden) >= 120
    assert len({item.question for item in golden}) == len(golden)
    assert {item.slug for item in golden} <= articles


@pytest.mark.parametrize("locale", sorted(FLOORS))
def test_every_golden_answer_stands_in_an_article_of_its_intent(locale: str) -> None:
    golden = load_golden_answers(GOLDEN / f"answers.{locale}.jsonl")
    articles = [
        path.read_text(encoding="utf-8")
        for path in (ROOT / "knowledge_base/content" / locale).glob("*.md")
    ]
    assert len(golden) >= 80
    assert len({item.question for item in golden}) == len(golden)
    for item in golden:
        tagged = [text for text in articles if item.intent in text.split("---")[1]]
        assert any(item.is_stated_in(text) for text in tagged), item.question
