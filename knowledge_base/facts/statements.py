"""Sentences that bind somebody or define a word, in English and Chinese. Pure text."""

import re

from knowledge_base.facts.types import FactKind, Finding

_BOUND = (
    r"(?:you|we|they|nobody|no one|customers?|(?:card|account)?holders?|borrowers?|agents?|staff|"
    r"applicants?|merchants?|part(?:y|ies)|persons?|users?|lenders?|bank|members?)"
)
# with these "may not" says that it might be so
_STATE = r"be (?:able|eligible|responsible|liable|aware|required|sure|possible)"
_MUST_NOT = re.compile(
    rf"\b(?:must|shall)\s+(?:not|never)\b|\b{_BOUND} may (?:not|never)\b"
    rf"(?! (?:always|only|get|find|have|need|know|want|see|understand|{_STATE}))"
    r"|\b(?:nobody|no one|none|no \w+) may\b|\b(?:are|is) not (?:allowed|permitted|entitled) to\b"
    r"|\b(?:are|is) (?:prohibited|forbidden) from\b"
    r"|(?:^|[,;:] |\b(?:and|you) )(?:should )?never (?:share|give|tell|send|write|disclose)\b"
    r"|不得(?!不)|不应当?(?!有的)|不可(?![以抗撤分逆])|严禁|(?<![（或])禁止(?!扣款)|切勿|请勿",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"\b(?:must|shall)\b(?!\s+have been)|\b(?:are|is|will be) (?:required|obliged|obligated) to\b"
    r"|必须|须(?![知臾])|应当|有义务|有责任|务必"
    r"|(?<![不相反对适响效供回因感])应(?=[在当于按向及立妥将以自随先书配提确如承保主经事])",
    re.IGNORECASE,
)
_NEED = re.compile(r"\b(?:have|has|needs?) to\b(?! do with)", re.IGNORECASE)
# words right before "have to" that take its force away
_SOFTENED = re.compile(
    r"(?:n[’']t|\bnot|\bnever|\bmay|\bmight|\balso|\bwould|[’']d|\b(?:mean|less|says?) you"
    r"|\binformation (?:they|you)) $",
    re.IGNORECASE,
)
# a condition or a question binds nobody
_NOT_BINDING = re.compile(
    r"[?？]\s*$|\b(?:whether|if|when|once)\b[^,.;:]{1,40}\b(?:needs?|ha(?:s|ve)) to\b"
    r"|\b(?:if|when|what|which|whether|that) (?:it|you|we|they)(?: also)? must\b"
    r"|\bif [^,.;:]{1,40}\b(?:must|(?:is|are) required)\b|\bthat ha(?:ve|s) to\b"
    r"|\b(?:amount|money|what|which|that|mean|means|where) (?:that )?(?:you|they|we|it)\b"
    r"[^,.;:]{0,25}\b(?:ha(?:ve|s)|needs?) to\b",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(r"[:：]\s*$")
_QUOTED = r"[“\"‘'「『*]{1,3}(?P<term>[^”\"’'」』*\n]{1,60})[”\"’'」』*]{1,3}"
_DEFINITIONS = (
    re.compile(
        rf"{_QUOTED}\s*(?:\([^)]{{0,60}}\)\s*)?"
        r"(?:means?|refers? to|is defined as|has the meaning|includes?)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:(?:in|for the purposes? of) (?:these terms|this \w+|the \w+),?\s+)?"
        r"(?P<term>(?!(?:this|that|it|which|what)\b)(?:an? |the )?[A-Za-z][\w\- ]{0,40}?)\s+"
        r"(?:means(?! that)|refers to|is defined as)\s",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:本\w{{1,6}}所?称的?)?{_QUOTED}[，,]?\s*(?:是指|系指|指的是|指|是)(?!定|示|南|数|标)"
    ),
    re.compile(
        r"^(?:本\w{1,6}所?称的?)?(?P<term>[\u4e00-\u9fffA-Za-z\d]{2,16}?)[，,]?\s*(?:是指|系指|指的是)"
    ),
)


def find_obligations(text: str, context: str = "") -> list[Finding]:
    """The whole text as an obligation: it, or the words that introduce it, say must or must not."""
    for words in (text, context if _INTRODUCES.search(context) else ""):
        if _NOT_BINDING.search(words):
            return []
        if _MUST_NOT.search(words):
            return [Finding(FactKind.OBLIGATION, 0, len(text), "must_not")]
        if _MUST.search(words) or _demands(words):
            return [Finding(FactKind.OBLIGATION, 0, len(text), "must")]
    return []


def _demands(words: str) -> bool:
    """Whether "have to" or "need to" stands there with its full force."""
    return any(not _SOFTENED.search(words[: found.start()]) for found in _NEED.finditer(words))


def find_definitions(text: str) -> list[Finding]:
    """The word that a sentence defines; at most one."""
    for pattern in _DEFINITIONS:
        match = pattern.search(text)
        if match is not None:
            term = match["term"].strip()
            start = match.start("term") + match["term"].index(term)
            return [Finding(FactKind.DEFINITION, start, start + len(term), term)]
    return []
