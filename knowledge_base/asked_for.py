"""What kind of thing a question asks for, and whether a text offers that kind. Knows no index."""

import re
from enum import StrEnum


class Asked(StrEnum):
    """Kinds that a heading names and that leave marks in a text."""

    AMOUNT = "amount"
    PRICE = "price"
    TIME = "time"
    LIMIT = "limit"
    REASON = "reason"
    STOP = "stop"


_QUESTIONS = {
    Asked.AMOUNT: re.compile(r"\bhow (?:much|many)\b|多少", re.IGNORECASE),
    Asked.PRICE: re.compile(
        r"\bhow much (?:is|are|does|do i pay|to pay)\b|\bcosts?\b|\bfees?\b|\bprices?\b"
        r"|\bcharged?\b|\bfree\b|\bpay something\b|\binterest\b|\brates?\b|\bpenalty\b"
        r"|多少钱|收费|费用|手续费|月费|要钱|免费|利率|利息|违约金",
        re.IGNORECASE,
    ),
    Asked.TIME: re.compile(
        r"\bhow (?:long|fast|soon|quick|quickly|many days)\b|\bwhen\b|\buntil\b"
        r"|多久|几天|几号|多长时间|什么时候|何时",
        re.IGNORECASE,
    ),
    Asked.LIMIT: re.compile(
        r"\bhow (?:high|big|many)\b|\bhow much .*(?:\bcan\b|\bper day\b)|\blimits?\b|\bmaximum\b"
        r"|\bminimum\b|\bmost\b|\bup to\b|\bat least\b|最多|最少|最低|最高|限额|额度|几张|几成",
        re.IGNORECASE,
    ),
    Asked.REASON: re.compile(r"\bwhy\b|\breasons?\b|为什么|原因|为何", re.IGNORECASE),
    Asked.STOP: re.compile(r"\bcancel|\bstop|\bundo\b|取消|撤|停", re.IGNORECASE),
}
_MARKS = {
    Asked.AMOUNT: re.compile(r"\d"),
    Asked.PRICE: re.compile(r"€|%|\bfree\b|欧元|免费", re.IGNORECASE),
    Asked.TIME: re.compile(
        r"\d\s*(?:working |more )?(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?"
        r"|个?工作日|天|周|个?月|年|个?小时|分钟|秒)|\d:\d\d|\bday before\b|前一天",
        re.IGNORECASE,
    ),
    Asked.LIMIT: re.compile(r"\d"),
    Asked.REASON: re.compile(r"\bbecause\b|\breasons?\b|因为|原因|由于", re.IGNORECASE),
}
_PHONE = re.compile(r"\+\d[\d ]+")


def asked_for(question: str) -> frozenset[Asked]:
    """The kinds that a question, or a heading worded as one, asks for."""
    return frozenset(kind for kind, words in _QUESTIONS.items() if words.search(question))


def offers(text: str, asked: frozenset[Asked]) -> bool:
    """Whether the text shows a figure or a word of one of these kinds; phone numbers are none."""
    plain = _PHONE.sub("", text)
    return any(kind in _MARKS and _MARKS[kind].search(plain) is not None for kind in asked)
