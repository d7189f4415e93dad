"""Romanised Chinese for the intent heads: characters to toneless pinyin, for training and serving.

Spaces and tones differ from customer to customer, so the heads read neither: "Wo3 de kǎ diū le"
and 我的卡丢了 are both "wodekadiule". Knows no intent.
"""

import re
import unicodedata
from collections.abc import Sequence

from pypinyin import lazy_pinyin

from models.chinese import to_simplified

LANGUAGE = "zh-Latn"  # key of these heads in a checkpoint
_NOT_LETTERS = re.compile(r"[\W_]+")
_TONE_DIGIT = re.compile(r"(?<=[a-z])[1-5](?![0-9])")


def romanise(text: str) -> str:
    """Characters as toneless pinyin beside whatever else is written: 我的card丢了."""
    plain = to_simplified(unicodedata.normalize("NFKC", text)).lower()
    return " ".join(lazy_pinyin(plain, v_to_u=False))  # what is no character stays as it is


def feature_text(text: str) -> str:
    """What the heads read, of a Chinese training text and of a customer's pinyin alike."""
    marked = unicodedata.normalize("NFD", romanise(text)).replace("u\u0308", "v")
    bare = "".join(letter for letter in marked if not unicodedata.combining(letter))
    return _NOT_LETTERS.sub("", _TONE_DIGIT.sub("", bare))


def feature_texts(texts: Sequence[str]) -> list[str]:
    """The same for many, in order."""
    return [feature_text(text) for text in texts]
