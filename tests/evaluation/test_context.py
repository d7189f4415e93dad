"""Dialogues in their context: floors for the default model."""

from pathlib import Path

import pytest

from models.errors import CheckpointError
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from routing.classifier import load_classifier
from routing.evaluate_context import ContextReport, evaluate_context, load_dialogues
from routing.router import IntentRouter
from routing.taxonomy import load_taxonomy
from routing.train import train

DIALOGUES = Path(__file__).parent / "golden" / "context"
FLOOR = 0.85
MOST_SPLIT = 0.03  # stories with a request at the end hold several sentences

pytestmark = [pytest.mark.evaluation, pytest.mark.slow]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ContextReport:
    from_var = ModelRegistry(Path("var/models")).find_live(KIND)
    try:
        classifier = load_classifier(from_var or train(None, tmp_path_factory.mktemp("models")))
    except CheckpointError:  # made by older code
        classifier = load_classifier(train(None, tmp_path_factory.mktemp("models")))
    router = IntentRouter(load_taxonomy(), classifier)
    single = [
        (row.text, row.language) for row in load_dialogues(DIALOGUES) if row.kind == "negative"
    ]
    found = evaluate_context(router, load_dialogues(DIALOGUES), single)
    classifier.close()
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_dialogues_come_out_as_expected(report: ContextReport, language: str) -> None:
    for group in ("blind", "seen"):
        assert report.figures[f"{language} {group} all"]["share"] >= FLOOR


@pytest.mark.parametrize("language", ["en", "zh"])
def test_single_requests_are_left_whole(report: ContextReport, language: str) -> None:
    assert report.untouched[language]["split"] <= MOST_SPLIT
