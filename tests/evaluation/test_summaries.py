"""Long documents with the bundled encoder: summaries beat their baselines, facts are read right."""

from pathlib import Path

import pytest

from knowledge_base.evaluate_summaries import ENCODERS, ROOT, evaluate_summaries
from knowledge_base.long_document import read_long_document
from knowledge_base.summaries.golden import GoldenDocument, load_golden_documents
from models.encoder_shelf import BundledEncoders, article_encoder

GOLDEN = Path(__file__).parent / "golden" / "long_documents"
DOCUMENTS = load_golden_documents(GOLDEN, ROOT / "knowledge_base/content")
NAMES = [f"{one.name}.{one.locale}" for one in DOCUMENTS]

pytestmark = [pytest.mark.evaluation, pytest.mark.slow]


def test_no_figure_is_below_its_floor() -> None:
    report = evaluate_summaries(DOCUMENTS, article_encoder(BundledEncoders(ENCODERS)))
    assert report["below"] == []


@pytest.mark.parametrize("golden", DOCUMENTS, ids=NAMES)
def test_every_key_fact_stands_in_a_sentence_of_its_document(golden: GoldenDocument) -> None:
    said = [unit.plain for unit in read_long_document(golden.text).units]
    assert len(golden.key_facts) >= 12
    for fact in golden.key_facts:
        assert any(fact.is_stated_in(sentence) for sentence in said), fact.says
