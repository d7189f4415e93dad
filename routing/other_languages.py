"""Which language is it, when it is neither English nor Chinese? Asked only then.

Scripts are told apart by their letters, Latin languages by py3langid (offline, 139 languages).
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

UNKNOWN = "unknown"
_SURE = 0.2  # of the identifier's normalised score, which is low for a few words
_LONGEST_GREETING = 2  # words
_NO_OTHER = frozenset(
    {"en", "pcm", "sco", "zh", "zxx"}
)  # English and its kin, Chinese, no language
_SURE_ALONE = 0.5  # for a single word
_LANGUAGES_OF = {
    "ARABIC": ("ar", "fa", "ur"),
    "CYRILLIC": ("ru", "uk", "bg", "sr", "mk", "be"),
    "DEVANAGARI": ("hi", "mr", "ne"),
    "HEBREW": ("he",),
    "GREEK": ("el",),
    "THAI": ("th",),
    "BENGALI": ("bn",),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
    "GUJARATI": ("gu",),
    "GURMUKHI": ("pa",),
    "KANNADA": ("kn",),
    "MALAYALAM": ("ml",),
    "SINHALA": ("si",),
    "ARMENIAN": ("hy",),
    "GEORGIAN": ("ka",),
    "KHMER": ("km",),
    "LAO": ("lo",),
    "MYANMAR": ("my",),
    "ETHIOPIC": ("am",),
    "HANGUL": ("ko",),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
}
# one word is too little for any identifier; these are what people open with
_GREETINGS = {
    "hola": "es", "gracias": "es", "adiós": "es", "ayuda": "es",
    "bonsoir": "fr", "salut": "fr", "merci": "fr",
    "hallo": "de", "guten": "de", "hilfe": "de", "tschüss": "de",
    "ciao": "it", "buongiorno": "it", "grazie": "it", "aiuto": "it",
    "olá": "pt", "obrigado": "pt", "obrigada": "pt", "ajuda": "pt",
    "cześć": "pl", "witam": "pl", "dziękuję": "pl", "pomocy": "pl",
    "hoi": "nl", "goedemorgen": "nl", "goedendag": "nl", "dankjewel": "nl",
    "merhaba": "tr", "teşekkürler": "tr", "salam": "tr",
    "bună": "ro", "mulțumesc": "ro", "ahoj": "cs", "děkuji": "cs",
    "hej": "sv", "tack": "sv", "moi": "fi", "kiitos": "fi", "szia": "hu", "köszönöm": "hu",
    "xin": "vi", "terima": "id", "halo": "id", "kamusta": "tl", "salamat": "tl", "jambo": "sw",
}  # fmt: skip
_MARKS = re.compile(r"[^\x00-\x7f’]")


def script_of(letter: str) -> str:
    """The first word of the letter's Unicode name: LATIN, CYRILLIC, HANGUL, CJK."""
    return unicodedata.name(letter, UNKNOWN).split(" ", 1)[0]


def language_of_script(script: str, text: str) -> str:
    """The language of a text in a script that neither English nor Chinese is written in."""
    languages = _LANGUAGES_OF.get(script, ())
    if len(languages) == 1:
        return languages[0]
    found = next((code for code, _ in _identifier().rank(text) if code in languages), None)
    return found or (languages[0] if languages else UNKNOWN)


def greeting_in(words: Sequence[str]) -> str | None:
    """The language of a message that is a greeting or a word of thanks and hardly more."""
    return _GREETINGS.get(words[0]) if len(words) <= _LONGEST_GREETING else None


def identify_latin(words: Sequence[str]) -> str | None:
    """The code of a language other than English; None where the words say too little."""
    text = " ".join(words)
    code, score = _identifier().rank(text)[0]
    needed = _SURE_ALONE if len(words) == 1 and not _MARKS.search(text) else _SURE
    if code in _NO_OTHER or float(score) < needed:
        return None
    return str(code)


@cache
def _identifier() -> LanguageIdentifier:
    """Loaded at the first message that needs it: over a second, 100 MB."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
