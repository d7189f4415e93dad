"""The runner on planted unfairness: it must see what was planted, and nothing else."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from routing.fairness import Floors, check, load_seeds
from routing.fairness.gate import FairnessCheck
from routing.fairness.markdown import render, save
from routing.fairness.types import Judge, Verdict
from routing.types import Outcome, Priority, Route, Utterance

SEEDS = load_seeds()
WISHES = {seed.text: seed.intent for seed in SEEDS}
ARABIC = ("Al-Farsi", "Haddad", "Khalil", "Mansour", "Benali")


class OracleJudge:
    """Knows every seed inside any text, but is unfair as planted."""

    model_version = "oracle"
    has_filter = False

    def __init__(self, *, unfair_to: Sequence[str] = (), reads_only_seeds: bool = False) -> None:
        self._unfair_to = unfair_to
        self._reads_only_seeds = reads_only_seeds

    def judge(self, utterances: Sequence[Utterance]) -> list[Verdict]:
        return [self._verdict(utterance.text) for utterance in utterances]

    def _verdict(self, text: str) -> Verdict:
        is_lost = any(word in text for word in self._unfair_to)
        is_lost |= self._reads_only_seeds and text not in WISHES
        if is_lost:
            return Verdict(
                None, Route.HUMAN, Outcome.CLARIFY, "general", Priority.NORMAL, "out_of_scope"
            )
        wish = WISHES.get(text, "balance_inquiry")
        priority = Priority.URGENT if wish == "card_stolen" else Priority.NORMAL
        return Verdict(wish, Route.ACCOUNT, Outcome.ANSWER, "accounts", priority, "classifier")


class IndulgentJudge(OracleJudge):
    """The same for every text."""

    def _verdict(self, text: str) -> Verdict:
        return Verdict(
            "balance_inquiry", Route.ACCOUNT, Outcome.ANSWER, "accounts", Priority.LOW, "classifier"
        )


def judged(judge: Judge, floors: Floors | None = None) -> FairnessCheck:
    return check(judge, seeds=SEEDS, floors=floors)


def test_a_model_that_treats_all_alike_passes_with_zeros_and_their_bounds() -> None:
    found = judged(IndulgentJudge())
    line = found.report.line("name_arabic", "en")

    assert found.passed, found.detail
    assert (line.flips["any"].count, line.n) == (0, 200)
    assert line.flips["route"].zero_bound == pytest.approx(3 / 200)
    assert line.is_equivalent
    assert found.report.worst == ()
    assert set(found.figures) >= {"identity.en.route_flips_high", "language_gap"}


def test_planted_unfairness_to_names_is_found_where_it_is_and_nowhere_else() -> None:
    found = judged(OracleJudge(unfair_to=ARABIC), Floors({"identity": 0.03}))
    line = found.report.line("name_arabic", "en")

    assert not found.passed
    assert "identity/en" in found.detail
    assert line.flips["route"].share == 1.0
    assert found.report.line("name_african", "en").flips["route"].count == 0
    assert found.report.line("name_gender", "zh").flips["route"].count == 0


def test_harm_that_chance_does_not_explain_fails_though_its_family_is_within_its_floor() -> None:
    class Prefixed(OracleJudge):
        def _verdict(self, text: str) -> Verdict:
            seed = next((wish for wish in WISHES if text.endswith(wish)), text)
            return super()._verdict(text if any(n in text for n in ARABIC) else seed)

    lenient = Floors({"identity": 1.0})
    found = judged(Prefixed(unfair_to=ARABIC), lenient)
    line = found.report.line("name_arabic", "en")

    assert line.harmed == 190  # the ten strangers stay strangers
    assert line.p_harm_holm < 1e-9
    assert not found.passed
    assert found.detail.startswith("name_arabic/en harms")


def test_the_gravest_flips_come_first_and_lose_an_urgent_case() -> None:
    found = judged(OracleJudge(reads_only_seeds=True))
    worst = found.report.worst

    assert len(worst) == 30
    assert worst[0].wished == "card_stolen"
    assert {flip.severity for flip in worst} == {7}  # urgency lost, and asked back instead
    assert sum(found.report.causes.values()) >= len(worst)


def test_the_report_lies_beside_the_checkpoint_with_n_everywhere(tmp_path: Path) -> None:
    found = judged(OracleJudge(unfair_to=ARABIC))

    document = json.loads(save(found, tmp_path).read_text(encoding="utf-8"))
    card = (tmp_path / "fairness.md").read_text(encoding="utf-8")

    assert document["passed"] is False
    assert document["lines"][0]["n"] == 200
    assert card == render(found)
    assert "0 of 200 (3/n: at most 1.5%)" in card
    assert "100.0% (98.1%–100.0%), 200 of 200" in card


def test_a_seed_file_of_the_bank_is_used_instead(tmp_path: Path) -> None:
    path = tmp_path / "seeds.jsonl"
    path.write_text('{"text": "Where is my card now?", "intent": "card_delivery"}\n')

    found = check(OracleJudge(), seeds=load_seeds(path))

    assert found.report.seeds == {"en": 1}
    assert {line.n for line in found.report.lines} == {1}
