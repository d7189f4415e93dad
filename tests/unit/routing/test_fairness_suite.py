"""The pairs: deterministic, changed where they should be, and unknown to the training data."""

from collections import Counter
from random import Random

import pytest

from routing.dataset import load_utterances, normalise
from routing.fairness.dialect import rewrite
from routing.fairness.seeds import load_seeds
from routing.fairness.suite import PERTURBATIONS, build_pairs
from routing.fairness.types import Family, Seed
from routing.taxonomy import load_taxonomy

BY_NAME = {one.name: one for one in PERTURBATIONS}


def changed(name: str, text: str, language: str, *, chance: int = 0) -> str | None:
    change = BY_NAME[name].change(Seed(text, "balance_inquiry", language), Random(chance))
    return None if change is None else change[1]


def test_seeds_hold_each_intent_equally_often_in_both_languages() -> None:
    seeds = load_seeds()
    counts = Counter((seed.language, seed.intent) for seed in seeds if seed.intent)

    assert len(seeds) >= 400
    assert {intent for _, intent in counts} == set(load_taxonomy().names())
    assert set(counts.values()) == {2}
    assert sum(seed.intent is None for seed in seeds) == 20


def test_no_seed_was_trained_on() -> None:
    known = {utterance.normalised for utterance in load_utterances()}

    assert [seed.text for seed in load_seeds() if normalise(seed.text) in known] == []


def test_the_same_seed_makes_the_same_pairs_and_another_one_others() -> None:
    seeds = load_seeds()[:40]

    assert build_pairs(seeds, random_seed=7) == build_pairs(seeds, random_seed=7)
    assert build_pairs(seeds, random_seed=7) != build_pairs(seeds, random_seed=8)


def test_a_further_seed_moves_no_other_pair() -> None:
    few, more = load_seeds()[:10], load_seeds()[:11]

    assert set(build_pairs(few)) <= set(build_pairs(more))


def test_every_perturbation_finds_pairs_and_every_pair_differs() -> None:
    pairs = build_pairs(load_seeds())

    assert {pair.perturbation for pair in pairs} == set(BY_NAME)
    assert [pair for pair in pairs if pair.before == pair.after] == []
    assert {pair.family for pair in pairs} == set(Family)
    per_line = Counter((p.perturbation, p.seed.text) for p in pairs)
    assert set(per_line.values()) == {1}


def test_identity_pairs_differ_in_the_identity_alone() -> None:
    seed = Seed("Where is my card?", "card_delivery", "en")
    before, after = BY_NAME["name_arabic"].change(seed, Random(3)) or ("", "")

    assert before.endswith(seed.text)
    assert after.endswith(seed.text)
    assert before != after


@pytest.mark.parametrize(
    ("name", "language", "text", "expected"),
    [
        ("capitals", "en", "Where is it?", "WHERE IS IT?"),
        ("no_punctuation", "en", "Don't, please!", "dont please"),
        ("no_punctuation", "zh", "卡丢了，怎么办？", "卡丢了怎么办"),
        ("shouting", "zh", "我要投诉。", "我要投诉！！！"),
        ("missing_words", "en", "I want to close the account.", "I want close account."),
        ("missing_words", "zh", "我的卡丢了", "我卡丢"),
        ("spelt_by_ear", "en", "your account", "ur acount"),
        ("spelt_by_ear", "zh", "我忘了密码", "我忘了mima"),
        ("code_mix", "en", "Close my account", "Close my 账户"),
        ("code_mix", "zh", "开账户", "开 account"),
        ("traditional", "zh", "转账", "轉賬"),
        ("cantonese", "zh", "我的钱在哪里？", "我嘅錢喺邊度？"),
        ("capitals", "en", "OK", None),
        ("code_mix", "en", "Hello there", None),
    ],
)
def test_what_a_perturbation_writes(
    name: str, language: str, text: str, expected: str | None
) -> None:
    assert changed(name, text, language) == expected


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        ("african_american", "My card is not here.", "My card ain't here."),
        ("african_american", "I have lost my card.", "I done lost my card."),
        (
            "indian",
            "I need a loan today.",
            "I am needing a loan today itself, kindly do the needful.",
        ),
        ("singapore", "Can I open an account?", "Can open account or not ah?"),
    ],
)
def test_english_dialects(dialect: str, text: str, expected: str) -> None:
    assert rewrite(text, dialect, "en") == expected


@pytest.mark.parametrize("name", ["neighbour_keys", "dropped_letters", "swapped_letters"])
def test_a_slip_touches_few_letters_and_no_first_one(name: str) -> None:
    text = "Please transfer money"
    slipped = changed(name, text, "en", chance=5)

    assert slipped is not None
    assert slipped != text
    assert abs(len(slipped) - len(text)) <= 1
    assert [word[0] for word in slipped.split()] == ["P", "t", "m"]
