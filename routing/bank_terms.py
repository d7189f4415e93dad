"""Bank terms from one wording to another: English and Chinese, Hong Kong and Taiwan, pinyin.

A term table is a file in `routing/data`; this reads it, the longest term first. Knows no intent.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from opencc import OpenCC

from routing.errors import DatasetError
from routing.pinyin import pinyin_words, split_syllables, without_tones

LEXICON = Path(__file__).with_name("lexicon")
_HAN_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+")
# English words that only hold a sentence together; Chinese needs none of them
_GLUE = re.compile(
    r"(?<![a-z'])(?:the|a|an|to|of|for|in|on|at|is|are|am|be|been|with|and|or|do|does|did|it|its"
    r"|this|that|you|your|can|could|will|would|what|but|there|get|got|from|by|as|was|were)(?![a-z'])"
)
Replace = Callable[[str], str]


def in_chinese(text: str) -> str:
    """A mixed message for a reader of Chinese: "我的 card 被 decline 了" with 卡 and 被拒."""
    return _GLUE.sub(" ", _english_to_chinese()(_folded(text)))


def in_english(text: str) -> str:
    """A mixed message for a reader of English; Chinese without a term is left out."""
    translated = _chinese_to_english()(_simplified(_folded(text)))
    return " ".join(_HAN_RUN.sub(" ", translated).split())


def in_mainland_wording(text: str) -> str:
    """Traditional text with the mainland's words for what a bank does; spelling stays."""
    return _to_mainland()(_folded(text))


def in_characters(text: str) -> str:
    """Pinyin with the words that rules listen for in characters; the rest stays as syllables."""
    syllables: list[str] = []
    for word in pinyin_words(text):
        bare = without_tones(word) or word
        syllables += split_syllables(bare) or (bare,)
    return _syllables_to_characters()(" ".join(syllables)).replace(" ", "")


def load_terms(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """The lines of a term table: (left sides, right sides); DatasetError names a broken line."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        sides = line.split("\t")
        if len(sides) != 2 or not all(side.strip() for side in sides):
            raise DatasetError(f"{path.name}, line {number}: expected two sides, parted by a tab")
        yield sides[0].split("|"), sides[1].split("|")


@cache
def _english_to_chinese() -> Replace:
    table: dict[str, str] = {}
    for english, chinese in load_terms(LEXICON / "bank_terms.tsv"):
        for term in english:
            table.setdefault(term.lower(), chinese[0])
    return _replacer(table, before=r"(?<![a-z'])", after=r"(?![a-z'])")


@cache
def _chinese_to_english() -> Replace:
    table: dict[str, str] = {}
    for english, chinese in load_terms(LEXICON / "bank_terms.tsv"):
        for term in chinese:
            table.setdefault(term.lower(), f" {english[0]} ")
    return _replacer(table)


@cache
def _to_mainland() -> Replace:
    spellings: list[Replace] = [OpenCC("s2t").convert, OpenCC("s2hk").convert, str]
    table: dict[str, str] = {}
    for theirs, mainland in load_terms(LEXICON / "chinese_wording.tsv"):
        for spell in spellings:
            table.setdefault(spell(theirs[0]), mainland[0])
    return _replacer(table)


@cache
def _syllables_to_characters() -> Replace:
    words = {left[0]: right[0] for left, right in load_terms(LEXICON / "pinyin_words.tsv")}
    return _replacer(words, before=r"(?<![a-z])", after=r"(?![a-z])")


def _replacer(table: Mapping[str, str], *, before: str = "", after: str = "") -> Replace:
    pattern = re.compile(f"{before}(?:{_alternatives(table)}){after}")
    return lambda text: pattern.sub(lambda match: table[match[0]], text)


def _alternatives(terms: Iterable[str]) -> str:
    return "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace("’", "'")


def _simplified(text: str) -> str:
    return str(_simplifier().convert(text))


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
