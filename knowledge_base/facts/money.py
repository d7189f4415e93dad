"""Amounts of money in English and Chinese text. Knows currencies by name, not what they are for."""

import re
from collections.abc import Iterator
from decimal import Decimal

from babel.numbers import get_currency_name

from knowledge_base.facts.numbers import CHINESE_NUMBER, DIGITS, SCALE, parse_number
from knowledge_base.facts.types import FactKind, Finding

CURRENCIES = (
    "EUR", "GBP", "USD", "CNY", "HKD", "JPY", "CHF", "AUD", "CAD", "SGD", "NZD", "TWD", "MOP",
    "KRW", "INR", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "AED",
)  # fmt: skip
_SYMBOLS = {
    "US$": "USD", "HK$": "HKD", "A$": "AUD", "C$": "CAD", "S$": "SGD", "NT$": "TWD", "MOP$": "MOP",
    "CN¥": "CNY", "RMB": "CNY", "€": "EUR", "£": "GBP", "$": "USD", "¥": "CNY", "￥": "CNY",
    "₹": "INR", "₩": "KRW",
}  # fmt: skip


def _names() -> dict[str, str]:
    """What people call the currencies, from CLDR and as they shorten it."""
    names = {
        "euro": "EUR", "euros": "EUR", "pounds": "GBP", "pounds sterling": "GBP", "dollars": "USD",
        "yuan": "CNY", "yen": "JPY", "francs": "CHF", "元人民币": "CNY", "元": "CNY", "块钱": "CNY",
        "港币": "HKD", "日圆": "JPY", "人民币元": "CNY", "pence": "GBP/100",
        "欧分": "EUR/100",
    }  # fmt: skip
    for code in CURRENCIES:
        names[code.lower()] = code
        for locale, count in (("en", 1), ("en", 2), ("zh", 2)):
            name = get_currency_name(code, count=count, locale=locale).lower()
            names.setdefault(name.removeprefix("chinese "), code)
    return {name: code for name, code in names.items() if name != "人民币"}


_NAMES = _names()
_PREFIXES = {**{sign.lower(): code for sign, code in _SYMBOLS.items()}, "人民币": "CNY"} | {
    code.lower(): code for code in CURRENCIES
}


def _any_of(words: dict[str, str]) -> str:
    return "|".join(
        re.escape(word) + (r"(?![a-z])" if word.isascii() and word[-1].isalpha() else "")
        for word in sorted(words, key=len, reverse=True)
    )


_NUMBER = rf"(?:{DIGITS}(?:\s?(?:百万|千万|[千万亿])(?!\w*[a-z])|{SCALE}))"
_RANGE = r"\s?(?:-|–|—|~|～|to|至|到)\s?"
_BEFORE = re.compile(
    rf"(?<![a-z])(?P<sign>{_any_of(_PREFIXES)})\s?(?P<low>{_NUMBER})"
    rf"(?:{_RANGE}(?:(?P=sign)\s?)?(?P<high>{_NUMBER}))?(?:\s?元)?",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?P<low>{CHINESE_NUMBER}|{_NUMBER})"
    rf"(?:(?:\s?(?:{_any_of(_NAMES)}))?{_RANGE}(?P<high>{CHINESE_NUMBER}|{_NUMBER}))?"
    rf"\s?(?P<sign>{_any_of(_NAMES)})",
    re.IGNORECASE,
)


def find_money(text: str) -> Iterator[Finding]:
    """Every amount with its currency, ranges as one finding `low..high`."""
    taken: list[tuple[int, int]] = []
    for pattern, currencies in ((_BEFORE, _PREFIXES), (_AFTER, _NAMES)):
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            normalised = _normalise(match, currencies[match["sign"].lower()])
            if normalised is not None:
                taken.append((start, end))
                yield Finding(FactKind.AMOUNT, start, end, normalised)


def _normalise(match: re.Match[str], currency: str) -> str | None:
    code, _, parts = currency.partition("/")
    amounts: list[Decimal] = []
    for said in filter(None, (match["low"], match["high"])):
        value = parse_number(said)
        if value is None:
            return None
        amounts.append(value / int(parts or 1))
    return "..".join(f"{amount:.2f}" for amount in amounts) + f" {code}"
