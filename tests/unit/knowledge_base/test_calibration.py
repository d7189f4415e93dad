"""The confidence of an index, fitted to its own examples."""

from pathlib import Path

import numpy as np
import pytest

from knowledge_base import Document, ExampleQuestion, Indexer, LiveKnowledgeBase
from knowledge_base.calibration import fit
from knowledge_base.evidence import Calibration, Signals, confidence
from knowledge_base.types import STRANGE, Abstention
from models.fakes import HashingEncoder
from tests.unit.knowledge_base.support import ARTICLES, build_document, now

THINGS = ("card", "loan", "cheque", "pension", "mortgage", "voucher", "locker", "coin")
WORDS = ("lost", "price", "open", "close", "late", "new", "change", "limit")


def _documents() -> list[Document]:
    return [
        build_document(
            f"en-{thing}",
            f"## About the {thing}\n\nWhoever has a {thing} finds the {thing} here.",
            title=thing,
            intents=(thing,),
        )
        for thing in THINGS
    ]


def _examples() -> list[ExampleQuestion]:
    asked = [ExampleQuestion(f"my {thing} is {word}", thing) for thing in THINGS for word in WORDS]
    strange = [
        ExampleQuestion(f"weather in {word} town number {n}", STRANGE)
        for word in WORDS
        for n in range(5)
    ]
    return asked + strange


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> LiveKnowledgeBase:
    folder = tmp_path_factory.mktemp("index")
    Indexer(folder, HashingEncoder(256), now=now).rebuild(_documents(), _examples())
    return LiveKnowledgeBase(folder, HashingEncoder(256), now=now)


def test_what_the_articles_hold_is_answered_and_the_rest_is_not(base: LiveKnowledgeBase) -> None:
    assert base.answer("my voucher is broken", locale="en").text is not None
    strange = base.answer("weather in Lisbon town", locale="en")
    assert strange.abstention is Abstention.UNSURE
    assert strange.confidence < base.answer("my voucher is broken", locale="en").confidence


def test_no_signal_counts_the_wrong_way_round() -> None:
    chance = np.random.default_rng(0)
    rows = [Signals(*row) for row in chance.random((200, 5))]
    is_right = [row.cosine - row.examples + row.strangers > 0.5 for row in rows]
    weights = fit(rows, is_right).weights
    assert weights.cosine > 0
    assert weights.examples == 0
    assert weights.strangers == 0


def test_with_too_few_examples_the_default_weights_stay() -> None:
    rows = [Signals(0.5, 0.5, 0.5, 0.5, 0.5)] * 10
    calibration = fit(rows, [False] * 10)
    assert calibration.weights == Calibration().weights
    assert confidence(rows[0], calibration) == pytest.approx(0.5, abs=1e-3)
    assert fit([], []) == Calibration()


def test_an_agreeing_intent_makes_surer() -> None:
    found, usual = Signals(0.5, 0.5, 0.3, 0.2, 0.5), Calibration()
    assert confidence(found, usual, intent_agrees=True) > confidence(found, usual)
    assert 0 <= confidence(Signals(-9, -9, 9, 0, 0), usual) < 1e-6


def test_articles_that_disagree_give_no_answer(tmp_path: Path) -> None:
    fee = "## What does a new card cost?\n\nA new card costs €10 when the old one was damaged."
    documents = [
        build_document("en-one", fee, title="New card"),
        build_document("en-two", fee.replace("€10", "€12"), title="New card"),
    ]
    Indexer(tmp_path, HashingEncoder(256), now=now).rebuild([*documents, *ARTICLES])
    base = LiveKnowledgeBase(tmp_path, HashingEncoder(256), now=now)
    answer = base.answer("what does a new card cost when the old one was damaged", locale="en")
    assert answer.abstention is Abstention.CONFLICT
    assert answer.text is None
