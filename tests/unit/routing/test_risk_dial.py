"""The dial: thresholds that keep a promise, and what is said where nothing can be proven."""

import random
from dataclasses import replace

import pytest

from routing.risk_dial import (
    Dial,
    DialRow,
    build_dial,
    default_thresholds,
    is_answered,
    measure_row,
    thresholds_at,
)
from routing.thresholds import Observation
from routing.types import Thresholds


def draw(count: int, seed: int, strangers: int = 0) -> list[Observation]:
    """A calibrated model: right as often as it is confident; strangers are half-hidden."""
    chance = random.Random(seed)
    found: list[Observation] = []
    for _ in range(count):
        confidence = 1 - chance.random() ** 6 * 0.8
        margin = confidence - (1 - confidence) * chance.random()
        right = chance.random() < confidence
        found.append(Observation(confidence, margin, chance.uniform(0, 1.05), right))
    for _ in range(strangers):
        confidence = chance.uniform(0.2, 0.95)
        score = chance.uniform(0.6, 2.0)
        found.append(Observation(confidence, confidence, score, False, is_stranger=True))
    return found


def row(dial: Dial, promised: float) -> DialRow:
    return next(found for found in dial.rows if found.promised == promised)


@pytest.mark.parametrize("strangers", [0, 300], ids=["in-scope", "with-strangers"])
@pytest.mark.parametrize("promise", [0.02, 0.05])
def test_fresh_text_keeps_the_promise_as_often_as_stated(promise: float, strangers: int) -> None:
    broken = 0
    fresh = draw(20_000, seed=1, strangers=10 * strangers)
    for seed in range(20):
        chosen = row(build_dial(draw(2_000, seed + 10, strangers), seed=seed), promise)
        assert chosen.is_proven
        broken += measure_row(fresh, chosen, confidence=0.9).risk > promise

    # at most 10 % may break; with 20 draws more than 5 would be a one-in-a-hundred accident
    assert broken <= 5


def test_a_looser_promise_answers_more() -> None:
    dial = build_dial(draw(5_000, seed=2, strangers=200))

    coverage = [found.coverage for found in dial.rows]
    assert coverage == sorted(coverage)
    assert coverage[-1] > coverage[0]
    assert all(found.risk <= found.promised for found in dial.rows)


def test_held_out_risk_comes_with_its_exact_interval() -> None:
    chosen = build_dial(draw(3_000, seed=3)).chosen

    assert chosen.risk == chosen.wrong / chosen.answered
    assert chosen.risk_low < chosen.risk < chosen.risk_high
    assert chosen.bound <= chosen.promised


def test_strangers_that_are_answered_count_as_wrong() -> None:
    inside = draw(3_000, seed=4)
    strangers = [Observation(0.97, 0.95, 0.2, False, is_stranger=True)] * 200

    with_them = row(build_dial([*inside, *strangers]), 0.05)

    assert with_them.coverage < row(build_dial(inside), 0.05).coverage
    assert with_them.strangers_answered < 1


def test_a_cut_may_be_tightened_and_never_loosened() -> None:
    inside = [Observation(0.99, 0.98, 0.3, True)] * 2_000
    strangers = [Observation(0.995, 0.99, 0.9, False, is_stranger=True)] * 200
    far = [Observation(0.99, 0.98, 1.2, True)] * 2_000

    chosen = build_dial([*inside, *strangers, *far]).chosen

    assert chosen.thresholds["out_of_scope"] < 0.9
    assert chosen.is_proven
    assert chosen.strangers_answered == 0


def test_too_little_text_proves_nothing_and_says_so() -> None:
    few = draw(60, seed=5)

    dial = build_dial(few, promised=0.01)

    assert not dial.chosen.is_proven
    assert "NOT PROVEN" in dial.summary()
    # then those thresholds are taken whose answers bring most, as without a promise
    assert default_thresholds(dial, few) != Thresholds(**dial.chosen.thresholds)


def test_an_unproven_promise_is_still_kept_where_enough_was_answered() -> None:
    dial = build_dial(draw(3_000, seed=6), promised=0.02)
    unproven = replace(dial.chosen, is_proven=False)
    doubtful = replace(dial, rows=(unproven,))

    assert unproven.answered >= 300
    assert default_thresholds(doubtful, ()) == Thresholds(**unproven.thresholds)
    assert "wished for" not in doubtful.summary()


def test_a_promise_of_ones_own_gets_its_row() -> None:
    dial = build_dial(draw(3_000, seed=6), promised=0.03)

    assert [found.promised for found in dial.rows] == [0.01, 0.02, 0.03, 0.05, 0.1]
    assert dial.chosen.promised == 0.03


@pytest.mark.parametrize(
    ("wish", "row_taken"),
    [(0.02, 0.02), (0.03, 0.02), (0.2, 0.10), (0.001, 0.01)],
    ids=["a-row", "between", "looser-than-all", "stricter-than-all"],
)
def test_the_service_moves_the_dial_without_training(wish: float, row_taken: float) -> None:
    dial = build_dial(draw(3_000, seed=7))

    assert thresholds_at(dial.as_dict(), wish).as_dict() == row(dial, row_taken).thresholds


def test_a_checkpoint_without_a_dial_is_told() -> None:
    with pytest.raises(ValueError, match="no dial"):
        thresholds_at({}, 0.02)


def test_no_observations_fail_nothing() -> None:
    assert not build_dial([]).chosen.is_proven


def test_an_answer_needs_every_threshold() -> None:
    dials = Thresholds(accept=0.8, reject=0.2, margin=0.4, out_of_scope=1.0)

    assert is_answered(Observation(0.8, 0.4, 1.0, True), dials)
    assert not is_answered(Observation(0.79, 0.4, 1.0, True), dials)
    assert not is_answered(Observation(0.8, 0.39, 1.0, True), dials)
    assert not is_answered(Observation(0.8, 0.4, 1.01, True), dials)
