"""What counts as heard, as missed and as a false alarm."""

import json
from pathlib import Path

import pytest

from routing import IntentRouter, load_taxonomy
from routing.classifier import fixed_classifier
from routing.errors import DatasetError
from routing.evaluate_urgent import evaluate_urgent, summarise

CASES = [
    {"text": "somebody pinched my purse", "must_not_miss": "card_stolen"},
    {"text": "nobody is left for me", "must_not_miss": "self_harm"},
    {"text": "purse insurance please", "must_not_miss": None, "intent": "insurance"},
    {"text": "what is my balance", "must_not_miss": None, "intent": "balance_inquiry"},
]


@pytest.fixture
def router() -> IntentRouter:
    words = {"purse": "card_stolen", "balance": "balance_inquiry", "left": "account_open"}
    return IntentRouter(load_taxonomy(), fixed_classifier(words))


def test_heard_missed_and_false_alarms_are_counted(router: IntentRouter, tmp_path: Path) -> None:
    path = tmp_path / "en.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in CASES))

    found = evaluate_urgent(router, path)

    assert (found.heard.value, found.heard.n) == (0.5, 2)
    assert found.missed == ["nobody is left for me"]
    assert found.by_intent["card_stolen"].value == 1.0
    assert (found.false_alarms.value, found.alarms) == (0.5, ["purse insurance please"])
    assert "nobody is left for me" in summarise([found])


@pytest.mark.parametrize("content", ["", "no json", '{"intent": "x"}'])
def test_a_file_without_cases_is_refused(
    router: IntentRouter, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "en.jsonl"
    path.write_text(content)

    with pytest.raises(DatasetError, match=r"en\.jsonl"):
        evaluate_urgent(router, path)
