"""Payment card numbers: Luhn and issuer ranges, or the words around a mistyped one."""

import re
from collections.abc import Iterator

from app.content_filter.findings import FindingType, Match
from app.content_filter.normalise import View
from app.content_filter.recognizers.numbers import Digits, digit_spans, passes_luhn

# (first prefix, last prefix, lengths); ISO/IEC 7812 ranges as the networks publish them
_ISSUERS: tuple[tuple[int, int, frozenset[int]], ...] = (
    (4, 4, frozenset({13, 16, 19})),  # Visa
    (51, 55, frozenset({16})),  # Mastercard
    (2221, 2720, frozenset({16})),  # Mastercard 2-series
    (34, 34, frozenset({15})),  # American Express
    (37, 37, frozenset({15})),
    (62, 62, frozenset({16, 17, 18, 19})),  # UnionPay
    (81, 82, frozenset({16, 17, 18, 19})),  # UnionPay, RuPay
    (300, 305, frozenset({14, 16, 17, 18, 19})),  # Diners Club
    (36, 36, frozenset({14, 16, 17, 18, 19})),
    (38, 39, frozenset({14, 16, 17, 18, 19})),
    (3528, 3589, frozenset({16, 17, 18, 19})),  # JCB
    (6011, 6011, frozenset({16, 17, 18, 19})),  # Discover
    (644, 659, frozenset({16, 17, 18, 19})),
    (60, 60, frozenset({16})),  # RuPay
    (508, 508, frozenset({16})),
    (2200, 2204, frozenset({16, 17, 18, 19})),  # Mir
    (50, 50, frozenset(range(13, 20))),  # Maestro
    (56, 58, frozenset(range(13, 20))),
    (63, 63, frozenset(range(16, 20))),
    (67, 67, frozenset(range(13, 20))),
)
_CARD_WORDS = re.compile(
    r"card (?:number|no|num|#)|(?:credit|debit|bank) card|(?<![a-z])pan(?![a-z])|卡号|银行卡"
    r"|信用卡|储蓄卡|借记卡"
)
_OTHER_NUMBER = re.compile(r"order|reference|account|tracking|transaction|订单|流水|账号|单号")
_REACH = 40


def find(view: View) -> Iterator[Match]:
    """Card numbers of 13 to 19 digits, whatever stands between the digits."""
    words = [word.end() for word in _CARD_WORDS.finditer(view.text)]
    for digits in digit_spans(view.text, low=13, high=19):
        if _is_card(digits.value) or _is_announced(view.text, digits, words):
            start, end = view.span(digits.start, digits.end)
            yield Match(FindingType.CARD_NUMBER, start, end, digits.value)


def _is_card(digits: str) -> bool:
    return has_issuer(digits) and passes_luhn(digits)


def has_issuer(digits: str) -> bool:
    """Whether a card network issues numbers with this beginning and length."""
    return any(
        len(digits) in lengths and first <= int(digits[: len(str(first))]) <= last
        for first, last, lengths in _ISSUERS
    )


def _is_announced(text: str, digits: Digits, words: list[int]) -> bool:
    """A mistyped number is still a secret when the words before it call it a card number."""
    for end in words:
        gap = text[end : digits.start]
        if 0 <= digits.start - end <= _REACH and not _OTHER_NUMBER.search(gap):
            return not any(char.isdigit() for char in gap)
    return False
