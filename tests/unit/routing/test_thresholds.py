"""The dials are chosen from held-out observations."""

from routing.thresholds import Observation, choose_thresholds


def seen(confidence: float, *, right: bool, margin: float = 0.9, score: float = 0.0) -> Observation:
    return Observation(confidence, margin, score, right)


def test_accept_rises_until_answers_bring_more_than_they_cost() -> None:
    rows = [seen(0.9, right=True)] * 95 + [seen(0.5, right=n % 2 == 0) for n in range(60)]

    thresholds = choose_thresholds(rows)

    assert 0.5 < thresholds.accept <= 0.9
    assert thresholds.out_of_scope == 1.0
    assert choose_thresholds(rows, wrong_cost=0.5).accept <= 0.5


def test_a_text_that_many_folds_saw_counts_once() -> None:
    stranger = Observation(0.6, 0.5, 0.0, is_correct=False, weight=0.2)

    assert choose_thresholds([seen(0.6, right=True)] * 3 + [stranger] * 5).accept <= 0.6


def test_margin_separates_what_confidence_cannot() -> None:
    rows = [seen(0.6, right=True, margin=0.35)] * 90 + [seen(0.6, right=False, margin=0.12)] * 60

    assert choose_thresholds(rows).margin > 0.12


def test_strangers_beyond_the_cut_do_not_count() -> None:
    rows = [seen(0.3, right=True)] * 50 + [seen(0.9, right=False, score=1.5)] * 50

    assert choose_thresholds(rows).accept <= 0.3


def test_a_hopeless_model_gets_the_most_careful_dials() -> None:
    thresholds = choose_thresholds([seen(0.95, right=False)] * 20)

    assert thresholds.accept >= 0.88
    assert thresholds.margin == 0.4


def test_reject_keeps_what_is_ranked_rightly() -> None:
    rows = [seen(0.1 + n / 1000, right=True) for n in range(800)]

    assert choose_thresholds(rows).reject <= 0.11


def test_without_observations_nothing_fails() -> None:
    assert choose_thresholds([]).reject == 0.2
