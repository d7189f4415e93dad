"""Near-duplicates are found and stay on one side of a split."""

import random

from routing.data_report import DataReport
from routing.dataset import LabelledUtterance, split_holdout
from routing.near_duplicates import SIMILAR, find_pairs, join_pairs, shingles
from routing.splitting import find_near_leaks, find_twins

WORDS = ["card", "lost", "money", "transfer", "limit", "fee", "account", "freeze", "cash", "today"]


def sentences(count: int) -> list[str]:
    chance = random.Random(7)
    return [" ".join(chance.choices(WORDS, k=chance.randint(2, 6))) for _ in range(count)]


def test_every_pair_is_found() -> None:
    texts = sentences(250)
    grams = [shingles(text) for text in texts]
    expected = {
        (a, b)
        for a in range(len(texts))
        for b in range(a + 1, len(texts))
        if len(grams[a] & grams[b]) / len(grams[a] | grams[b]) >= SIMILAR
    }

    assert expected
    assert {(a, b) for a, b, _ in find_pairs(texts)} == expected


def test_chinese_is_compared_by_two_characters() -> None:
    pairs = list(
        find_pairs(["请问我的信用卡什么时候到", "请问我的信用卡什么时候到呢", "我要查余额"])
    )

    assert [(a, b) for a, b, _ in pairs] == [(0, 1)]


def test_pairs_join_to_groups() -> None:
    assert join_pairs(5, [(3, 4), (1, 3)]) == [0, 1, 2, 1, 1]


def utterances() -> list[LabelledUtterance]:
    return [
        LabelledUtterance(text, f"intent_{n % 3}", "en")
        for n, text in enumerate(dict.fromkeys(sentences(400)))
    ]


def test_twins_never_straddle_a_split() -> None:
    training, held_out = split_holdout(utterances(), share=0.25, seed=3)

    assert 0.2 < len(held_out) / len(utterances()) < 0.3
    assert find_near_leaks(training, held_out) == []


def test_near_leaks_are_places_in_the_held_out_part() -> None:
    training = [LabelledUtterance("when will my new card arrive", "x", "en")]
    held_out = [
        LabelledUtterance("what is my balance", "y", "en"),
        LabelledUtterance("when will my new card arrive?!", "x", "en"),
    ]

    assert find_near_leaks(training, held_out) == [1]


def test_twins_under_different_intents_are_told_first() -> None:
    report = DataReport("a.csv")
    rows = [("please cancel that transfer", "x"), ("please cancel that transfers", "x")]
    rows += [("please freeze my credit card", "x"), ("please freeze my credit cards", "y")]

    twins = find_twins([LabelledUtterance(t, i, "en") for t, i in rows], report)

    assert len(twins) == 4
    assert report.near_duplicate_pairs == 2
    assert report.near_duplicates[0].is_conflict
