"""Read the words of a follow-up by the closed vocabulary beside this file. Knows no intents.

A follow-up names an object ("the other card", "储蓄账户") or a facet ("in euros", "多久") of the
request before it. A text with any other content word speaks for itself.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_WORDS = Path(__file__).with_suffix(".yaml")
_LEANING_EN = re.compile(
    r"^\W*(?:(?:ok|okay|oh|hm+|so|yes|thanks|and|now)\W+)*(?:and|or|but|what about|how about"
    r"|what if|same|also|now)\b"
    r"|\b(?:the other|other one|another one|same|too|as well|instead)\b"
    r"|\bthe (?:\w+ ){1,2}one\b",
    re.IGNORECASE,
)
_POINTING_EN = re.compile(r"\b(?:it|that|this|them|they|these|those|there)\b")
_LEANING_ZH = re.compile(
    r"^\W*(?:好的?|嗯|哦|谢谢)?\W*(?:那|那么|还有|换成|改成|如果|要是)|呢[\s?？。!！]*$|另|也|一样|同样"
)
_WORD = re.compile(r"[^\W\d_]+|\d+")
_MASKED = re.compile(r"\[[^\]]*••(\d{4})\]")  # a card number as the content filter leaves it
_SLIP_LENGTH = 5  # shorter words are too close to one another to be corrected
_FOLD_ZH = str.maketrans(
    "儲帳戶賬張個換歐鎊幣匯費間邊國網點現週還沒麼嗎內機後聯業號這裡會給說對過並煩凍結幫請訴掛鎖開"
    "銷餘額筆細轉樣碼設電時幾問們從單據貸錯應該無帶閉啟補辦領種書臺灣處",
    "储账户账张个换欧镑币汇费间边国网点现周还没么吗内机后联业号这里会给说对过并烦冻结帮请诉挂锁开"
    "销余额笔细转样码设电时几问们从单据贷错应该无带闭启补办领种书台湾处",
)


@dataclass(frozen=True, slots=True)
class Words:
    """What the words of a text are, when all of them are known."""

    names_object: bool  # a card, an account, a person: what the request is about
    names_facet: bool  # a currency, a time, a place, a price
    leans: bool  # "and", "what about", "the other one", "呢": words that go on from before
    points: bool  # "it", "that", "这个": words that stand for something said before
    has_verb: bool  # a sentence of its own, not only a phrase


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    objects: frozenset[str]
    facets: frozenset[str]
    verbs: frozenset[str]
    known: frozenset[str]
    plain_objects: frozenset[str]

    def describe(self, words: Iterable[str], *, leans: bool, points: bool) -> Words | None:
        found = list(words)
        names_object = any(word in self.objects or is_ending(word) for word in found)
        names_facet = any(word in self.facets for word in found)
        if not (names_object or names_facet):
            return None
        has_verb = any(word in self.verbs for word in found)
        return Words(names_object, names_facet, leans, points, has_verb)


def read_words(text: str, language: str) -> Words | None:
    """None when some word is outside the closed vocabulary, or none of them names anything."""
    plain = _MASKED.sub(r"card \1", text).lower().replace("’", "'")
    return _read_chinese(fold(plain)) if language == "zh" else _read_english(plain)


def objects_in(text: str, language: str) -> frozenset[str]:
    """The object words of a text, whatever else it says: two requests may differ in them alone."""
    vocabulary = _vocabulary(language)
    if language == "zh":
        words = _pieces().findall(re.sub(r"[\W_]+", "", fold(text.lower())))
    else:
        words = [_corrected(word) for word in _WORD.findall(text.lower())]
    objects = {word for word in words if word in vocabulary.objects or is_ending(word)}
    return frozenset(objects) - vocabulary.plain_objects


def fold(text: str) -> str:
    """Traditional characters that matter here as simplified ones, one for one."""
    return text.translate(_FOLD_ZH)


def is_ending(word: str) -> bool:
    """The last four digits of a card."""
    return len(word) == 4 and word.isdigit()


def is_one_slip(first: str, second: str) -> bool:
    """One letter dropped, added, mistyped, or two neighbours swapped."""
    if abs(len(first) - len(second)) > 1 or first == second:
        return first == second
    at = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), None)
    if at is None:
        return True
    rest, other = first[at:], second[at:]
    swapped = rest[1:2] + rest[:1] + rest[2:] == other
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]


def _read_english(plain: str) -> Words | None:
    vocabulary = _vocabulary("en")
    words = [_corrected(word) for word in _WORD.findall(plain.replace("'", ""))]
    if any(word not in vocabulary.known and not is_ending(word) for word in words):
        return None
    return vocabulary.describe(
        words,
        leans=_LEANING_EN.search(plain) is not None,
        points=_POINTING_EN.search(plain) is not None,
    )


def _read_chinese(plain: str) -> Words | None:
    joined = re.sub(r"[\W_]+", "", plain)
    if _pieces().sub("", joined):
        return None
    return _vocabulary("zh").describe(
        _pieces().findall(joined),
        leans=_LEANING_ZH.search(plain) is not None,
        points=True,  # what was spoken of before is left out, not named by a pronoun
    )


@cache
def _corrected(word: str) -> str:
    """The word itself, or the known word that is one slip away."""
    vocabulary = _vocabulary("en")
    if len(word) < _SLIP_LENGTH or word in vocabulary.known:
        return word
    meant = sorted(vocabulary.objects | vocabulary.facets)
    near = (known for known in meant if len(known) >= _SLIP_LENGTH and known[0] == word[0])
    return next((known for known in near if is_one_slip(word, known)), word)


@cache
def _vocabulary(language: str) -> _Vocabulary:
    lists = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    words = {name: frozenset(listed.split()) for name, listed in lists[language].items()}
    return _Vocabulary(
        objects=words["objects"],
        facets=words["facets"],
        verbs=words["verbs"],
        known=frozenset().union(*words.values()),
        plain_objects=frozenset(lists["plain_objects"].split()),
    )


@cache
def _pieces() -> re.Pattern[str]:
    """Chinese has no spaces: the longest known word first."""
    known = sorted(map(re.escape, _vocabulary("zh").known), key=len, reverse=True)
    return re.compile(r"(?<!\d)\d{4}(?!\d)|" + "|".join(known))
