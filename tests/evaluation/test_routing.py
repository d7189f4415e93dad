"""Golden utterances, written apart from the training data: floors that every model must reach."""

from pathlib import Path

import pytest

from routing.dataset import OWN_DATA, find_leaks, load_utterances
from routing.evaluate import EvaluationReport, evaluate
from routing.gate import GOLDEN

BLIND = Path(__file__).parent / "golden/routing_blind"
FLOORS = {"en": 0.93, "zh": 0.93}
BLIND_ROUTE_FLOORS = {"en": 0.95, "zh": 0.93}
LEAST_AREA_UNDER_CURVE = 0.90  # telling in-scope from out-of-scope

pytestmark = [pytest.mark.evaluation, pytest.mark.slow]


@pytest.fixture(scope="module")
def report(own_checkpoint: Path) -> EvaluationReport:
    """The default model on the golden sets."""
    return evaluate(own_checkpoint, GOLDEN)


@pytest.fixture(scope="module")
def blind_report(own_checkpoint: Path) -> EvaluationReport:
    """The same on utterances whose writers saw no training data."""
    return evaluate(own_checkpoint, BLIND)


def test_no_golden_utterance_is_trained_on() -> None:
    assert find_leaks(load_utterances(OWN_DATA), load_utterances(GOLDEN)) == []


@pytest.mark.parametrize("language", sorted(FLOORS))
def test_accuracy_reaches_its_floor(report: EvaluationReport, language: str) -> None:
    assert report.languages[language].accuracy >= FLOORS[language]


def test_no_blind_utterance_is_trained_on() -> None:
    assert find_leaks(load_utterances(OWN_DATA), load_utterances(BLIND)) == []


@pytest.mark.parametrize("language", sorted(BLIND_ROUTE_FLOORS))
def test_blind_utterances_take_the_right_route(
    blind_report: EvaluationReport, language: str
) -> None:
    assert blind_report.languages[language].route_accuracy >= BLIND_ROUTE_FLOORS[language]


@pytest.mark.parametrize("language", sorted(FLOORS))
def test_strange_texts_are_told_apart(report: EvaluationReport, language: str) -> None:
    figures = report.languages[language].out_of_scope
    assert figures["auroc"] >= LEAST_AREA_UNDER_CURVE
