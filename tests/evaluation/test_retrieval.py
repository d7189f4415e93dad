"""Golden questions over our articles with the bundled encoders: floors of every figure."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge_base.evaluate import (
    ENCODERS,
    FLOORS,
    ROOT,
    article_base,
    evaluate_articles,
    missed_floors,
)
from knowledge_base.evaluation import (
    LocaleReport,
    load_golden,
    load_golden_answers,
    load_unanswerable,
)
from knowledge_base.grounding_evaluation import build_cases, measure
from models.encoder_shelf import BundledEncoders, article_encoder

GOLDEN = Path(__file__).parent / "golden"
CONTENT = ROOT / "knowledge_base/content"
LOCALES = pytest.mark.parametrize("locale", sorted(FLOORS))

pytestmark = [pytest.mark.evaluation, pytest.mark.slow]


@pytest.fixture(scope="module")
def reports() -> Iterator[dict[str, LocaleReport]]:
    embedder = article_encoder(BundledEncoders(ENCODERS))
    with article_base(embedder, CONTENT, ROOT / "routing/data") as knowledge_base:
        yield evaluate_articles(knowledge_base, golden=GOLDEN, utterances=ROOT / "routing/data")[0]


def test_no_figure_is_below_its_floor(reports: dict[str, LocaleReport]) -> None:
    assert missed_floors(reports) == []


@LOCALES
def test_corrupted_sentences_are_refused_and_true_ones_kept(locale: str) -> None:
    found = measure(build_cases(CONTENT, locale), None)
    assert found.precision >= 0.96
    assert found.recall >= 0.98


@LOCALES
@pytest.mark.parametrize(("name", "least"), [("retrieval", 120), ("paraphrased", 300)])
def test_every_golden_question_names_an_article_once(name: str, least: int, locale: str) -> None:
    golden = load_golden(GOLDEN / f"{name}.{locale}.jsonl")
    articles = {path.stem for path in (CONTENT / locale).glob("*.md")}
    assert len(golden) >= least
    assert len({item.question for item in golden}) == len(golden)
    assert {item.slug for item in golden} <= articles


@LOCALES
def test_unanswerable_questions_are_near_and_far(locale: str) -> None:
    asked = load_unanswerable(GOLDEN / f"unanswerable.{locale}.jsonl")
    assert len({item.question for item in asked}) == len(asked) >= 300
    assert {item.kind for item in asked} == {"near", "far"}


@LOCALES
def test_every_golden_answer_stands_in_an_article_of_its_intent(locale: str) -> None:
    golden = load_golden_answers(GOLDEN / f"answers.{locale}.jsonl")
    articles = [path.read_text(encoding="utf-8") for path in (CONTENT / locale).glob("*.md")]
    assert len(golden) >= 80
    assert len({item.question for item in golden}) == len(golden)
    for item in golden:
        tagged = [text for text in articles if item.intent in text.split("---")[1]]
        assert any(item.is_stated_in(text) for text in tagged), item.question
