"""IBAN, phone and e-mail: found so that they can be listed and masked where a rule asks for it."""

import re
from collections.abc import Iterator

from app.content_filter.findings import FindingType, Match
from app.content_filter.normalise import View

# length of an IBAN by country, from the SWIFT registry
_IBAN_LENGTHS = {
    country: int(row.split(":")[0])
    for row in (
        "15: no", "16: be", "18: dk fo fi gl nl sd", "19: mk si",
        "20: at ba ee kz lt lu mn xk", "21: hr lv li ch", "22: bh bg cr ge de ie me rs gb va",
        "23: ae gi il iq tl om so", "24: ad cz md pk ro sa sk es se tn vg", "25: pt st ly",
        "26: is tr", "27: bi dj fr gr it mc mr sm", "28: al az by cy do gt hu lb ni pl sv",
        "29: br eg ps qa ua", "30: jo kw mu", "31: mt sc", "32: lc", "33: ru",
    )
    for country in row.split(":")[1].split()
}  # fmt: skip
_IBAN_START = re.compile(r"(?<![a-z0-9])[a-z]{2}[0-9]{2}(?=[ \-]?[a-z0-9])")
_PHONE = re.compile(
    # a bracket counts only around an area code: "0100 (24 hours)" ends before it
    r"(?<![0-9a-z])(?:\+|00(?=86))[\s.]?[1-9]"
    r"(?:(?:[\s.\-]|\((?=[0-9]{1,4}\))|\)){0,2}[0-9]){7,14}(?![0-9])"
    r"|(?<![0-9])86[\s-]?1[3-9][0-9][\s-]?[0-9]{4}[\s-]?[0-9]{4}(?![0-9])"
)
_LOCAL_PHONE = re.compile(
    r"(?<![a-z])(?:phone|mobile|cell|tel|telephone|call|text|whatsapp|ring|contact|reach"
    r"|hotline)(?![a-z])[^0-9\n]{0,24}"
    r"(\(?[0-9](?:[\s().\-]{0,2}[0-9]){8,11})(?![0-9])"
    r"|(?:手机|电话|号码|联系|致电|微信|拨打|热线)[^0-9\n]{0,12}"
    r"((?:1[3-9][0-9]|[48]00|0[0-9]{2,3})(?:[\s-]?[0-9]){7,8})(?![0-9])"
)
_EMAIL = re.compile(
    r"(?<![a-z0-9._%+\-])[a-z0-9._%+\-]{1,64}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,5}"
)
_KEPT = re.compile(r"[^a-z0-9+]")


def find_ibans(view: View) -> Iterator[tuple[int, int, Match]]:
    """IBANs with mod 97, beside their folded offsets so that the caller may set them aside."""
    for found in _IBAN_START.finditer(view.text):
        length = _IBAN_LENGTHS.get(found.group()[:2])
        stop = None if length is None else _collect(view.text, found.start(), length)
        if stop is None:
            continue
        value = _KEPT.sub("", view.text[found.start() : stop])
        if is_iban(value):
            yield (
                found.start(),
                stop,
                Match(FindingType.IBAN, *view.span(found.start(), stop), value),
            )


def _collect(text: str, start: int, length: int) -> int | None:
    """Where `length` letters and digits, single spaces between them, end; None when too few."""
    pattern = re.compile(rf"[a-z0-9](?:[ \-]?[a-z0-9]){{{length - 1}}}(?![a-z0-9])")
    found = pattern.match(text, start)
    return None if found is None else found.end()


def is_iban(value: str) -> bool:
    """ISO 13616 check: the rearranged number leaves 1 when divided by 97."""
    return int("".join(str(int(char, 36)) for char in value[4:] + value[:4])) % 97 == 1


def find(view: View) -> Iterator[Match]:
    """Phone numbers and e-mail addresses."""
    for found in _PHONE.finditer(view.text):
        yield _match(FindingType.PHONE, view, found.span(), found.group())
    for found in _LOCAL_PHONE.finditer(view.text):
        group = 1 if found.group(1) else 2
        yield _match(FindingType.PHONE, view, found.span(group), found.group(group))


def find_emails(view: View) -> Iterator[Match]:
    """E-mail addresses; needs no digit, so it is asked apart."""
    if "@" in view.text:
        for found in _EMAIL.finditer(view.text):
            yield Match(FindingType.EMAIL, *view.span(*found.span()), found.group())


def _match(kind: FindingType, view: View, span: tuple[int, int], value: str) -> Match:
    start, end = view.span(*span)
    return Match(kind, start, end, _KEPT.sub("", value))
