"""Base and labels together: nothing is dropped unsaid, and what is measured is never learnt."""

from app.labels.training_set import (
    FEWEST_TO_HOLD_OUT,
    AcceptedLabel,
    build_training_set,
    text_key,
)
from routing.dataset import LabelledUtterance

BASE = [
    LabelledUtterance("I lost my card", "card_lost", "en"),
    LabelledUtterance("freeze my card", "card_freeze", "en"),
    LabelledUtterance("sing a song", None, "en"),
]
INTENTS = ("card_lost", "card_freeze")


def label(number: int, text: str, intent: str | None) -> AcceptedLabel:
    return AcceptedLabel(str(number), text, intent, "en")


def kinds(*labels: AcceptedLabel, evaluated: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    found = build_training_set(BASE, labels, intents=INTENTS, evaluated=evaluated)
    return [(conflict.kind, conflict.label_id) for conflict in found.conflicts]


def test_new_words_are_added() -> None:
    found = build_training_set(BASE, [label(1, "my card is gone", "card_lost")], intents=INTENTS)
    assert found.learnt == [*BASE, LabelledUtterance("my card is gone", "card_lost", "en")]
    assert (found.label_ids, found.conflicts) == (["1"], [])


def test_a_label_replaces_the_row_it_contradicts_and_says_so() -> None:
    found = build_training_set(BASE, [label(1, "Freeze my card!", "card_lost")], intents=INTENTS)
    assert LabelledUtterance("freeze my card", "card_freeze", "en") not in found.learnt
    assert LabelledUtterance("Freeze my card!", "card_lost", "en") in found.learnt
    (conflict,) = found.conflicts
    assert (conflict.kind, conflict.other_intent) == ("base_replaced", "card_freeze")


def test_out_of_scope_is_a_meaning_like_any_other() -> None:
    found = build_training_set(BASE, [label(1, "freeze my card", None)], intents=INTENTS)
    assert LabelledUtterance("freeze my card", None, "en") in found.learnt
    assert found.conflicts[0].kind == "base_replaced"


def test_what_the_base_says_already_adds_nothing() -> None:
    found = build_training_set(BASE, [label(1, "i lost my card.", "card_lost")], intents=INTENTS)
    assert (found.learnt, found.duplicates, found.label_ids) == (BASE, 1, ["1"])


def test_labels_that_disagree_are_both_left_out() -> None:
    two = (label(1, "stop it", "card_lost"), label(2, "Stop it!", "card_freeze"))
    assert kinds(*two) == [("labels_disagree", "1"), ("labels_disagree", "2")]
    found = build_training_set(BASE, two, intents=INTENTS)
    assert (found.learnt, found.label_ids) == (BASE, [])


def test_an_intent_that_is_gone_is_not_learnt() -> None:
    assert kinds(label(1, "hello", "greeting")) == [("unknown_intent", "1")]


def test_what_is_measured_is_not_learnt() -> None:
    found = kinds(label(1, "My card is gone", "card_lost"), evaluated=("my card is gone",))
    assert found == [("in_evaluation_set", "1")]


def test_the_same_labels_are_kept_aside_in_every_run() -> None:
    many = [label(n, f"my card number {n} is gone", "card_lost") for n in range(200)]
    few = build_training_set(BASE, many[: FEWEST_TO_HOLD_OUT - 1], intents=INTENTS)
    assert few.held_out == []
    first = build_training_set(BASE, many[:100], intents=INTENTS)
    second = build_training_set(BASE, many, intents=INTENTS)
    assert 10 <= len(first.held_out) <= 30
    assert set(first.held_out) <= set(second.held_out)
    assert not set(second.held_out) & set(second.learnt)
    assert len(second.learnt) + len(second.held_out) == len(BASE) + len(many)


def test_a_text_key_ignores_case_width_and_punctuation() -> None:
    assert text_key("Ｆreeze, my CARD!") == text_key("freeze my card")
    assert text_key("冻结我的卡！") == text_key("冻结我的卡")
    assert text_key("freeze my card") != text_key("unfreeze my card")
