"""Romanised Chinese for the intent heads: characters to toneless pinyin, for training and serving.

Spaces and tones differ from customer to customer, so the heads read neither: "Wo3 de kǎ diū le"
and 我的卡丢了 are both "wodekadiule". Knows no intent.
"""

import re
import unicodedata
from collections.abc import Sequence

from pypinyin import lazy_pinyin

from models.chinese import to_simplified
from models.lexical import LexicalFeatures, LexicalModel, NgramBlock
from models.linear_head import fit_head
from models.types import Indices

LANGUAGE = "zh-Latn"  # key of these heads in a checkpoint
# letters across the syllables, because nobody agrees on where a syllable ends
BLOCKS = (NgramBlock("char", 2, 4),)
_STRENGTH = 20.0  # inverse regularisation, as for the other lexical heads
_NOT_LETTERS = re.compile(r"[\W_]+")
_TONE_DIGIT = re.compile(r"(?<=[a-z])[1-5](?![0-9])")


def romanise(text: str) -> str:
    """Characters as toneless pinyin beside whatever else is written: 我的card丢了."""
    plain = to_simplified(unicodedata.normalize("NFKC", text)).lower()
    return " ".join(lazy_pinyin(plain, v_to_u=False, errors=lambda other: [other]))


def feature_text(text: str) -> str:
    """What the heads read, of a Chinese training text and of a customer's pinyin alike."""
    marked = unicodedata.normalize("NFD", romanise(text)).replace("u\u0308", "v")
    bare = "".join(letter for letter in marked if not unicodedata.combining(letter))
    return _NOT_LETTERS.sub("", _TONE_DIGIT.sub("", bare))


def feature_texts(texts: Sequence[str]) -> list[str]:
    """The same for many, in order."""
    return [feature_text(text) for text in texts]


def fit_romanised(texts: Sequence[str], labels: Indices, *, label_count: int) -> LexicalModel:
    """A lexical head on Chinese training texts that reads `feature_text` of an utterance."""
    read = feature_texts(texts)
    features = LexicalFeatures.fit(read, BLOCKS)
    rows = features.transform(read)
    return LexicalModel(
        features, fit_head(rows, labels, label_count=label_count, strength=_STRENGTH)
    )
