"""Cut a message into the requests that it may hold. Pure: words only, no model.

These are proposals: the classifier must be sure of each (`routing/settling.py`). A clause that
tells a story, points back with a pronoun, or only asks for help is no request of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from routing.context_words import fold
from routing.language import has_cjk
from routing.segments_chinese import split_chinese


@dataclass(frozen=True, slots=True)
class Segment:
    """One possible request, in the customer's words; a verb said once is repeated."""

    text: str
    shares_verb: bool = False  # "my savings" of "show me my balance and my savings"
    is_added: bool = False  # joined by "and" or "also": said beside the one before, not about it


MAX_SEGMENTS = 8  # a longer message is a story: it is not cut
LONGEST = 500  # characters, likewise
_RUN_OF_STOPS = re.compile(r"(?:[,;!?][ \t]*){3,}")

# said as one thing: "and" does not join two requests here
_JOINT_PHRASES = re.compile(
    r"terms (?:and|&) conditions|lost (?:and|&) found|pay (?:and|&) display|marks (?:and"
    r"|&) spencers?"
    r"|chip (?:and|&) pin|drag and drop|profit and loss|m ?& ?s|h ?& ?m|b ?& ?q|a ?& ?e|at ?& ?t"
    r"|f ?& ?q"
    r"|pros and cons|back and forth|black and white|bed and breakfast|trial and error"
    r"|up and running"
    r"|by and large|now and then|again and again|over and over|more and more|ins and outs"
    r"|dos and don'?ts"
    r"|buy now and pay later|tap (?:and|&) (?:go|pay)|cash and carry|name and address|in and out"
    r"|to and from"
    r"|(?:mr|dr) (?:and|&) (?:mrs|dr)|father and son|mum and dad|mom and dad|go and \w+"
    r"|come and \w+|try and \w+",
    re.IGNORECASE,
)
_STRONG = (
    r"(?:and )?(?:also|plus|another thing|one more thing|another question|one more question"
    r"|besides(?: that)?"
    r"|on top of that|in addition|additionally|as well as|then|after that|next|secondly|second"
    r"|separately"
    r"|while (?:you'?re|we'?re|i'?m) (?:at it|here)|by the way|btw|p\.?s\.?)"
)
_BREAK = re.compile(
    rf"(?P<strong>(?:[\s,.;!?]|(?<=\s)[–—-])+{_STRONG}\b[\s,:;–—-]*)"
    r"|(?P<joint>(?:[\s,]+|^)(?:and|&)\s+)"
    r"|(?P<stop>(?:[!?;\n]|\.(?!\d)|,(?!\d)|\s[–—-]\s)+\s*)",
    re.IGNORECASE,
)
_OPENERS = re.compile(
    r"^(?:\W*(?:hi|hello|hey|dear \w+|good (?:morning|afternoon|evening|day)|there|please|pls|plz"
    r"|kindly"
    r"|first(?:ly)?|ok|okay|so|well|also|then|and|next|now|thanks|thank you|um+|oh|just|quickly"
    r"|secondly|finally"
    r"|lastly|if possible|too)\b)+[\s,.:!]*",
    re.IGNORECASE,
)
_VERBS = (
    r"(?:tell|show|give|check|fr(?:e|ee|ea|ie)z?e?|freez|freeze|unfre\w+|block|unblock|lock|unlock"
    r"|cancel|send"
    r"|order|change|update|list|find|explain|open|close|activate|replace|report|transfer|move|see"
    r"|look|get|set"
    r"|put|stop|raise|increase|lower|reset|print|e-?mail|view|display|add|remove|register|turn"
    r"|switch|enable"
    r"|disable|pay|remind|connect|reissue|reactivate|issue|request|download|let me|help me|talk"
    r"|speak|make|do)"
)
_CARRIER = re.compile(
    r"^(?:(?:can|could|would|will) (?:you|u)(?: please| pls)? |i(?:'d| would)? (?:want|like"
    r"|need) (?:you )?to "
    r"|i wanna |please |pls |let me |help me )?"
    r"(?P<verb>(?:show|tell|give|send|get) (?:me|us)|check|see|view|list|look up|look at|display"
    r"|freeze|block"
    r"|lock|unfreeze|unlock|unblock|what(?:'s| is| are)|whats|activate|replace|update|change)\s",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    rf"^(?:(?:i(?:'d| would|'m going to|'ll)? (?:also |really |just |still )*(?:want|like|need|wish"
    rf"|wanna|love|have to)"
    rf"(?: to| you to| a| an| my| the| some| for)\b)|id like|i'?m (?:trying|looking|hoping) (?:to"
    rf"|for)"
    rf"|(?:can|could|would|will|may|should|do|does|did|is|are|am|must) (?:you|i|u|we|my|the|there"
    rf"|it|your|someone)\b"
    rf"|what|how|when|where|which|who|why|whats|hows|{_VERBS})\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|them|they|he|she|one|ones|so|there|instead)\b(?!'s? (?:possible|cost))"
    r"|\b(?:this|that|these|those)\b(?!\s+(?:month|week|year|morning|afternoon|evening|card|account"
    r"|payment"
    r"|the|i|you|my))",
    re.IGNORECASE,
)
_ONLY_HELP = re.compile(
    r"^\W*(?:(?:can|could|would|will|please) (?:you|someone|anyone|somebody)?\s*(?:please )?(?:help"
    r"|assist|advise"
    r"|explain|check|look|fix)\b.{0,24}"
    r"|help(?: me)?(?: please)?|what (?:should|can|do|must|shall|could|would) (?:i|we"
    r"|you) (?:need to |have to )?"
    r"(?:do|suggest|recommend|advise)\b.{0,16}|what(?:'s| is| has)? (?:now|next|wrong|happened"
    r"|happening|going on"
    r"|the (?:problem|issue|reason|matter))\b.{0,16}|why\b.{0,24}|how come.{0,30}"
    r"|how (?:do|can|should|would|could) (?:i|we|you) (?:\w+ )?(?:do|fix|solve|resolve|proceed"
    r"|sort)\b.{0,20}"
    r"|(?:let|tell) me (?:know|why|how(?: (?:this|that|it|so)\b.*)?|what to do|more)\W*|(?:i"
    r"|we) (?:need|want|would like) (?:some |your )?"
    r"(?:help|assistance|to know why|an explanation)\b.{0,20}|thank.*|(?:do|make) (?:something"
    r"|sure).*)\W*$",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"^\W*(?:if|when(?:ever)? (?:i|my|we|you|the)|while|because|since|unless|until|before|after"
    r"|although|though|as i"
    r"|in case|once)\b",
    re.IGNORECASE,
)
_NOUN_PHRASE = re.compile(
    r"^(?:my|our|the (?:last|latest|recent|pending|current|newest|most)|all my|any (?:pending"
    r"|recent)|(?:last|recent"
    r"|latest|pending)\b)\s*(?:\S+\s*){0,7}$",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"\b(?:between|difference|compare|versus|vs|both|or)\b", re.IGNORECASE)
_HIDDEN = "\x00"


def split(text: str, language: str) -> tuple[Segment, ...]:
    """The possible requests, in the order in which they were made."""
    if len(text) > LONGEST:
        return ()
    text = _RUN_OF_STOPS.sub(", ", text)
    if language == "zh":
        found = tuple(
            Segment(request.text, request.shares_verb, request.is_added)
            for request in split_chinese(fold(text))
        )
    elif has_cjk(text):
        return ()
    else:
        found = _split_english(text)
    return found if len(found) <= MAX_SEGMENTS else ()


def _split_english(text: str) -> tuple[Segment, ...]:
    folded = text.replace("’", "'")
    shielded = _JOINT_PHRASES.sub(lambda found: found.group().replace(" ", _HIDDEN), folded)
    found: list[Segment] = []
    for clause, joint in _clauses(shielded):
        segment = _as_request(clause.replace(_HIDDEN, " "), joint, found)
        if segment is not None:
            found.append(segment)
    return tuple(found)


def _clauses(text: str) -> Sequence[tuple[str, str]]:
    """Each clause with what joins it to the one before."""
    cut: list[tuple[str, str]] = []
    at, joint = 0, "stop"
    for found in _BREAK.finditer(text):
        if text[at : found.start()].strip():
            cut.append((text[at : found.start()], joint))
            joint = found.lastgroup or "stop"
        elif found.lastgroup == "strong":
            joint = "strong"
        at = found.end()
    if text[at:].strip():
        cut.append((text[at:], joint))
    return cut


def _as_request(clause: str, joint: str, before: Sequence[Segment]) -> Segment | None:
    plain = _OPENERS.sub("", clause).strip(" ,.:;-–—")
    if not plain or _SUBORDINATE.match(plain) or _ONLY_HELP.match(plain):
        return None
    if _REQUEST.match(plain):
        if _POINTS_BACK.search(plain) or len(plain.split()) < 2:
            return None
        return Segment(plain, is_added=joint in ("strong", "joint"))
    if joint in ("joint", "strong", "stop") and before and _NOUN_PHRASE.match(plain):
        return _with_verb_of(before[-1], plain)
    if joint == "strong" and plain.lower().startswith("how to "):
        return Segment(plain, is_added=True)
    return None


def _with_verb_of(before: Segment, noun_phrase: str) -> Segment | None:
    """ "Show me my balance and my last payments": the second thing is to be shown as well."""
    carrier = _CARRIER.match(before.text)
    if carrier is None or _COMPARES.search(before.text):
        return None
    return Segment(f"{carrier['verb']} {noun_phrase}", shares_verb=True, is_added=True)
