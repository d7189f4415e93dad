"""All recognisers of personal data over all readings of a text; overlaps are settled here."""

import re
from collections.abc import Iterable, Iterator

from app.content_filter.findings import FindingType, Match
from app.content_filter.normalise import Folded, View
from app.content_filter.recognizers import cards, codes, contacts, identities
from app.content_filter.recognizers.numbers import passes_luhn

_THREE_DIGITS = re.compile(r"[0-9][^0-9]*[0-9][^0-9]*[0-9]")
_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])")
# where two findings overlap the earlier one here names the span
_PRECEDENCE = (
    FindingType.IBAN,
    FindingType.NATIONAL_ID_CN,
    FindingType.CARD_NUMBER,
    FindingType.PASSPORT,
    FindingType.NATIONAL_ID,
    FindingType.ONE_TIME_CODE,
    FindingType.CVV,
    FindingType.PIN,
    FindingType.EMAIL,
    FindingType.PHONE,
    FindingType.EXPIRY,
)
_RANK = {kind: rank for rank, kind in enumerate(_PRECEDENCE)}


def find_personal_data(folded: Folded) -> list[Match]:
    """Every number, id and address, one finding per place, in order of appearance."""
    found: list[Match] = []
    for view in folded.numeric:
        found.extend(contacts.find_emails(view))
        found.extend(codes.find_spelt(view))
        if _THREE_DIGITS.search(view.text):
            found.extend(_find_numbers(view))
    return _settle(found)


def _find_numbers(view: View) -> Iterator[Match]:
    rest = view.text
    for start, end, iban in contacts.find_ibans(view):
        rest = rest[:start] + "#" * (end - start) + rest[end:]
        yield iban
    if "-" in rest:
        rest = _UUID.sub(lambda uuid: "#" * len(uuid.group()), rest)
    remaining = View(rest, view.starts, view.ends)
    for recogniser in (cards, identities, codes, contacts):
        yield from recogniser.find(remaining)


def _settle(found: Iterable[Match]) -> list[Match]:
    """Join overlapping findings: the strongest names the joined span, nothing stays uncovered."""
    settled: list[Match] = []
    for match in sorted(found, key=lambda one: (one.start, one.end)):
        if settled and match.start < settled[-1].end:
            settled[-1] = _join(settled[-1], match)
        else:
            settled.append(match)
    return settled


def _join(left: Match, right: Match) -> Match:
    best = min(left, right, key=_strength)
    return Match(best.type, left.start, max(left.end, right.end), best.value)


def _strength(match: Match) -> tuple[int, bool, int]:
    is_doubtful = match.type is FindingType.CARD_NUMBER and not passes_luhn(match.value)
    return _RANK[match.type], is_doubtful, -len(match.value)
