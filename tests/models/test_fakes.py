"""The fakes: deterministic, and without torch."""

import subprocess
import sys

import numpy as np
import pytest

from models.fakes import FixedClassifier, HashingEncoder


def test_vectors_are_unit_length_and_repeatable() -> None:
    vectors = HashingEncoder().encode(["lost card", "我的卡", ""])

    assert vectors.shape == (3, 64)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1])
    assert np.array_equal(vectors, HashingEncoder().encode(["lost card", "我的卡", ""]))


def test_similar_spelling_is_nearer() -> None:
    card, cards, rate = HashingEncoder().encode(["lost card", "lost cards", "exchange rate"])

    assert card @ cards > 0.6 > card @ rate


def test_the_first_keyword_decides() -> None:
    fixed = FixedClassifier({"lost": "card_lost", "余额": "balance_inquiry"})

    lost, balance, nothing = fixed.predict(["I LOST it", "查余额", "hm"], language="en")

    assert lost.ranking[0] == ("card_lost", 0.9)
    assert balance.ranking[0][0] == "balance_inquiry"
    assert sum(share for _, share in lost.ranking) == pytest.approx(1)
    assert nothing.ranking == ()
    assert nothing.out_of_scope_score > 1


def test_fakes_need_no_torch() -> None:
    code = "import sys, models.fakes; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
