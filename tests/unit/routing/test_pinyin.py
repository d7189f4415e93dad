"""Syllables, tones, and what is no pinyin."""

import pytest

from routing.pinyin import pinyin_words, share_of_pinyin, split_syllables, without_tones

ENGLISH = frozenset({"can", "he", "send", "money", "to", "long", "how"})


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("wodekadiule", ("wo", "de", "ka", "diu", "le")),
        ("xian", ("xian",)),
        ("yinhangka", ("yin", "hang", "ka")),
        ("balance", ("ba", "lan", "ce")),
        ("tarjeta", None),
        ("", None),
    ],
)
def test_a_word_is_split_into_the_fewest_syllables(
    word: str, syllables: tuple[str, ...] | None
) -> None:
    assert split_syllables(word) == syllables


@pytest.mark.parametrize(
    ("word", "bare"),
    [("kǎ", "ka"), ("nǚ", "nv"), ("ka3", "ka"), ("yu'e", "yue"), ("señor", None), ("ça", None)],
)
def test_tones_are_taken_off_and_other_marks_are_refused(word: str, bare: str | None) -> None:
    assert without_tones(word) == bare


@pytest.mark.parametrize(
    ("text", "is_pinyin"),
    [
        ("wo de ka diu le", True),
        ("zhuanzhang", True),
        ("ni hao", True),
        ("please dongjie wo de card", True),
        ("send money to Wang Xiaoming", False),
        ("he can", False),
        ("how long to Beijing", False),
        ("banana", False),
        ("mi tarjeta no funciona", False),
    ],
)
def test_pinyin_outweighs_the_words_around_it(text: str, is_pinyin: bool) -> None:
    english = ENGLISH | {"please", "card"}
    assert (share_of_pinyin(pinyin_words(text), english) > 0) is is_pinyin
