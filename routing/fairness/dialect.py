"""Dialects by ordered rewriting rules, and the scripts of Chinese by OpenCC. Pure."""

import re
from functools import cache
from random import Random

from opencc import OpenCC

from routing.fairness.types import Change, Changer, Family, Perturbation, Seed
from routing.fairness.word_lists import word_list

SCRIPTS = {"traditional_taiwan": "s2twp", "traditional_hong_kong": "s2hk", "traditional": "s2t"}
_CANTONESE_SCRIPT = "s2hk"
_GAPS = re.compile(r"\s+(?=[?.,!])|(?<=\s)\s+")


def perturbations() -> list[Perturbation]:
    """A perturbation for each dialect and each script."""
    dialects = [
        Perturbation(name, Family.DIALECT, tuple(languages), _spoken(name))
        for name, languages in word_list("dialects").items()
    ]
    scripts = [
        Perturbation(name, Family.SCRIPT, ("zh",), _written(mapping))
        for name, mapping in SCRIPTS.items()
    ]
    return dialects + scripts


def rewrite(text: str, dialect: str, language: str) -> str:
    """The text by the rules of a dialect, in their order."""
    for pattern, replacement in _rules(dialect, language):
        text = pattern.sub(replacement, text)
    return _GAPS.sub("", text).strip()


@cache
def converter(mapping: str) -> OpenCC:
    """OpenCC's mapping, loaded once."""
    return OpenCC(mapping)


@cache
def _rules(dialect: str, language: str) -> list[tuple[re.Pattern[str], str]]:
    rules = word_list("dialects")[dialect][language]
    if language == "zh":
        return [(re.compile(pattern), replacement) for pattern, replacement in rules]
    return [(_word(pattern), replacement) for pattern, replacement in rules]


def _word(pattern: str) -> re.Pattern[str]:
    """Whole words, any case; a pattern of punctuation stands as it is."""
    if pattern[0] in "\\!":
        return re.compile(pattern)
    return re.compile(rf"\b(?:{pattern})(?!\w)", re.IGNORECASE)


def _spoken(dialect: str) -> Changer:
    def change(seed: Seed, _chance: Random) -> Change:
        text = rewrite(seed.text, dialect, seed.language)
        if text == seed.text:
            return None
        if dialect == "cantonese":  # written where traditional characters are
            text = converter(_CANTONESE_SCRIPT).convert(text)
        return seed.text, text

    return change


def _written(mapping: str) -> Changer:
    def change(seed: Seed, _chance: Random) -> Change:
        text = converter(mapping).convert(seed.text)
        return None if text == seed.text else (seed.text, text)

    return change
