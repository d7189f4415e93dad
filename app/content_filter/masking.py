"""Write a text again with findings replaced by labels. Knows no rule about what is masked."""

import re
from collections.abc import Collection, Iterable

from app.content_filter.findings import FindingType, Match

_LABELS = {
    FindingType.CVV: "[CVV]",
    FindingType.PIN: "[PIN]",
    FindingType.ONE_TIME_CODE: "[one-time code]",
    FindingType.NATIONAL_ID_CN: "[national id]",
    FindingType.NATIONAL_ID: "[national id]",
    FindingType.PASSPORT: "[passport]",
    FindingType.PHONE: "[phone]",
    FindingType.EMAIL: "[e-mail]",
    FindingType.LINK: "[link removed]",
    FindingType.REMOTE_IMAGE: "[image removed]",
    FindingType.CANARY: "[removed]",
}
_PLAIN = re.compile(r"[^0-9a-z]")


def mask(text: str, matches: Iterable[Match], *, kinds: Collection[FindingType]) -> str:
    """Replace every match of these kinds; matches do not overlap."""
    pieces: list[str] = []
    done = 0
    for match in sorted(matches, key=lambda one: one.start):
        if match.type not in kinds or match.start < done:
            continue
        pieces += [text[done : match.start], label(match)]
        done = match.end
    return "".join([*pieces, text[done:]])


def label(match: Match) -> str:
    """What stands in place of a value: its kind, and at most its last four characters."""
    if match.type is FindingType.CARD_NUMBER:
        return f"[card number ••{match.value[-4:]}]"
    if match.type is FindingType.IBAN:
        return f"[IBAN {match.value[:2].upper()}••{match.value[-4:].upper()}]"
    return _LABELS.get(match.type, f"[{match.type.value}]")


def plain(value: str) -> str:
    """A value as letters and digits, so that two ways of writing it compare equal."""
    return _PLAIN.sub("", value.lower())
