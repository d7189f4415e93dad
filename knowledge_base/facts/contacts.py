"""How to reach somebody: telephone, e-mail, web and postal addresses. Pure text, no network."""

import re
from collections.abc import Iterator

from knowledge_base.facts.types import FactKind, Finding

_PHONES = (
    re.compile(
        r"(?<![A-Za-z\d+])\+\d{1,3}[\s\-]?(?:\(\d{1,4}\)[\s\-]?)?\d(?:[\s\-]?\d){5,12}(?!\d)"
    ),
    re.compile(r"(?<![\d-])(?:400|800)[-\s]?\d{3,4}[-\s]?\d{3,4}(?![\d-])"),
    re.compile(r"(?<![\d-])0\d{2,3}-\d{7,8}(?!\d)"),
    re.compile(r"(?<![\d-])1[3-9]\d{9}(?!\d)"),
    re.compile(r"(?<![\d.,-])95\d{3}(?:\d{3})?(?![\d.,%％元-])"),
    re.compile(
        r"(?<![\d-])(?:1-)?(?:\(\d{3}\)\s?|\d{3}-)(?:\d{3}-\d{4}(?!\d)|\d{3}-[A-Z]{4} \(\d{4}\))"
    ),
    re.compile(r"(?<![\d-])0[38]00[ -]?\d{3}[ -]?\d{3,4}(?!\d)|(?<![\d-])1800[ -]\d{3}[ -]?\d{3}"),
    re.compile(
        r"(?:(?:call|phone|telephone|tel|ring|hotline|fax)(?:\sus)?\.?\s?(?:on|at|is|:)?|"
        r"(?:电话|热线|致电|拨打|传真)(?:号码)?(?:为|是|：|:)?)\s?"
        r"(?P<number>\(?\d(?:[\s\-()]{0,2}\d){4,12})(?!\d)",
        re.IGNORECASE,
    ),
)
_EMAIL = re.compile(r"[\w.+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}", re.ASCII)
_URL = re.compile(
    r"https?://[^\s<>()\[\]\"'，。；！？、）】》|]+"
    r"|(?<![\w@./\-])(?:[a-z0-9\-]+\.){1,4}"
    r"(?:com|net|org|gov|eu|ie|uk|cn|hk|de|fr|info|example)(?![\w\-@]|\.\w)"
    r"(?:/[^\s<>()\[\]\"'，。；！？、）】》|]*)?",
    re.IGNORECASE | re.ASCII,
)
_STREET = (
    r"Street|Road|Avenue|Square|Lane|Quay|Boulevard|Drive|Place|Terrace|Parade|Row|Way|St|Rd|Ave"
)
_ADDRESSES = (
    re.compile(
        r"(?:(?:PO|P\.O\.) Box \d+"
        rf"|\d{{1,5}}[A-Z]?(?:[-–]\d+)? (?:[A-Z][\w’']+ ){{1,3}}(?:{_STREET})\b)"
        r"(?:, (?:[A-Z][\w’']*|\d)[\w’'\- ]{0,24}(?=[,.;)|]|$|\s(?:or|and|by)\b))*"
    ),
    re.compile(
        rf"(?:[A-Z][\w’']+ ){{1,3}}(?:House|Building|Tower|Court|Centre), "
        rf"(?:[A-Z][\w’']+ ){{1,3}}(?:{_STREET})\b(?:, [A-Z][\w’']+(?: \d{{1,2}})?(?!\w))*"
    ),
    re.compile(
        r"(?:[\u4e00-\u9fff]{2,6}?(?:省|自治区))?(?:[\u4e00-\u9fff]{2,6}?(?:市|州))?"
        r"(?:[\u4e00-\u9fff]{1,5}?[区县镇])?[\u4e00-\u9fff]{1,8}(?:路|街|大道|巷|道)"
        r"\d+号(?:[\u4e00-\u9fffA-Za-z\d]{0,12}?(?:室|楼|层|座|大厦))*"
    ),
)
_LEADING_WORDS = re.compile(
    r"^(?:请?(?:寄往|寄至|寄到|送至|邮寄至|前往|来函|致函|位于|地址为?|在|至))+"
)


def find_contacts(text: str) -> Iterator[Finding]:
    """Telephone numbers, e-mail, web and postal addresses."""
    for match in _EMAIL.finditer(text):
        yield Finding(FactKind.EMAIL, *match.span(), match.group().lower())
    for match in _URL.finditer(text):
        value = match.group().rstrip(".,;:!?")
        if not text[: match.start()].endswith("@"):
            yield Finding(FactKind.URL, match.start(), match.start() + len(value), value.lower())
    yield from _phones(text)
    for pattern in _ADDRESSES:
        for match in pattern.finditer(text):
            words = _LEADING_WORDS.sub("", match.group()).rstrip(", ")
            start = match.end() - len(match.group()) + match.group().index(words)
            yield Finding(FactKind.ADDRESS, start, start + len(words), " ".join(words.split()))


def _phones(text: str) -> Iterator[Finding]:
    taken: list[tuple[int, int]] = []
    for pattern in _PHONES:
        for match in pattern.finditer(text):
            start, end = match.span("number" if "number" in pattern.groupindex else 0)
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            taken.append((start, end))
            number = text[start:end]
            plus = "+" if number.startswith("+") else ""
            spoken = re.sub(r"[A-Z]{4} (?=\()", "", number)  # 411-CFPB (2372)
            yield Finding(FactKind.PHONE, start, end, plus + re.sub(r"\D", "", spoken))
