"""Which language a document is written in: English, Chinese, or one that is named and refused."""

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.tokens import has_cjk, language_of

_SAMPLE = 4_000  # characters
_SURE = 0.9  # of the identifier's normalised score
_FEWEST_WORDS = 20  # different ones; a shorter text of names and numbers has no language that shows
_ENGLISH_SHARE = 0.12  # of the words; English prose has 0.35 to 0.5, other languages below 0.05
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    """
    a all an and any are as at be been but by can do does for from had has have how i if in into is
    it its may more must my no not of on one only or our out over should so than that the their them
    there these they this to up us was we what when which who will with within you your
    """.split()  # noqa: SIM905 -- a list of words reads better than a list of strings
)
_KANA_OR_HANGUL = re.compile(r"[\u3041-\u30ff\uac00-\ud7af]")
_KANA_SHARE = 0.1  # of the letters; Chinese quotes a Japanese name now and then
_NAMES = {"ja": "Japanese", "ko": "Korean", "fr": "French", "de": "German", "es": "Spanish"}
_NAMES |= {"it": "Italian", "pt": "Portuguese", "nl": "Dutch", "pl": "Polish", "ru": "Russian"}


def detect_locale(text: str) -> str:
    """ "en" or "zh"; `DocumentUnreadable` names another language where one shows."""
    sample = text[:_SAMPLE]
    letters = "".join(_WORD.findall(sample))
    foreign = len(_KANA_OR_HANGUL.findall(letters))
    if foreign > _KANA_SHARE * len(letters):
        raise _refused("ja" if re.search(r"[\u3041-\u30ff]", letters) else "ko")
    if has_cjk(sample) and language_of(sample) == "zh":
        return "zh"
    words = [word.lower() for word in _WORD.findall(sample)]
    share = sum(word in _ENGLISH for word in words) / max(1, len(words))
    if len(set(words)) >= _FEWEST_WORDS and share < _ENGLISH_SHARE:
        code, score = _identifier().classify(" ".join(words))
        if code != "en" and score >= _SURE:
            raise _refused(code)
    return "en"


@cache
def _identifier() -> LanguageIdentifier:
    """Loaded at the first text that may be in a third language: a hundred megabytes."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _refused(code: str) -> DocumentUnreadable:
    name = _NAMES.get(code, f"the language {code!r}")
    return DocumentUnreadable(
        f"the text seems to be {name}; only English (en) and Chinese (zh) are kept"
    )
