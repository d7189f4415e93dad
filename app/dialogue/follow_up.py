"""What to ask the articles for a message that leans on what was said before. Pure.

"And for the gold one?" finds nothing by itself; with the question before it, it finds the article.
"""

import re
from collections.abc import Sequence

from app.dialogue.context import PastMessage
from routing.context import compose, find_anchor, is_courtesy, read

MAX_WEAK_CHARACTERS = {"en": 60, "zh": 20}  # a longer message says what it is about
_LEANS = {
    "en": re.compile(
        r"^\W*(?:and|or|but|also|then|what if|for|with)\b"
        r"|\b(?:ones?|it|its|that|those|them|same)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"^\W*(?:那|还有|要是|如果|换成|改成)|同样|这个|那个|它|换成"),
}


def readings(
    text: str, history: Sequence[PastMessage], *, language: str, read_as: str | None = None
) -> list[str]:
    """The questions to try, best first; `read_as` are the words that the router judged.

    A message that cannot stand alone is read with the request before it. A short one that can is
    asked as it is, and with the request before it only if that finds no answer.
    """
    words = read_as or text
    said = [past.text for past in history if past.author == "customer"]
    anchor = find_anchor(said, language)
    if anchor is None or anchor.strip() == text.strip() or is_courtesy(text):
        return [words]
    if _holds(words, anchor):
        return list(dict.fromkeys([words, text]))
    elliptical = read(text, language)
    joined = compose(anchor, elliptical.rest if elliptical else text)
    is_short = len(text) <= MAX_WEAK_CHARACTERS[language]
    if elliptical is not None or (is_short and _LEANS[language].search(text)):
        return list(dict.fromkeys([joined, words]))
    return [words, joined] if is_short else [words]


def _holds(words: str, anchor: str) -> bool:
    """Whether the router joined them already."""
    return anchor.strip().rstrip(".?!。？！") in words
