"""Nearly the same text is found, in words or in meaning; different ones are left alone."""

from pathlib import Path

import numpy as np
import pytest

from app.editorial.duplicates import find_alike, overlaps
from knowledge_base import Document, load_folder

CARDS = (
    "Your new card is activated by the first payment with PIN. You can also activate it in the "
    "app under Cards. Ring us when neither works."
)
SHORTER = "Your new card is activated by the first payment with PIN. Ring us when neither works."
FEES = "The account costs four euros a month. Students pay nothing until they are twenty-six."
CARDS_ZH = "第一次凭密码付款即可激活新卡。也可以在手机应用的“银行卡”中激活。"
CONTENT = Path(__file__).parents[3] / "knowledge_base" / "content"


def test_a_text_that_repeats_another_is_found_without_vectors() -> None:
    (pair,) = find_alike([CARDS, FEES, SHORTER], None)
    assert (pair.first, pair.second, pair.similarity) == (0, 2, None)
    assert pair.overlap > 0.9


def test_chinese_is_compared_by_its_characters() -> None:
    (pair,) = find_alike([CARDS_ZH, FEES, CARDS_ZH.replace("也可以", "或者")], None)
    assert (pair.first, pair.second) == (0, 2)


def test_what_means_the_same_in_other_words_is_found_by_its_vectors() -> None:
    rows = np.array([[1, 0], [0, 1], [0.95, 0.312]], dtype=np.float32)
    (pair,) = find_alike(["Activate your card", FEES, "Switching plastic on"], rows)
    assert (pair.first, pair.second) == (0, 2)
    assert pair.similarity == pytest.approx(0.95)
    assert pair.overlap < 0.1


def test_the_most_alike_come_first() -> None:
    found = find_alike([CARDS, SHORTER, CARDS], None)
    assert (found[0].first, found[0].second, found[0].overlap) == (0, 2, 1.0)


@pytest.mark.parametrize("texts", [[], [CARDS]], ids=["none", "one"])
def test_fewer_than_two_are_no_pair(texts: list[str]) -> None:
    assert find_alike(texts, None) == []


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_the_articles_that_come_with_the_product_are_all_different(locale: str) -> None:
    loaded = [one for one in load_folder(CONTENT) if isinstance(one, Document)]
    texts = [document.body for document in loaded if document.locale == locale]
    assert len(texts) > 80
    assert find_alike(texts, None) == []
    apart = overlaps(texts)
    np.fill_diagonal(apart, 0)
    assert apart.max() < 0.56
