"""Which language an utterance is in, English or Chinese. Knows only characters."""

import re

DEFAULT_LANGUAGE = "en"
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_LATIN_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")


def detect(text: str, locale: str | None = None) -> str:
    """ "en" or "zh". A Chinese character weighs like a word; without words the locale decides.

    Mixed text counts as Chinese as soon as three in ten of its words are Chinese characters:
    the English encoder reads most of them as unknown (`docs/experiments/LOG.md`).
    """
    cjk = len(_CJK.findall(text))
    latin = len(_LATIN_WORD.findall(text))
    if cjk == 0 and latin == 0:
        return _from_locale(locale)
    return "zh" if cjk / (cjk + latin) >= 0.3 else "en"


def has_cjk(text: str) -> bool:
    """Whether any Chinese character occurs."""
    return _CJK.search(text) is not None


def _from_locale(locale: str | None) -> str:
    return "zh" if (locale or "").lower().startswith("zh") else DEFAULT_LANGUAGE
