"""Golden utterances, written apart from the training data: floors that every model must reach."""

from contextlib import closing
from pathlib import Path

import pytest

from routing.classifier import load_classifier
from routing.dataset import OWN_DATA, find_leaks, load_utterances
from routing.evaluate import EvaluationReport, evaluate
from routing.evaluate_urgent import evaluate_urgent
from routing.gate import GOLDEN
from routing.router import IntentRouter
from routing.taxonomy import load_taxonomy

BLIND = Path(__file__).parent / "golden/routing_blind"
FLOORS = {"en": 0.93, "zh": 0.93}
BLIND_ROUTE_FLOORS = {"en": 0.95, "zh": 0.93}
URGENT = Path(__file__).parent / "golden/urgent_blind"
LEAST_HEARD, MOST_FALSE_ALARMS = 0.97, 0.03  # the aim is 0.99 and 0.01: docs/benchmarks.md
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


def test_no_urgent_utterance_is_trained_on() -> None:
    assert find_leaks(load_utterances(OWN_DATA), load_utterances(URGENT)) == []


@pytest.mark.parametrize("language", sorted(FLOORS))
def test_urgent_messages_bring_a_person_and_others_do_not(
    own_checkpoint: Path, language: str
) -> None:
    classifier = load_classifier(own_checkpoint)
    with closing(classifier):
        router = IntentRouter(load_taxonomy(), classifier)
        found = evaluate_urgent(router, URGENT / f"{language}.jsonl")

    assert found.heard.value >= LEAST_HEARD
    assert found.false_alarms.value <= MOST_FALSE_ALARMS
