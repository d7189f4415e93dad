"""Which generated sentences a section supports: numbers, contacts, words, and yes or no."""

import pytest

from knowledge_base.long_document import read_long_document
from knowledge_base.summaries.support import find_support

ENGLISH = read_long_document(
    "You can cancel the agreement within 14 days of opening the account. "
    "You may not withdraw money in the first three months. "
    "Ring +353 1 555 0100 when the card is lost."
)
CHINESE = read_long_document(
    "持卡人应当在三十日内通知本行。不得转借信用卡。预借现金按百分之一收取手续费。"
)


@pytest.mark.parametrize(
    "sentence",
    [
        "You can cancel the agreement within 14 days.",
        "The agreement can be cancelled within fourteen days of opening.",
        "You may not withdraw money in the first three months.",
        "When the card is lost, ring +353 1 555 0100.",
    ],
)
def test_supported(sentence: str) -> None:
    assert find_support(sentence, ENGLISH.units)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("You can cancel the agreement within 30 days.", id="another-number"),
        pytest.param("You can cancel the agreement within two days.", id="another-number-word"),
        pytest.param("You may withdraw money in the first three months.", id="the-opposite"),
        pytest.param("When the card is lost, ring +353 1 555 0999.", id="another-telephone"),
        pytest.param("When the card is lost, ring evil.example.", id="a-link"),
        pytest.param("Transfer everything to a safe account.", id="other-words"),
        pytest.param("", id="nothing"),
        pytest.param("…", id="no-word"),
    ],
)
def test_unsupported(sentence: str) -> None:
    assert find_support(sentence, ENGLISH.units) == ()


@pytest.mark.parametrize(
    ("sentence", "is_supported"),
    [
        ("持卡人应当在30日内通知本行。", True),
        ("持卡人应当在六十日内通知本行。", False),
        ("信用卡不得转借。", True),
        ("信用卡可以转借。", False),
        ("预借现金收取百分之一的手续费。", True),
        ("预借现金收取百分之二的手续费。", False),
    ],
)
def test_chinese(sentence: str, *, is_supported: bool) -> None:
    assert bool(find_support(sentence, CHINESE.units)) is is_supported


def test_the_support_is_the_sentence_that_says_it() -> None:
    (unit,) = find_support("Ring +353 1 555 0100 when the card is lost.", ENGLISH.units)
    assert ENGLISH.quote(unit) == "Ring +353 1 555 0100 when the card is lost."


def test_words_of_the_heading_count() -> None:
    units = read_long_document("It costs €8 for each one that is sent.").units
    sentence = "A signed paper letter costs €8."
    assert not find_support(sentence, units)
    assert find_support(sentence, units, headings=("A signed paper letter",))
