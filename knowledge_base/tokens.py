"""Cut text into the tokens that keywords are matched by. Knows characters, no index.

English gives lower-cased, lightly stemmed words; Chinese gives single characters and pairs.
"""

import re
import unicodedata

from models.chinese import to_simplified

_CJK_CLASS = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_CJK = re.compile(f"[{_CJK_CLASS}]")
_FOREIGN_TO_ENGLISH = re.compile(
    f"[{_CJK_CLASS}\u3000-\u303f\u3040-\u30ff\uac00-\ud7af\uff00-\uffef]+"
)
_PIECES = re.compile(rf"[{_CJK_CLASS}]+|\d+(?:[.,]\d+)*|[^\W\d_{_CJK_CLASS}]+(?:'[^\W\d_]+)?")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_LETTER = re.compile(r"[^\W\d_]")
_ENGLISH_STOP_WORDS = frozenset(
    """
    a an and any are as at be been but by can could did do does for from get had has have how i
    if in into is it its i'm i've i'd it's may me my of on or our out please should so some than
    that the their them then there these they this those to up us was we were what what's when
    where which who why will with would you your don't doesn't
    """.split()  # noqa: SIM905 -- a list of words reads better than a list of strings
)
# grammar, not meaning: text is cut here, so no pair spans one of them
_CHINESE_BREAKS = re.compile(
    "怎么办(?:呢|啊|呀)?$|咋办$|今天|明天|昨天|现在|目前|请问|麻烦|你们|我们|您们|怎么样|怎么|怎样|如何|什么|为什么|哪些|哪里|哪个|多少|能不能|可不可以|"
    "是不是|有没有|可以|能否|是否|一下|[的了吗呢吧啊呀么我你您他她它们这那和与及或在是有就都也还要想能会被把给]"
)
_ENDINGS = (
    ("ies", "y", 5),
    ("sses", "ss", 5),
    ("ing", "", 6),
    ("ed", "", 5),
    ("es", "e", 5),
    ("s", "", 4),
)


def tokenise(text: str) -> list[str]:
    """Tokens in reading order, repeated as often as they occur."""
    folded = to_simplified(unicodedata.normalize("NFKC", text)).lower().replace("’", "'")
    tokens: list[str] = []
    for piece in _PIECES.findall(folded):
        if _CJK.match(piece):
            tokens.extend(_chinese_tokens(piece))
        elif piece not in _ENGLISH_STOP_WORDS:
            tokens.append(_stem(piece))
    return tokens


def without_addresses(text: str) -> str:
    """Markdown with the words of its links, but not where they lead: nobody asks for addresses."""
    return _LINK.sub(r"\1", text)


def has_cjk(text: str) -> bool:
    """Whether any Chinese character occurs."""
    return _CJK.search(text) is not None


def readable_in_english(text: str) -> str:
    """The part that an English-only encoder can read; empty when most of the text is Chinese.

    Such an encoder turns Chinese into unknown marks and still returns a confident vector.
    """
    cjk = len(_CJK.findall(text))
    if cjk == 0:
        return text if _LETTER.search(text) else ""
    kept = " ".join(_FOREIGN_TO_ENGLISH.sub(" ", text).split())
    words = len(re.findall(r"[^\W\d_]+", kept))
    return kept if words > cjk else ""


def language_of(text: str) -> str:
    """ "zh" when Chinese characters outweigh the words around them, else "en"."""
    return "zh" if has_cjk(text) and not readable_in_english(text) else "en"


def _chinese_tokens(run: str) -> list[str]:
    tokens: list[str] = []
    for part in _CHINESE_BREAKS.split(run):
        tokens.extend(part)
        tokens.extend(part[i : i + 2] for i in range(len(part) - 1))
    return tokens


def _stem(word: str) -> str:
    """Fold plurals and common verb endings; a wrong stem is harmless, both sides get the same."""
    if word[0].isdigit():
        return word.replace(",", "")
    word = word.removesuffix("'s")
    for ending, replacement, shortest in _ENDINGS:
        if word.endswith(ending) and len(word) >= shortest and not word.endswith("ss"):
            stem = word[: -len(ending)] + replacement
            return _undouble(stem) if ending in ("ing", "ed") else _without_e(stem)
    return _without_e(word)


def _undouble(stem: str) -> str:
    is_doubled = len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz"
    return stem[:-1] if is_doubled else _without_e(stem)


def _without_e(stem: str) -> str:
    return stem.removesuffix("e") if len(stem) > 3 else stem
