"""Hanyu pinyin: is a Latin text romanised Chinese, with or without tones, spaces and digits?

Knows syllables and which words give pinyin away; knows no intent and no meaning.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path

SYLLABLES = frozenset(
    (Path(__file__).with_name("lexicon") / "pinyin_syllables.txt").read_text("utf-8").split()
)
# these are frequent in Chinese and no words of a language that is likely to be confused with it
_TELLING = frozenset({
    "wo", "nin", "zen", "shen", "duo", "yao", "zai", "mei", "shi", "dao", "bei", "bang", "neng",
    "wei", "jiao", "dai", "hai", "gei", "cuo", "kuan", "shang",
})  # fmt: skip
_TELLING_STARTS = ("zh", "x", "q")
_NOT_TELLING = frozenset({"que", "qi", "xi"})  # Portuguese and others
_LONGEST = max(map(len, SYLLABLES))
_TONES = {"\u0304", "\u0301", "\u030c", "\u0300"}  # macron, acute, caron, grave
_CLEAR_TONES = ("\u0304", "\u030c")  # on a vowel no language around us writes both
_WORD = re.compile(r"[^\W\d_]+[1-5]?(?:['’]?[^\W\d_]+[1-5]?)*")
_SHARE_WITHOUT_TELLING = 0.9  # of the words, where none of them is telling
# single words without a telling syllable that customers of a bank do write
_ALONE = frozenset({
    "nihao", "haode", "haoba", "mima", "lilv", "jifen", "yinhang", "yinhangka", "kefu",
    "rengong", "tousu", "touzi", "touzhi", "jijin", "kaihu", "jihuo", "kaika", "buka",
    "fenhang", "huilv",
})  # fmt: skip
_LONGEST_WORD = 60  # a longer run of letters is no word


def pinyin_words(text: str) -> list[str]:
    """The Latin words of a text with their tone marks and tone digits."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def share_of_pinyin(words: Sequence[str], english: Collection[str]) -> float:
    """How much of a text is pinyin, 0 to 1; 0 also where it may as well be something else.

    Words that are English and pinyin at once ("he", "long") count for neither. A Chinese name in
    an English sentence is outnumbered by the words around it.
    """
    pinyin = others = 0
    is_telling = False
    for word in words:
        bare = without_tones(word)
        found = split_syllables(bare) if bare is not None else None
        if found is None:
            others += 1
        elif bare not in english:
            pinyin += 1
            is_telling = is_telling or bare in _ALONE or _is_telling(word, found)
    if pinyin <= others:
        return 0.0
    share = pinyin / (pinyin + others)
    is_enough = is_telling or (pinyin > 1 and share >= _SHARE_WITHOUT_TELLING)
    return share if is_enough else 0.0


def without_tones(word: str) -> str | None:
    """Plain letters, ü as v; None where a mark is no tone of pinyin."""
    if word.isascii():
        return re.sub(r"[1-5'’]", "", word)
    marked = unicodedata.normalize("NFD", word).replace("u\u0308", "v").replace("'", "")
    marks = {mark for mark in marked if unicodedata.combining(mark)}
    if not marks <= _TONES:
        return None
    return "".join(letter for letter in marked if letter.isalpha() and letter not in marks)


@lru_cache(maxsize=4096)
def split_syllables(word: str) -> tuple[str, ...] | None:
    """The fewest syllables that make the word, None when there are none."""
    if not word or len(word) > _LONGEST_WORD:
        return None
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(word) + 1):
        ways = [
            (*best[start], word[start:end])
            for start in range(max(0, end - _LONGEST), end)
            if start in best and word[start:end] in SYLLABLES
        ]
        if ways:
            best[end] = min(ways, key=lambda way: (len(way), [-len(part) for part in way]))
    return best.get(len(word))


def _is_telling(word: str, syllables: Sequence[str]) -> bool:
    if any(mark in unicodedata.normalize("NFD", word) for mark in _CLEAR_TONES):
        return True
    return any(
        part in _TELLING or (part.startswith(_TELLING_STARTS) and part not in _NOT_TELLING)
        for part in syllables
    )
