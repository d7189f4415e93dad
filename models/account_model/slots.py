"""Read slots from a customer's words: card ending, how many, which account. Pure; no bank data."""

import re
from dataclasses import dataclass

_ENDING = re.compile(
    r"(?:ending|ends|last\s+(?:four|4)(?:\s+digits)?|尾号|末四位|后四位)\D{0,12}(\d{4})(?!\d)",
    re.IGNORECASE,
)
_MASKED_CARD = re.compile(r"\[card number ••(\d{4})\]")  # as the content filter leaves it
_BARE_ENDING = re.compile(
    r"(?<![\d.,€$¥£])(\d{4})(?![\d.,]|\s*(?:eur|euro|欧|年|元))", re.IGNORECASE
)
_COUNT = re.compile(
    r"(?:last|latest|recent|past|最近|近)\s*(?:的)?\s*(\d{1,2}|two|three|five|ten|两|三|五|十)(?!\d)",
    re.IGNORECASE,
)
_NUMBERS = {"two": 2, "three": 3, "five": 5, "ten": 10, "两": 2, "三": 3, "五": 5, "十": 10}
_ACCOUNT_KINDS = {
    "savings": re.compile(r"\bsavings?\b|\bsaver\b|储蓄|存款账户|儲蓄", re.IGNORECASE),
    "everyday": re.compile(
        r"\b(?:current|everyday|checking|main)\b|活期|日常账户|往来账户", re.IGNORECASE
    ),
}
_CARD_KINDS = {
    "credit": re.compile(r"\bcredit\s*card\b|信用卡", re.IGNORECASE),
    "debit": re.compile(r"\bdebit\s*card\b|借记卡|储蓄卡|借記卡", re.IGNORECASE),
}
MAX_COUNT = 20


@dataclass(frozen=True, slots=True)
class Slots:
    """What an utterance tells beyond its action; None where it says nothing."""

    card_ending: str | None = None
    card_kind: str | None = None  # debit | credit
    account_kind: str | None = None  # everyday | savings
    count: int | None = None


def read_slots(text: str, *, expects_card: bool = False) -> Slots:
    """Slots of one utterance; a bare four-digit number is a card ending where one is expected."""
    ending = _ENDING.search(text) or _MASKED_CARD.search(text)
    if ending is None and expects_card:
        ending = _BARE_ENDING.search(text)
    return Slots(
        card_ending=ending.group(1) if ending else None,
        card_kind=_first_kind(_CARD_KINDS, text),
        account_kind=_first_kind(_ACCOUNT_KINDS, text),
        count=_read_count(text),
    )


def _first_kind(kinds: dict[str, re.Pattern[str]], text: str) -> str | None:
    return next((kind for kind, pattern in kinds.items() if pattern.search(text)), None)


def _read_count(text: str) -> int | None:
    found = _COUNT.search(text)
    if found is None:
        return None
    word = found.group(1).lower()
    return min(MAX_COUNT, _NUMBERS[word] if word in _NUMBERS else int(word)) or None
