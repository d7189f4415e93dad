"""National ids and passports: by checksum where there is one, else by the words around them."""

import re
from collections.abc import Iterator
from datetime import date

from app.content_filter.findings import FindingType, Match
from app.content_filter.normalise import View
from app.content_filter.recognizers.numbers import SEPARATORS, values_near

_SEP = rf"{SEPARATORS}{{0,3}}"
_CN = re.compile(rf"(?<![0-9])(?=([1-9](?:{_SEP}[0-9]){{16}}{_SEP}[0-9x])(?![0-9]))")
_CN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CN_REGIONS = frozenset(
    str(region)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71))
    for region in range(first, last + 1)
) | {"81", "82", "83", "91"}
# their form alone is telling: US SSN, UK NINO, HKID with its bracket
_SSN = re.compile(r"(?<![0-9-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![0-9-])")
_NINO = re.compile(
    r"(?<![a-z0-9])(?!bg|gb|nk|kn|tn|nt"
    r"|zz)[abceghj-prstw-z][abceghj-nprstw-z][ .-]?(?:(?:[0-9]{2}[ .-]?){3}|(?:[0-9]{3}[ .-]?){2})"
    r"[a-d](?![a-z0-9])"
)
# beside its name any prefix counts: people write the official specimen, or mistype
_NINO_WORDS = re.compile(
    r"(?<![a-z])(?:national insurance|nino|ni)(?: (?:number|no|num))?(?![a-z])|国民保险号?码?"
)
_NINO_LIKE = re.compile(r"(?<![a-z0-9])[a-z]{2}(?:[ .-]?[0-9]){6}[ .-]?[a-d]?(?![a-z0-9])")
_PPS_WORDS = re.compile(
    r"(?<![a-z])(?:ppsn?|p\.p\.s\.?n?\.?|personal public service"
    r"|social (?:welfare|security|insurance|services?))(?: (?:number|no|num))?(?![a-z])"
)
_PPS = re.compile(r"(?<![a-z0-9])[0-9](?:[ -]?[0-9]){6}[ -]?[a-w][a-iw]?(?![a-z0-9])")
_NUMBER_WORDS = re.compile(
    r"(?<![a-z])(?<!order )(?<!reference )(?<!ticket )(?<!case )(?<!tracking )(?<!transaction )"
    r"(?<!customer )(?<!payment )(?<!invoice )(?<!flight )(?<!serial )(?<!model )number(?![a-z])"
)
_HKID = re.compile(r"(?<![a-z])[a-z]{1,2}[0-9]{6} ?\([0-9a]\)")
_ID_WORDS = re.compile(
    r"(?<![a-z])(?:national (?:id|insurance|identity)(?: card)?(?: number| no)?|identity (?:card"
    r"|number|document)"
    r"|id card|(?<!order )(?<!user )(?<!customer )(?<!transaction )(?<!payment )(?<!case )"
    r"(?<!ticket )(?<!reference )id (?:number|no)|ssn|social security(?: number| no)?"
    r"|social insurance|nino|nric|fin number"
    r"|hkid|aadhaar|aadhar|tax(?:payer)? id(?:entification)?(?: number)?|driv(?:er'?s?"
    r"|ing) licen[cs]e(?: number| no)?)"
    r"(?![a-z])|身份证(?:号码|号)?|身分证|居民证|证件号码?|社保号码?|驾照号?|驾驶证号?"
)
_ID_VALUE = re.compile(
    r"(?<![a-z0-9])(?=[a-z]{0,3}-?(?:[0-9][ -]?){5})[a-z]{0,3}-?[0-9](?:[ -]?[0-9]){4,17}"
    r"(?: ?\([0-9a]\)|[a-z]{1,2})?(?![a-z0-9])"
)
_PASSPORT_WORDS = re.compile(r"(?<![a-z])passports?(?![a-z])|护照|通行证|回乡证|台胞证")
_PASSPORT_VALUE = re.compile(r"(?<![a-z0-9])[a-z]{0,2} ?[0-9]{6,10}[a-z]?(?![a-z0-9])")
_NAMED = (
    (FindingType.NATIONAL_ID, _ID_WORDS, _ID_VALUE),
    (FindingType.NATIONAL_ID, _NINO_WORDS, _NINO_LIKE),
    (FindingType.NATIONAL_ID, _PPS_WORDS, _PPS),
    (FindingType.PASSPORT, _PASSPORT_WORDS, _PASSPORT_VALUE),
)


def find(view: View) -> Iterator[Match]:
    """Identity numbers in one view."""
    yield from _chinese_residents(view)
    for pattern in (_SSN, _NINO, _HKID):
        for found in pattern.finditer(view.text):
            yield _match(FindingType.NATIONAL_ID, view, found)
    for kind, words, value in _NAMED:
        for found in values_near(view.text, words, value, reach=24, most=1):
            yield _match(kind, view, found)
    for found in values_near(view.text, _NUMBER_WORDS, _PPS, reach=24, most=1):
        if is_irish_pps(re.sub("[ -]", "", found.group())):
            yield _match(FindingType.NATIONAL_ID, view, found)


def _chinese_residents(view: View) -> Iterator[Match]:
    for found in _CN.finditer(view.text):
        value = "".join(char for char in found.group(1) if char in "0123456789x")
        if is_chinese_resident_id(value):
            start, end = view.span(*found.span(1))
            yield Match(FindingType.NATIONAL_ID_CN, start, end, value)


def is_chinese_resident_id(value: str) -> bool:
    """GB 11643: region, a possible date of birth, MOD 11-2 check character."""
    if value[:2] not in _CN_REGIONS or not _is_birth_date(value[6:14]):
        return False
    total = sum(int(char) * weight for char, weight in zip(value, _CN_WEIGHTS, strict=False))
    return value[17] == "10x98765432"[total % 11]


def is_irish_pps(value: str) -> bool:
    """Seven digits, a check letter modulo 23, and perhaps a second letter that counts nine."""
    total = sum(
        int(digit) * weight for digit, weight in zip(value[:7], range(8, 1, -1), strict=True)
    )
    total += 9 * ("wabcdefghi".index(value[8]) if len(value) > 8 else 0)
    return value[7] == "wabcdefghijklmnopqrstuv"[total % 23]


def _is_birth_date(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1880 <= born.year <= 2100


def _match(kind: FindingType, view: View, found: re.Match[str]) -> Match:
    start, end = view.span(*found.span())
    return Match(kind, start, end, found.group())
