"""Read an utterance in the light of what was said before it. Pure: words only, no model.

Decides when an utterance is a follow-up or a correction, and which words the classifier is
shown for it. Whether the earlier intent is inherited is settled in `routing/settling.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from routing.context_words import Words, read_words
from routing.language import detect

LONGEST = 200  # characters: nothing longer leans on what was said before
MAX_WORDS = 12  # a longer text tells its own story
MAX_CHARACTERS = 18  # likewise, in Chinese
REACH = 3  # how many customer utterances back the earlier request may lie


class Reading(StrEnum):
    """How an utterance hangs together with what was said before."""

    FOLLOW_UP = "follow_up"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Elliptical:
    """An utterance that means something only with the request before it."""

    reading: Reading
    rest: str  # what is left without "no, I meant" or "what about"
    words: Words | None  # None: the rest has words of its own

    @property
    def names_only_objects(self) -> bool:
        return self.words is not None and self.words.names_object and not self.words.names_facet


_SORRY_EN = (
    r"(?:(?:no|nope|nah|sorry|wait|oops|ops|hang on|hold on|hm+|actually|wrong|not that|my mistake"
    r"|apologies"
    r"|that'?s not (?:it|right))\b[\s,.:;!\-–—]*)"
)
_MEANT_EN = (
    r"(?:(?:but )?i (?:really |actually |just )?(?:mean|meant|ment|meent|was (?:asking"
    r"|talking) about"
    r"|am (?:asking|talking) about|was referring to|wanted to say|said)(?: that| was"
    r"| for)?\b[\s,:]*"
    r"|(?:that'?s|that is|it'?s) not what i (?:asked|meant|said|wanted|need|want)(?: for"
    r"| about)?\b[\s,.:;!\-–—]*"
    r"|you (?:misunderstood|got (?:me|that|it) wrong)(?: me)?\b[\s,.:;!\-–—]*)"
)
_CORRECTION_EN = re.compile(
    rf"^\W*(?:(?P<sorry>{_SORRY_EN}+)(?P<meant>{_MEANT_EN})?|(?P<only>{_MEANT_EN}))(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_NOT_BUT_EN = re.compile(r"^\W*not\s+[^,.;]{1,40}[,.;]\s*(?:but\s+)?(?P<rest>.+)$", re.IGNORECASE)
_DENIED_EN = re.compile(r"[\s,;]*\b(?:and |but )?not\b[^,.;]*", re.IGNORECASE)
_CUE_EN = re.compile(
    r"^\W*(?:(?:ok|okay|oh|and|so|then|hm+|thanks|great)\W+)*(?:(?:what|how) about|what if (?:it'?s"
    r"|i)|same"
    r"(?: thing)? (?:for|with))\s+(?P<rest>.+)$",
    re.IGNORECASE,
)

_SORRY_ZH = (
    r"(?:(?:不是这个|不是的?|不对|不|错了|说错了|搞错了|弄错了|打错了|抱歉|对不起|等等|等一下"
    r"|不好意思|其实)[\s，,。.!！、]*)"
)
_MEANT_ZH = (
    r"(?:我?(?:是说|说的是|指的是|的意思是|意思是|是想说|想说的是|是想问|想问的是|问的是|要的是|要看的是|要查的是"
    r"|是问|想要的是)[\s，,：:]*|(?:我(?:问|说|要|想要)的不是(?:这个|那个)|[你您](?:理解|弄|搞)错了)[\s，,。.!！、]*)"
)
_CORRECTION_ZH = re.compile(
    rf"^\W*(?:(?P<sorry>{_SORRY_ZH}+)(?P<meant>{_MEANT_ZH})?|(?P<only>{_MEANT_ZH}))(?P<rest>.+)$"
)
_NOT_BUT_ZH = re.compile(r"^\W*我?不是(?:要|想|说|问)?[^，,。；;]{1,14}[，,。；;]\s*(?P<rest>.+)$")
_DENIED_ZH = re.compile(r"[，,、；;\s]*(?:而)?不是[^，,。；;]*")
_STARTS_WITH_IS_ZH = re.compile(r"^(?:而?是|我是)")
_CUE_ZH = re.compile(r"^\W*(?:那么?|那如果|那要是|还有|换成|改成)?(?P<rest>.+?)呢[\s?？。!！]*$")


def read(text: str, language: str) -> Elliptical | None:
    """None when the utterance speaks for itself."""
    if len(text) > LONGEST:
        return None
    corrected = _read_correction(text, language)
    if corrected is not None:
        return corrected
    if not _is_short(text, language):
        return None
    words = read_words(text, language)
    if words is not None:
        rest = _without_cue(text, language)
        return None if _is_sentence(words) else Elliptical(Reading.FOLLOW_UP, rest, words)
    cue = (_CUE_ZH if language == "zh" else _CUE_EN).match(text)
    return Elliptical(Reading.FOLLOW_UP, cue["rest"].strip(), None) if cue else None


def find_anchor(history: Sequence[str], locale: str | None = None) -> str | None:
    """The latest earlier utterance that speaks for itself, if it is not too far back."""
    recent = [text for text in history if text.strip()][-REACH:]
    for text in reversed(recent):
        if read(text, detect(text, locale)) is None and not is_courtesy(text):
            return text
    return None


def compose(anchor: str, rest: str) -> str:
    """The words for the classifier: the earlier request, then what is new."""
    return f"{anchor.strip().rstrip('.?!。？！')} {rest.strip()}"


_BARE = re.compile(
    r"^\W*(?:(?:yes|no|ok|okay|sure|thanks?|thank you|great|perfect|cool|hi|hello|hey|please|good"
    r"|morning|bye|goodbye|afternoon|evening|there"
    r"|alright|right|got it|是的?|好的?|不用?了?|嗯|谢谢|多谢|你好|您好|再见|拜拜|麻烦|请问|请"
    r"|早上好|可以|行|知道了|明白了?)\W*)+$",
    re.IGNORECASE,
)


def is_courtesy(text: str) -> bool:
    """Courtesy, yes or no: nothing that a later utterance could lean on."""
    return len(text) <= LONGEST and _BARE.match(text) is not None


def _read_correction(text: str, language: str) -> Elliptical | None:
    is_chinese = language == "zh"
    found = (_NOT_BUT_ZH if is_chinese else _NOT_BUT_EN).match(text)
    has_cue = found is not None
    if found is None:
        found = (_CORRECTION_ZH if is_chinese else _CORRECTION_EN).match(text)
        if found is None:
            return None
        has_cue = bool(found["meant"] or found["only"])
    rest = _what_is_meant(found["rest"], language)
    if not rest:
        return None
    words = read_words(rest, language)
    if has_cue or words is not None:
        return Elliptical(Reading.CORRECTION, rest, words)
    return None


def _what_is_meant(rest: str, language: str) -> str:
    """Without the words that are denied: "the credit card, not the debit card"."""
    if language == "zh":
        again = _CORRECTION_ZH.match(rest)
        rest = again["rest"] if again else rest
        return _STARTS_WITH_IS_ZH.sub("", _DENIED_ZH.sub("", rest).strip(" ，,。.")).strip()
    again = _CORRECTION_EN.match(rest) or _NOT_BUT_EN.match(rest)
    rest = again["rest"] if again else rest
    return _DENIED_EN.sub("", rest).strip(" ,.;")


def _is_sentence(words: Words) -> bool:
    """ "I want a credit card" has its object and its verb, and goes on from nothing."""
    return words.names_object and words.has_verb and not words.leans


def _without_cue(text: str, language: str) -> str:
    cue = (_CUE_ZH if language == "zh" else _CUE_EN).match(text)
    return cue["rest"].strip() if cue else text.strip()


def _is_short(text: str, language: str) -> bool:
    if language == "zh":
        return len(re.sub(r"\W", "", text)) <= MAX_CHARACTERS
    return len(text.split()) <= MAX_WORDS
