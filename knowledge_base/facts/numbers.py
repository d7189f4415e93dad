"""Read numbers as people write them: 1,500.50, two million, 一万二千, 1.5万. Pure text."""

import re
from decimal import Decimal

_SMALL_WORDS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
"""
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: number for number, word in enumerate(_SMALL_WORDS.split())}
_TENS = {word: 10 * number for number, word in enumerate(_TEN_WORDS.split(), start=2)}
_SCALES = {
    "thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9,
    "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8,
}  # fmt: skip
_DIGITS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {
    "零": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8,
    "玖": 9,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}

_WORD = "|".join(_SMALL)
_TEN = "|".join(_TENS)
_CHINESE = "〇零一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾百佰千仟万亿"
DIGITS = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\d)"
SCALE = r"(?:\s?(?:thousand|million|billion|bn|k|m)\b)?"
ENGLISH_NUMBER = rf"(?:{DIGITS}|(?<!\w)(?:(?:{_TEN})(?:[- ](?:{_WORD}))?|{_WORD})(?!\w))"
CHINESE_NUMBER = (
    rf"(?:{DIGITS}\s?(?:百万|千万|[千万亿])?|[{_CHINESE}]{{1,16}}(?:点[{_CHINESE}]{{1,8}})?|半)"
)

_ENGLISH = re.compile(rf"({DIGITS})\s?([a-z]+)?", re.IGNORECASE)
_MIXED = re.compile(rf"({DIGITS})\s?(百万|千万|[千万亿])?")


def parse_number(text: str) -> Decimal | None:
    """The value of one number in either language; None where it is none."""
    said = text.strip().lower()
    if said and said[0].isdigit():
        match = _MIXED.fullmatch(said) or _ENGLISH.fullmatch(said)
        if match is None or (match[2] and match[2] not in _SCALES):
            return None
        return Decimal(match[1].replace(",", "")) * _SCALES.get(match[2] or "", 1)
    if said == "半":
        return Decimal("0.5")
    return _english_words(said) if said.isascii() else parse_chinese_number(said)


def parse_chinese_number(text: str) -> Decimal | None:
    """Characters such as 一万二千, 二〇二六, 三点五; None for anything else."""
    whole, _, fraction = text.partition("点")
    if not whole or any(sign not in _CHINESE for sign in whole + fraction):
        return None
    value = _read_digits(whole) if _is_digit_by_digit(whole) else _read_units(whole)
    if fraction:
        value += Decimal("0." + "".join(str(_DIGITS.get(sign, 0)) for sign in fraction))
    return value


def _is_digit_by_digit(text: str) -> bool:
    return len(text) > 1 and all(sign in _DIGITS for sign in text)


def _read_digits(text: str) -> Decimal:
    return Decimal("".join(str(_DIGITS[sign]) for sign in text))


def _read_units(text: str) -> Decimal:
    """Sections of ten thousand, each of thousands, hundreds and tens; 一万二 means 12,000."""
    total = section = digit = 0
    last_unit = 1
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
            last_unit = 10 if digit == 0 else last_unit
        elif sign in _UNITS:
            section += (digit or 1) * _UNITS[sign]
            digit, last_unit = 0, _UNITS[sign]
        else:
            total += max(section + digit, 1) * _MYRIADS[sign]
            section, digit, last_unit = 0, 0, _MYRIADS[sign]
    return Decimal(total + section + digit * (last_unit // 10 or 1))


def _english_words(text: str) -> Decimal | None:
    ten, _, rest = text.replace("-", " ").partition(" ")
    if ten in _TENS:
        if rest and rest not in _SMALL:
            return None
        return Decimal(_TENS[ten] + _SMALL.get(rest, 0))
    return Decimal(_SMALL[text]) if text in _SMALL else None
