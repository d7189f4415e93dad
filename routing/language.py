"""Which language an utterance is in, and how it is written. Knows words and letters, no intent.

English and Chinese are recognised by their own marks, in microseconds; the language identifier
is asked only about text that shows neither.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from opencc import OpenCC

from routing.other_languages import (
    greeting_in,
    identify_latin,
    language_of_script,
    script_of,
)
from routing.pinyin import pinyin_words, share_of_pinyin

DEFAULT_LANGUAGE = "en"
ENGLISH_WORDS = Path(__file__).with_name("lexicon") / "english_words.txt"
CHINESE_SHARE = 0.3  # of the words, in mixed text: from here on the reply is Chinese
_SURELY_ENGLISH = 0.75  # of the words: above this nothing else is looked for
_ENGLISH_SHARE = 0.5  # from here on no other language is asked for, unless letters carry marks
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_CJK = re.compile(f"[{_HAN}]")
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NO_WORDS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+", re.IGNORECASE)
_FOREIGN_LETTER = re.compile(rf"[^\W\d_A-Za-z\u00c0-\u024f\u1e00-\u1eff{_HAN}]")
_KANA = ("HIRAGANA", "KATAKANA")
# written alike in both languages: they say nothing about either
_NEUTRAL = frozenset({
    "ok", "okay", "atm", "pin", "iban", "bic", "swift", "app", "sms", "otp", "cvv", "pos",
    "nfc", "qr", "vip", "id", "apple", "google", "samsung", "alipay", "wechat", "paypal",
    "visa", "mastercard", "unionpay", "wifi", "ios", "android", "pdf", "email", "iphone",
    "huawei", "face", "touch", "usd", "eur", "gbp", "cny", "hkd", "rmb", "sepa", "kyc", "faq",
})  # fmt: skip
_CANTONESE = re.compile("[唔嘅咗喺冇嚟啲嗰佢咩乜哋嘢俾畀嘥攞揾搵睇瞓噉咁喎啱揸]")
_TRADITIONAL_LOCALES = re.compile(r"^zh[-_](?:hant|tw|hk|mo)", re.IGNORECASE)


class Script(StrEnum):
    """How an utterance is written."""

    LATIN = "latin"
    SIMPLIFIED = "simplified"
    TRADITIONAL = "traditional"
    PINYIN = "pinyin"
    MIXED = "mixed"  # English and Chinese words in one message
    OTHER = "other"
    NONE = "none"  # no words at all: the locale decides


@dataclass(frozen=True, slots=True)
class Reading:
    """What was recognised. `language` is always one that the assistant speaks."""

    language: str  # en or zh
    script: Script
    confidence: float  # share of the text that says so, 0 to 1
    other: str | None = None  # code of a language that the assistant does not speak, or unknown

    @property
    def is_other(self) -> bool:
        return self.other is not None


def detect(text: str, locale: str | None = None) -> str:
    """ "en" or "zh": the language to answer in."""
    return read(text, locale).language


def read(text: str, locale: str | None = None) -> Reading:
    """Language and script of an utterance; without words the locale decides."""
    plain = _NO_WORDS.sub(" ", unicodedata.normalize("NFKC", text))
    if plain.isascii():
        return _read_latin(plain, locale)
    if _FOREIGN_LETTER.search(plain) is None:
        return _read_chinese(plain, locale) if has_cjk(plain) else _read_latin(plain, locale)
    scripts = Counter(script_of(letter) for letter in plain if letter.isalpha())
    foreign = _foreign_script(scripts)
    if foreign is not None:
        share = scripts[foreign] / scripts.total()
        return _other(language_of_script(foreign, plain), locale, share)
    if has_cjk(plain):
        return _read_chinese(plain, locale)
    return _read_latin(plain, locale)


def has_cjk(text: str) -> bool:
    """Whether any Chinese character occurs."""
    return _CJK.search(text) is not None


def writes_traditional(text: str, locale: str | None = None) -> bool | None:
    """Whether Chinese text is in traditional characters; None where it could be either."""
    traditional: str = _simplifier().convert(text)
    simplified: str = _traditionaliser().convert(text)
    marks = sum(a != b for a, b in zip(text, traditional, strict=False))
    against = sum(a != b for a, b in zip(text, simplified, strict=False))
    marks += len(_CANTONESE.findall(text))
    if marks != against:
        return marks > against
    return True if _TRADITIONAL_LOCALES.match(locale or "") else None


def _read_latin(plain: str, locale: str | None) -> Reading:
    words = [word for word in latin_words(plain) if word not in _NEUTRAL]
    if not words:
        has_words = _LATIN_WORD.search(plain) is not None
        return Reading(_from_locale(locale), Script.LATIN if has_words else Script.NONE, 0.5)
    known = share_of_english(words)
    if known > _SURELY_ENGLISH:
        return Reading("en", Script.LATIN, known)
    marked = [word for word in pinyin_words(plain) if word not in _NEUTRAL]
    pinyin = share_of_pinyin(marked, english_words())
    if pinyin:
        return Reading("zh", Script.PINYIN, pinyin)
    code = greeting_in(words) if known <= _ENGLISH_SHARE else None
    if code is None and (known < _ENGLISH_SHARE or (known == _ENGLISH_SHARE and _is_marked(plain))):
        code = identify_latin(words)
    return Reading("en", Script.LATIN, known) if code is None else _other(code, locale, 1 - known)


def share_of_english(words: Sequence[str]) -> float:
    """How many of the words are English ones of our list, 0 to 1."""
    return sum(word.removesuffix("'s") in english_words() for word in words) / len(words)


def _is_marked(plain: str) -> bool:
    """Whether a Latin letter carries a mark, as in perdí or Kontoführung."""
    return any(not letter.isascii() for letter in plain if letter.isalpha())


def _read_chinese(plain: str, locale: str | None) -> Reading:
    characters = len(_CJK.findall(plain))
    words = [word for word in latin_words(plain) if word not in _NEUTRAL]
    share = characters / (characters + len(words))
    if words:
        language = "zh" if share >= CHINESE_SHARE else "en"
        return Reading(language, Script.MIXED, max(share, 1 - share))
    is_traditional = writes_traditional(plain, locale)
    return Reading("zh", Script.TRADITIONAL if is_traditional else Script.SIMPLIFIED, 1.0)


def _other(code: str, locale: str | None, confidence: float) -> Reading:
    return Reading(_from_locale(locale), Script.OTHER, confidence, code)


def latin_words(text: str) -> list[str]:
    """Words in Latin letters, lower case."""
    found = _LATIN_WORD.findall(_CJK.sub(" ", text).lower().replace("’", "'"))
    return [word for word in found if word.isascii() or script_of(word[0]) == "LATIN"]


def _foreign_script(scripts: Counter[str]) -> str | None:
    """A script of neither language that carries the message; one の makes no Japanese."""
    ours = scripts["LATIN"] + scripts["CJK"]
    kana = sum(scripts[name] for name in _KANA)
    if kana >= 2 and kana * 4 >= scripts["CJK"] and kana > scripts["LATIN"]:
        return max(_KANA, key=lambda name: scripts[name])
    others = {s: n for s, n in scripts.items() if s not in ("LATIN", "CJK", "FULLWIDTH", *_KANA)}
    if not others or sum(others.values()) <= ours:
        return None
    return max(others, key=lambda name: others[name])


@cache
def english_words() -> frozenset[str]:
    """Words that show a message to be English."""
    lines: Sequence[str] = ENGLISH_WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@cache
def _traditionaliser() -> OpenCC:
    return OpenCC("s2t")


def _from_locale(locale: str | None) -> str:
    return "zh" if (locale or "").lower().startswith("zh") else DEFAULT_LANGUAGE
