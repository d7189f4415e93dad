"""How a text is written: slips, capitals, missing words, spelling by ear, padding. Pure."""

import re
from random import Random

from routing.fairness.identity import introduced
from routing.fairness.types import Change, Family, Perturbation, Seed
from routing.fairness.word_lists import word_list

BOTH, ENGLISH, CHINESE = ("en", "zh"), ("en",), ("zh",)
LETTERS_PER_SLIP = 25  # one slip in five words or so
CHARACTERS_PER_SLIP = 8
MIXED_NOUNS = 2
_WORD = re.compile(r"[A-Za-z']+")
_MARKS = re.compile(r"[^\w\s]")


def perturbations() -> list[Perturbation]:
    """Everything that concerns writing alone."""
    rows = (
        ("introduction", Family.FRAMING, BOTH, _introduced),
        ("polite_padding", Family.FRAMING, BOTH, _polite),
        ("small_story", Family.FRAMING, BOTH, _story),
        ("capitals", Family.FORM, ENGLISH, _capitals),
        ("shouting", Family.FORM, BOTH, _shouting),
        ("no_punctuation", Family.FORM, BOTH, _no_punctuation),
        ("neighbour_keys", Family.TYPING, ENGLISH, _neighbour_keys),
        ("dropped_letters", Family.TYPING, BOTH, _dropped_letters),
        ("swapped_letters", Family.TYPING, ENGLISH, _swapped_letters),
        ("homophones", Family.TYPING, CHINESE, _homophones),
        ("missing_words", Family.LITERACY, BOTH, _missing_words),
        ("spelt_by_ear", Family.LITERACY, BOTH, _spelt_by_ear),
        ("code_mix", Family.MIXING, BOTH, _code_mix),
    )
    return [Perturbation(*row) for row in rows]


def _changed(seed: Seed, text: str) -> Change:
    return None if text == seed.text or not text.strip() else (seed.text, text)


def _introduced(seed: Seed, chance: Random) -> Change:
    return seed.text, introduced(seed, chance)


def _polite(seed: Seed, chance: Random) -> Change:
    return _padded(seed, chance, "polite")


def _story(seed: Seed, chance: Random) -> Change:
    return _padded(seed, chance, "story")


def _padded(seed: Seed, chance: Random, kind: str) -> Change:
    frames = word_list("writing")["padding"][kind][seed.language]
    return seed.text, chance.choice(frames).format(seed.text)


def _capitals(seed: Seed, _chance: Random) -> Change:
    return _changed(seed, seed.text.upper())


def _shouting(seed: Seed, _chance: Random) -> Change:
    mark = "！！！" if seed.language == "zh" else "!!!"
    return _changed(seed, seed.text.rstrip("?.!？。！") + mark)


def _no_punctuation(seed: Seed, _chance: Random) -> Change:
    return _changed(seed, _MARKS.sub("", seed.text).lower())


def _slips(seed: Seed, chance: Random, eligible: list[int]) -> list[int]:
    """Where the hand slips, last place first, so that earlier places stay where they are."""
    size = CHARACTERS_PER_SLIP if seed.language == "zh" else LETTERS_PER_SLIP
    count = min(len(eligible), max(1, round(len(seed.text) / size)))
    return sorted(chance.sample(eligible, count), reverse=True)


def _inner_letters(text: str) -> list[int]:
    """Letters inside words of four and more: people notice a slip in a short word."""
    words = (found for found in _WORD.finditer(text) if len(found.group()) >= 4)
    return [place for found in words for place in range(found.start() + 1, found.end() - 1)]


def _neighbour_keys(seed: Seed, chance: Random) -> Change:
    keys = word_list("writing")["keyboard"]
    text = seed.text
    places = [place for place in _inner_letters(text) if text[place].lower() in keys]
    for place in _slips(seed, chance, places):
        text = text[:place] + chance.choice(keys[text[place].lower()]) + text[place + 1 :]
    return _changed(seed, text)


def _dropped_letters(seed: Seed, chance: Random) -> Change:
    text = seed.text
    places = _inner_letters(text) if seed.language == "en" else list(range(1, len(text) - 1))
    if seed.language == "zh" and len(text) < CHARACTERS_PER_SLIP:
        return None  # a missing character in so few is another word, not a slip
    for place in _slips(seed, chance, places):
        text = text[:place] + text[place + 1 :]
    return _changed(seed, text)


def _swapped_letters(seed: Seed, chance: Random) -> Change:
    text = seed.text
    places = [place for place in _inner_letters(text) if place + 1 in _inner_letters(text)]
    for place in _slips(seed, chance, places):
        text = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return _changed(seed, text)


def _homophones(seed: Seed, chance: Random) -> Change:
    others = word_list("writing")["homophones"]
    text = seed.text
    for place in _slips(seed, chance, [at for at, sign in enumerate(text) if sign in others]):
        text = text[:place] + others[text[place]] + text[place + 1 :]
    return _changed(seed, text)


def _missing_words(seed: Seed, _chance: Random) -> Change:
    missing = word_list("writing")["dropped_words"][seed.language]
    if seed.language == "zh":
        return _changed(seed, re.sub("|".join(missing), "", seed.text))
    text = re.sub(rf"\b(?:{'|'.join(missing)})\b ?", "", seed.text, flags=re.IGNORECASE)
    return _changed(seed, text.strip())


def _spelt_by_ear(seed: Seed, _chance: Random) -> Change:
    if seed.language == "zh":
        sounds = word_list("writing")["pinyin"]
        pattern = re.compile("|".join(sorted(sounds, key=len, reverse=True)))
        return _changed(seed, pattern.sub(lambda found: sounds[found.group()], seed.text))
    spellings = word_list("writing")["phonetic"]
    return _changed(
        seed,
        _WORD.sub(lambda found: spellings.get(found.group().lower(), found.group()), seed.text),
    )


def _code_mix(seed: Seed, _chance: Random) -> Change:
    text, mixed = seed.text, 0
    for english, chinese in word_list("writing")["glossary"]:
        if mixed == MIXED_NOUNS:
            break
        if seed.language == "zh":
            after = text.replace(chinese, f" {english} ")
        else:
            after = re.sub(rf"\b{english}s?\b", chinese, text, flags=re.IGNORECASE)
        mixed += after != text
        text = after
    return _changed(seed, text.strip())
