"""The gate: each check refuses for its own reason, and the report survives JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from routing import (
    Classification,
    DatasetError,
    IntentRouter,
    IntentScore,
    Taxonomy,
    Thresholds,
    load_taxonomy,
)
from routing.dataset import LabelledUtterance
from routing.gate import CheckResult, Evidence, GateReport, examine
from routing.gate_checks import Floors, default_checks

FLOORS = Floors(accuracy=0.9, macro_f1=0.8, ece=0.2, must_not_miss=0.9, significance=0.05)
INTENTS = ("card_lost", "balance_inquiry", "card_activation")
STOLEN = {"en": "somebody stole my card", "zh": "有人偷了我的银行卡"}


@dataclass
class Scripted:
    """Right except for texts of its list of mistakes; sure of everything."""

    mistakes: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 0.95
    version: str = "intent-candidate"
    thresholds: Thresholds = field(default_factory=Thresholds)

    def classify(self, texts: Sequence[str], *, language: str) -> list[Classification]:
        return [self._see(text) for text in texts]

    def _see(self, text: str) -> Classification:
        truth = text.split("|")[0] if "|" in text else "card_stolen"
        guess = self.mistakes.get(text, truth)
        return Classification((IntentScore(guess, self.confidence), IntentScore("greeting", 0.01)))


def golden_rows() -> list[LabelledUtterance]:
    rows = [
        LabelledUtterance(f"{intent}|{language}|{number}", intent, language)
        for language in ("en", "zh")
        for intent in INTENTS
        for number in range(10)
    ]
    rows += [LabelledUtterance(text, "card_stolen", name) for name, text in STOLEN.items()]
    return [*rows, LabelledUtterance("weather", None, "en")]


GOLDEN = golden_rows()
TAXONOMY = load_taxonomy()


def judge(
    candidate: Scripted,
    live: Scripted | None = None,
    *,
    golden: Sequence[LabelledUtterance] = GOLDEN,
    taxonomy: Taxonomy = TAXONOMY,
) -> GateReport:
    return examine(
        IntentRouter(taxonomy, candidate),
        IntentRouter(taxonomy, live) if live else None,
        golden,
        default_checks(FLOORS),
        created_at="2026-12-01T00:00:00Z",
    )


def wrong(count: int, language: str = "zh") -> dict[str, str]:
    """The first rows of a language taken for something else."""
    texts = [row.text for row in GOLDEN if row.language == language and row.intent in INTENTS]
    return dict.fromkeys(texts[:count], "fees_and_charges" if count else "")


def failed(report: GateReport) -> set[str]:
    return {check.name for check in report.failed}


def test_a_good_candidate_passes_and_the_report_survives_json() -> None:
    report = judge(Scripted(), replace(Scripted(), version="intent-live"))

    assert report.passed
    assert report.rows == {"en": 32, "zh": 31}
    assert report.live == "intent-live"
    again = GateReport.from_dict(json.loads(json.dumps(report.as_dict())))
    assert again.as_dict() == report.as_dict()


def test_one_bad_language_is_not_hidden_by_the_other() -> None:
    report = judge(Scripted(wrong(5)))

    check = next(check for check in report.failed if check.name == "accuracy")
    assert check.detail.startswith("zh 0.8")
    assert check.figures["values"]["all"] > FLOORS.accuracy


def test_an_intent_that_is_never_found_fails_macro_f1() -> None:
    lost = {row.text: "balance_inquiry" for row in GOLDEN if row.intent == "card_lost"}
    assert "macro_f1" in failed(judge(Scripted(lost)))


def test_an_unsure_classifier_that_is_right_is_badly_calibrated() -> None:
    assert failed(judge(Scripted(confidence=0.6))) == {"calibration"}


def test_an_emergency_that_reaches_nobody_is_a_miss() -> None:
    quiet = [
        replace(row, text=f"card_stolen|quiet|{number}")
        for number, row in enumerate(GOLDEN)
        if row.intent == "card_stolen"
    ]
    missed = {row.text: "balance_inquiry" for row in quiet}
    report = judge(Scripted(missed), golden=[*GOLDEN, *quiet])
    assert "must_not_miss" in failed(report), "no rule reads it, and the model misread it"

    by_rule = judge(Scripted(dict.fromkeys(STOLEN.values(), "balance_inquiry")))
    assert "must_not_miss" not in failed(by_rule), "the rule hears what the classifier misread"


def test_a_golden_set_without_emergencies_shows_nothing() -> None:
    report = judge(Scripted(), golden=[row for row in GOLDEN if row.intent != "card_stolen"])
    assert failed(report) == {"must_not_miss"}
    assert "add some" in report.failed[0].detail


def test_a_taxonomy_without_emergencies_demands_none() -> None:
    small = Taxonomy({intent.name: intent for intent in TAXONOMY if intent.name in INTENTS})
    golden = [row for row in GOLDEN if row.intent in INTENTS]
    assert judge(Scripted(), golden=golden, taxonomy=small).passed


@pytest.mark.parametrize(("lost", "is_worse"), [(2, False), (5, False), (6, True)])
def test_worse_than_live_is_told_by_the_same_rows(lost: int, is_worse: bool) -> None:
    candidate = Scripted(wrong(lost, "en"))
    report = judge(candidate, replace(Scripted(), version="intent-live"))

    assert ("not_worse_than_live" in failed(report)) is is_worse
    check = next(check for check in report.checks if check.name == "not_worse_than_live")
    assert check.figures["en"]["only_live_right"] == lost
    assert check.figures["zh"]["p_value"] == 1.0


def test_a_checkpoint_with_labels_of_another_bank_has_everything_wrong() -> None:
    foreign = {row.text: "card_arrival_77" for row in GOLDEN}
    report = judge(Scripted(foreign))
    assert "accuracy" in failed(report)


def test_no_golden_utterance_is_no_evidence() -> None:
    with pytest.raises(DatasetError, match="no evidence"):
        judge(Scripted(), golden=[LabelledUtterance("weather", None, "en")])


def test_a_check_may_bring_texts_of_its_own() -> None:
    class Capitals:
        name = "capitals"

        def judge(self, evidence: Evidence) -> CheckResult:
            texts = [row.text.upper() for row in evidence.golden[:3]]
            seen = evidence.candidate.router.classifier.classify(texts, language="en")
            return CheckResult(self.name, len(seen) == 3, "asked three", {"asked": len(seen)})

    router = IntentRouter(TAXONOMY, Scripted())
    report = examine(router, None, GOLDEN, [*default_checks(FLOORS), Capitals()])
    assert report.checks[-1].name == "capitals"
    assert report.passed
