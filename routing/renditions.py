"""What the intent heads read of an utterance: one rendition, or two for mixed text. Pure.

Mixed text is read by the heads of both languages, each in its own words, and their views are
multiplied; pinyin has heads of its own; what is neither English nor Chinese is read by nobody.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from routing.bank_terms import in_characters, in_chinese, in_english, in_mainland_wording
from routing.language import Reading, Script, has_cjk, writes_traditional
from routing.types import Classification, IntentScore

ROMANISED = "zh-Latn"  # key of the heads that read pinyin
_NEAREST = 5
# two readers of one message see mostly the same: together more than one witness, less than two
_SAY = 0.75  # exponent of each view (docs/experiments/LOG.md)
_FLOOR = 0.01  # an intent that one view did not rank is unlikely, not impossible


@dataclass(frozen=True, slots=True)
class Rendition:
    """A text and the heads that read it."""

    language: str
    text: str


def renditions_of(text: str, reading: Reading) -> tuple[Rendition, ...]:
    """What is given to the classifier, best reader first; nothing for a foreign language."""
    if reading.is_other:
        return ()
    if reading.script is Script.PINYIN:
        return (Rendition(ROMANISED, text),)
    chinese = in_mainland_wording(text) if writes_traditional(text) else text
    if reading.script is Script.MIXED:
        found = (Rendition("zh", in_chinese(chinese)), Rendition("en", in_english(text)))
        return tuple(rendition for rendition in found if rendition.text.strip())
    return (Rendition(reading.language, chinese if has_cjk(text) else text),)


def words_for_rules(text: str, reading: Reading) -> str:
    """What the must-not-miss rules read: the message, and pinyin in characters too."""
    if reading.script is not Script.PINYIN:
        return text
    return f"{in_characters(text)}\n{text}"


def join(seen: Sequence[Classification]) -> Classification:
    """One view from several: the weighted product of those that ranked anything."""
    able = [one for one in seen if one.ranking]
    if len(able) < 2:
        return able[0] if able else (seen[0] if seen else Classification(()))
    views = [{score.intent: score.confidence for score in one.ranking} for one in able]
    products = {
        intent: math.prod(max(view.get(intent, 0.0), _FLOOR) ** _SAY for view in views)
        for intent in set().union(*views)
    }
    total = sum(products.values())
    ranking = sorted(products.items(), key=lambda item: (-item[1], item[0]))
    nearest = sorted((n for one in able for n in one.nearest), key=lambda n: -n.similarity)
    return Classification(
        tuple(IntentScore(intent, product / total) for intent, product in ranking),
        sum(one.out_of_scope_score for one in able) / len(able),
        tuple(nearest[:_NEAREST]),
    )
