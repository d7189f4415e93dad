"""What an amount is for: a fee, a limit, or an amount. Also limits that are plain counts.

Decided by the nearest words that say it: the clause, then the sentence, the column, the heading.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge_base.facts.numbers import CHINESE_NUMBER, ENGLISH_NUMBER, parse_number
from knowledge_base.facts.types import FactKind, Finding

_FEE = re.compile(
    r"\b(?:fees?|charges?|charged|commission|price[ds]?|penalt(?:y|ies))\b|^costs?$"
    r"|\bcosts? (?:only |just |about |from |another )?(?=[€£$¥\d])"
    r"|手续费|年费|月费|工本费|管理费|违约金|滞纳金|费用|收费|资费|收取|佣金|服务费|汇款费|费(?![率者])",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"\b(?:up to|at most|no more than|not more than|maximum|max|not exceed(?:ing)?|not above|"
    r"largest|highest|limit(?:s|ed)?|capped|ceiling|cap)\b"
    r"|不超过|不得超过|不能超过|最多|最高|至多|上限|限额|额度|以内|以下",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"\b(?:at least|minimum|min|no less than|not less than|no fewer than|or more|or above|"
    r"smallest|lowest|starts? (?:at|from))\b"
    r"|至少|最低|不低于|不少于|起存|起购|以上|起点",
    re.IGNORECASE,
)
_CLAUSE_BORDER = re.compile(r"[;；。，,、:：()（）|–]|\.(?=\s|$)|\b(?:and|but|or|plus)\b|[，]而")
_FREE = re.compile(
    r"\bfree of charge\b|\bno (?:\w+ )?(?:fee|charge)s?\b|\bat no cost\b|\bcosts? nothing\b"
    r"|\b(?:is|are|remains?|stays?)(?: always| still)? free"
    r"(?=[.,;)]|$| (?:when|if|for|at|and|in|until|with))"
    r"|\bwithout (?:an?y? )?(?:fee|charge)\b"
    r"|(?<=\|)\s*free\s*(?=\|)|免费|不收费|不收取(?:任何)?(?:费用|手续费)|免收[^，。；|]{0,8}费",
    re.IGNORECASE,
)
_BARE = 4  # characters beside the amount and its bound
_COUNT_NOUN = (
    r"(?P<noun>times?|attempts?|cards?|accounts?|payments?|transfers?|withdrawals?|people|persons?|"
    r"holders?|copies|documents?|digits|characters|transactions?|years old|years of age)"
)
_COUNTS = (
    re.compile(
        rf"(?:\b(?P<most>up to|at most|no more than|not more than|maximum of|limit of|limited to)|"
        rf"\b(?P<least>at least|minimum of|no fewer than|not less than|aged|over|under))\s"
        rf"(?P<number>{ENGLISH_NUMBER})\s(?:\w+\s)?{_COUNT_NOUN}(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:(?P<most>最多|至多|不超过|不得超过|上限为?)|(?P<least>至少|不少于|年满|[未不]?满))"
        rf"[^\d，。；、]{{0,4}}?(?P<number>{CHINESE_NUMBER})\s?"
        r"(?P<noun>次|笔|张|个账户|个|份|人|位|名|户|周岁|岁)(?!月|工作日|星期|小时|季度|营业日|自然日|交易日)"
    ),
)


def with_role(
    finding: Finding, text: str, around: Sequence[str], *, is_row: bool = False
) -> Finding:
    """An amount as fee or limit, where the words near it say so.

    `around` is what gives the text meaning, nearest first: the column, the heading. In a row the
    other cells say nothing about this one.
    """
    if finding.kind is not FactKind.AMOUNT:
        return finding
    start, end = _clause(text, finding.start, finding.end)
    sentence = () if is_row else (text,)
    clause = text[start:end]
    bound = _bound(clause)
    if bound and _is_bare(clause, finding.end - finding.start) and _FEE.search(text):
        return replace(finding, kind=FactKind.FEE)  # a fee of 3%, at least €4
    for words in (clause, *sentence, *around):
        bound = _bound(words)
        if _FEE.search(words):
            return replace(finding, kind=FactKind.FEE)
        if bound:
            return replace(finding, kind=FactKind.LIMIT, normalised=f"{bound} {finding.normalised}")
    return finding


def find_free(text: str) -> Iterator[Finding]:
    """Where something is said to cost nothing."""
    for match in _FREE.finditer(text):
        words = match.group().strip()
        start = match.start() + match.group().index(words)
        yield Finding(FactKind.FEE, start, start + len(words), "0")


def find_counts(text: str) -> Iterator[Finding]:
    """Limits that are no money: at most three attempts, 最多五张."""
    for pattern in _COUNTS:
        for match in pattern.finditer(text):
            value = parse_number(match["number"])
            if value is not None:
                sign = "<=" if match["most"] else ">="
                if (match["least"] or "").lower() in ("under", "未满", "不满"):
                    sign = "<"
                yield Finding(FactKind.LIMIT, *match.span(), f"{sign} {value.normalize():f}")


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The piece between two borders around a value."""
    before = [border.end() for border in _CLAUSE_BORDER.finditer(text, 0, start)]
    after = _CLAUSE_BORDER.search(text, end)
    return before[-1] if before else 0, after.start() if after else len(text)


def _is_bare(clause: str, length: int) -> bool:
    """Whether a clause holds hardly more than the amount and its bound."""
    return len(_AT_MOST.sub("", _AT_LEAST.sub("", clause)).strip()) - length <= _BARE


def _bound(words: str) -> str:
    most, least = _AT_MOST.search(words), _AT_LEAST.search(words)
    if most and least:
        return "<=" if most.start() <= least.start() else ">="
    return "<=" if most else (">=" if least else "")
