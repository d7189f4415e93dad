"""Lengths of time in English and Chinese, and whether something is due before they end. Pure text.

Normalised as ISO 8601 durations; working days, which ISO does not know, as `P5BD`.
"""

import re
from collections.abc import Iterator

from knowledge_base.facts.numbers import (
    CHINESE_NUMBER,
    ENGLISH_NUMBER,
    parse_number,
)
from knowledge_base.facts.types import FactKind, Finding

_UNITS = {
    "minute": "PT{}M", "hour": "PT{}H", "day": "P{}D", "week": "P{}W", "fortnight": "P{}W",
    "month": "P{}M", "quarter": "P{}Q", "year": "P{}Y", "business day": "P{}BD",
    "分钟": "PT{}M", "个小时": "PT{}H", "小时": "PT{}H", "天": "P{}D", "日": "P{}D",
    "个自然日": "P{}D", "个日历日": "P{}D", "自然日": "P{}D", "日历日": "P{}D", "周": "P{}W",
    "个星期": "P{}W", "星期": "P{}W", "个月": "P{}M", "个季度": "P{}Q", "年": "P{}Y",
    "个工作日": "P{}BD", "工作日": "P{}BD", "个营业日": "P{}BD", "营业日": "P{}BD",
    "个交易日": "P{}BD", "交易日": "P{}BD",
}  # fmt: skip
_RANGE = r"\s?(?:-to-|-|–|—|~|～|to|or|至|到|或)\s?"
_ENGLISH = re.compile(
    rf"(?P<low>{ENGLISH_NUMBER}|(?:(?<=within )|(?<=after )|(?<=for ))an?(?!\w))\)?"
    rf"(?:{_RANGE}(?P<high>{ENGLISH_NUMBER}))?"
    r"[-\s](?P<kind>(?:working|business|banking|trading|calendar|full|whole|further|additional|more)"
    r"[-\s])?"
    r"(?P<unit>minute|hour|day|week|month|quarter|year)s?(?![a-z-]*\s(?:hot)?line)"
    r"(?!\s(?:a|per)\s(?:day|week))(?!\w)(?!-olds?)(?!\sold)",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    rf"(?<![月第那同当某下上〇零一二三四五六七八九十百两])(?P<low>{CHINESE_NUMBER})"
    rf"(?:{_RANGE}(?P<high>{CHINESE_NUMBER}))?\s?"
    rf"(?P<unit>{'|'.join(sorted((u for u in _UNITS if not u.isascii()), key=len, reverse=True))})"
    r"(?!热线|客服|[均都]?(?:提供|开放|受理)|岁|度|生|息|初|末|底|间|[一二三四五六日天\d])"
)
_WORKING = ("working", "business", "banking", "trading")
# words before and behind a period that make it a deadline
_DUE_BEFORE = re.compile(
    r"(?:within|no later than|not later than|at (?:the )?latest|at least|before|inside|by|in|"
    r"(?:take|takes|taking)(?: about| up to| at most)?)"
    r"\s(?:the (?:next|following)\s|about\s|\w+\s\()?$"
    r"|(?:最迟|最晚|至少|前|提前|不少于|不晚于|不迟于|应于|须在|将?在|约|需要?)\s?$",
    re.IGNORECASE,
)
# something goes on for so long, whatever comes after it
_LASTS_BEFORE = re.compile(
    r"\b(?:for|of|(?:older|longer|more|less|fewer) than|every)\s"
    r"(?:the (?:first|last)\s|another\s|\w+\s\()?$"
    r"|(?:保存|保留|有效期|期限)(?:为|是)?\s?$",
    re.IGNORECASE,
)
_DUE_AFTER = re.compile(
    r"\)?\s?(?:at (?:the )?(?:latest|most)|(?:from|after|before|prior|following)\s|"
    r"(?:[’']\s?)?(?:written\s|prior\s)?notice|in advance|ahead)"
    r"|\s?(?:之?以?内|之?以?前|届满|内|前|后)",
    re.IGNORECASE,
)


def find_periods(text: str) -> Iterator[Finding]:
    """Every length of time; a deadline where something is due within, before or after it."""
    for pattern in (_ENGLISH, _CHINESE):
        for match in pattern.finditer(text):
            normalised = _normalise(match)
            if normalised is not None and not _is_calendar_year(match):
                start = match.start()
                yield Finding(_kind(text, start, match.end()), start, match.end(), normalised)


def _kind(text: str, start: int, end: int) -> FactKind:
    if _LASTS_BEFORE.search(text[max(0, start - 20) : start]):
        return FactKind.PERIOD
    is_due = _DUE_BEFORE.search(text[max(0, start - 30) : start]) or _DUE_AFTER.match(text, end)
    return FactKind.DEADLINE if is_due else FactKind.PERIOD


def _normalise(match: re.Match[str]) -> str | None:
    unit = match["unit"].lower()
    if (match.groupdict().get("kind") or "").strip(" -").lower() in _WORKING:
        unit = "business day" if unit == "day" else unit
    values: list[str] = []
    for said in filter(None, (match["low"], match["high"])):
        value = parse_number("one" if said.lower() in ("a", "an") else said)
        if value is None:
            return None
        values.append(_UNITS[unit].format(f"{value.normalize():f}"))
    return "..".join(values)


def _is_calendar_year(match: re.Match[str]) -> bool:
    """2026年 and 二〇二六年 are dates."""
    return match["unit"] == "年" and (parse_number(match["low"]) or 0) >= 1900
