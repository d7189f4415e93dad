"""Must-not-miss rules that precede the classifier. Pure: patterns and text, no model, no I/O.

A rule fires on a clause of the utterance; a denial or a mere "what if" in the same clause
silences it there. Order matters: the gravest need is served first.
"""

import re
import unicodedata
from collections.abc import Iterator

from routing.rules import account_takeover, card_stolen, fraud_report, self_harm, speak_to_human
from routing.rules.rule import Rule
from routing.types import RuleMatch

_TRADITIONAL = str.maketrans(
    "銀賬帳戶號碼錢騙詐殺殘輕轉員經話談說別燒藥遺書結沒這誰個裡裏搶竊盜卡機動駭網黑密手電換"
    "讓請幫專線導發現過還時間實際與為嗎處錄設備異常飛陌車後從傷樓橋沖進見認識覺遭幾筆費買"
    "給難醒臺語務總對應報開關連係聯繫絡驗證撐",
    "银账账户号码钱骗诈杀残轻转员经话谈说别烧药遗书结没这谁个里里抢窃盗卡机动骇网黑密手电换"
    "让请帮专线导发现过还时间实际与为吗处录设备异常飞陌车后从伤楼桥冲进见认识觉遭几笔费买"
    "给难醒台语务总对应报开关连系联系络验证撑",
)
_CLAUSE = re.compile(r"[^.!?;,。，！？；、\n]+")


# the gravest need first
RULES = tuple(
    module.RULE
    for module in (self_harm, account_takeover, card_stolen, fraud_report, speak_to_human)
)


def match(text: str, language: str) -> RuleMatch | None:
    """The first rule that fires, in the order of `RULES`; the other language is read as well."""
    folded = _fold(text)
    languages = _languages(folded, language)
    for rule in RULES:
        place = next(_places(rule, folded, languages), None)
        if place is not None:
            return _as_match(rule, text, folded, *place)
    return None


def _places(rule: Rule, folded: str, languages: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where a rule hears what it listens for: first in one clause, then across them."""
    for clause in _CLAUSE.finditer(folded):
        for language in languages:
            found = rule.find(clause.group(), language)
            if found is not None:
                yield clause.start() + found.start(), clause.start() + found.end()
    across = rule.find_across(folded)
    if across is not None:
        yield across.span()


def _as_match(rule: Rule, text: str, folded: str, start: int, end: int) -> RuleMatch:
    """The match in the words of the text itself, where folding lets us find them again."""
    widths = [len(_fold(char)) for char in text]
    if sum(widths) != len(folded):
        return RuleMatch(rule.intent, rule.intent, folded[start:end])
    origins = [place for place, width in enumerate(widths) for _ in range(width)]
    first, last = origins[start], origins[end - 1] + 1
    return RuleMatch(rule.intent, rule.intent, text[first:last], first, last)


def _fold(text: str) -> str:
    """Lower case, straight apostrophes, simplified characters, no full-width forms."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return plain if plain.isascii() else plain.translate(_TRADITIONAL)


def _languages(folded: str, language: str) -> tuple[str, ...]:
    """Mixed messages are common: "my card was stolen 帮帮我"."""
    other = "en" if language == "zh" else "zh"
    return (language,) if other == "zh" and folded.isascii() else (language, other)
