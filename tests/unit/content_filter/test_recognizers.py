"""What is found, where, and what stays: long tables of texts; every identifier is generated."""

import pytest

from app.content_filter import FilterAction, FindingType, inspect
from app.content_filter.recognizers.cards import has_issuer
from app.content_filter.recognizers.contacts import is_iban
from app.content_filter.recognizers.identities import is_chinese_resident_id
from app.content_filter.recognizers.numbers import passes_luhn

_CN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def card(prefix: str, length: int) -> str:
    """A number of this length with a valid check digit."""
    body = (prefix + "0123456789" * 2)[: length - 1]
    return next(body + str(d) for d in range(10) if passes_luhn(body + str(d)))


def resident_id(body: str) -> str:
    total = sum(int(char) * weight for char, weight in zip(body, _CN_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def iban(country: str, account: str) -> str:
    return next(
        f"{country}{check:02d}{account}"
        for check in range(2, 99)
        if is_iban(f"{country}{check:02d}{account}".lower())
    )


VISA = card("4", 16)
CN_ID = resident_id("11010119900307002")
GB_IBAN = iban("GB", "NWBK60161331926819")
DE_IBAN = iban("DE", "370400440532013000")

ISSUED = [
    pytest.param(card(prefix, length), id=f"{name}-{length}")
    for name, prefix, length in (
        ("visa", "4", 13),
        ("visa", "4", 16),
        ("visa", "4", 19),
        ("mastercard", "51", 16),
        ("mastercard-low-2", "2221", 16),
        ("mastercard-high-2", "2720", 16),
        ("amex", "34", 15),
        ("amex", "37", 15),
        ("unionpay", "62", 16),
        ("unionpay", "62", 17),
        ("unionpay", "62", 18),
        ("unionpay", "62", 19),
        ("unionpay-81", "81", 16),
        ("diners", "36", 14),
        ("jcb", "3528", 16),
        ("discover", "6011", 16),
        ("maestro", "58", 13),
        ("mir", "2200", 16),
    )
]


@pytest.mark.parametrize("number", ISSUED)
@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("pay with {}", id="english"),
        pytest.param("卡号{}是我的", id="no-space-in-chinese"),
        pytest.param("x{}y", id="between-letters"),
        pytest.param("1. {}", id="after-a-list-number"),
        pytest.param("{} 12/27 123", id="before-expiry-and-code"),
    ],
)
def test_card_numbers_of_every_network_are_masked(number: str, sentence: str) -> None:
    result = inspect(sentence.format(number))

    assert result.action is FilterAction.MASK
    assert number not in result.text
    assert f"[card number ••{number[-4:]}" in result.text or "[card number" in result.text


def _shift(base: int) -> dict[int, str]:
    return {ord("0") + digit: chr(base + digit) for digit in range(10)}


_CIRCLED = {ord("0"): "⓪"} | {ord("0") + digit: chr(0x245F + digit) for digit in range(1, 10)}
_SUPERSCRIPT = dict(zip(map(ord, "0123456789"), "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_CHINESE = dict(zip(map(ord, "0123456789"), "〇一二三四五六七八九", strict=True))
_FINANCIAL = dict(zip(map(ord, "0123456789"), "零壹貳叁肆伍陸柒捌玖", strict=True))

EVASIONS = [
    pytest.param(VISA.translate(_shift(0xFF10)), id="full-width"),
    pytest.param("\u200b".join(VISA), id="zero-width-space"),
    pytest.param(VISA.translate(_shift(0x1D7CE)), id="mathematical-bold"),
    pytest.param(VISA.translate(_CIRCLED), id="circled"),
    pytest.param(VISA.translate(_SUPERSCRIPT), id="superscript"),
    pytest.param("\u00ad".join(VISA), id="soft-hyphen"),
    pytest.param(VISA.translate(_shift(0x660)), id="arabic-indic"),
    pytest.param(VISA.translate(_CHINESE), id="chinese-numerals"),
    pytest.param(VISA.translate(_FINANCIAL), id="financial-numerals"),
    pytest.param("\u202e" + VISA[::-1] + "\u202c", id="right-to-left-override"),
    pytest.param("".join(chr(0xE0000 + ord(char)) for char in VISA), id="tag-characters"),
    pytest.param(VISA.replace("1", "l").replace("0", "O"), id="letters-for-digits"),
    pytest.param("".join(f"{char}\ufe0f\u20e3" for char in VISA), id="keycaps"),
    pytest.param(".".join(VISA[i : i + 4] for i in range(0, 16, 4)), id="dotted"),
    pytest.param(" ".join(VISA), id="every-digit-apart"),
    pytest.param("-".join(VISA[i : i + 4] for i in range(0, 16, 4)), id="dashed"),
    pytest.param("\n".join(VISA[i : i + 4] for i in range(0, 16, 4)), id="lines"),
]


@pytest.mark.parametrize("evasive", EVASIONS)
@pytest.mark.parametrize("sentence", ["I use {} here", "卡号{}是我的", "{}"])
def test_evasions_are_masked_in_the_original(evasive: str, sentence: str) -> None:
    result = inspect(sentence.format(evasive))

    start = sentence.index("{")
    cards = [one for one in result.findings if one.type is FindingType.CARD_NUMBER]
    assert len(cards) == 1
    assert start <= cards[0].start + 1
    assert cards[0].end >= start + len(evasive) - 3
    assert f"[card number ••{VISA[-4:]}]" in result.text


T = FindingType
FOUND = [
    pytest.param(f"my id {CN_ID}", T.NATIONAL_ID_CN, CN_ID, id="cn-id"),
    pytest.param(f"身份证号{CN_ID}", T.NATIONAL_ID_CN, CN_ID, id="cn-id-chinese"),
    pytest.param(f"{CN_ID[:6]} {CN_ID[6:14]} {CN_ID[14:]}", T.NATIONAL_ID_CN, None, id="cn-spaced"),
    pytest.param(
        "身份证号110101199003070020", T.NATIONAL_ID, "110101199003070020", id="cn-mistyped"
    ),
    pytest.param("123-45-6789", T.NATIONAL_ID, "123-45-6789", id="ssn"),
    pytest.param("my ssn is 123456789", T.NATIONAL_ID, "123456789", id="ssn-context"),
    pytest.param("NI AB 12 34 56 C thanks", T.NATIONAL_ID, "AB 12 34 56 C", id="nino"),
    pytest.param("HKID A123456(3)", T.NATIONAL_ID, "A123456(3)", id="hkid"),
    pytest.param("national id: S1234567D", T.NATIONAL_ID, "S1234567D", id="nric"),
    pytest.param("passport number E12345678", T.PASSPORT, "E12345678", id="passport"),
    pytest.param("护照号码是E12345678", T.PASSPORT, "E12345678", id="passport-chinese"),
    pytest.param("cvv 123", T.CVV, "123", id="cvv"),
    pytest.param("security code on the back is 987", T.CVV, "987", id="cvv-words"),
    pytest.param("安全码：456", T.CVV, "456", id="cvv-chinese"),
    pytest.param("卡背面后三位是456", T.CVV, "456", id="cvv-back"),
    pytest.param("my pin is 1234", T.PIN, "1234", id="pin"),
    pytest.param("1234 is my pin", T.PIN, "1234", id="pin-after-value"),
    pytest.param("PIN? 4821", T.PIN, "4821", id="pin-answered"),
    pytest.param("取款密码是123456", T.PIN, "123456", id="pin-chinese"),
    pytest.param("old pin was 1234 and the new one 5678", T.PIN, "5678", id="two-pins"),
    pytest.param("OTP 482913", T.ONE_TIME_CODE, "482913", id="otp"),
    pytest.param("the code is 482913", T.ONE_TIME_CODE, "482913", id="bare-code"),
    pytest.param("verification code: 482-913", T.ONE_TIME_CODE, "482-913", id="otp-dashed"),
    pytest.param("验证码482913", T.ONE_TIME_CODE, "482913", id="otp-chinese"),
    pytest.param("驗證碼 482913", T.ONE_TIME_CODE, "482913", id="otp-traditional"),
    pytest.param("482913", T.ONE_TIME_CODE, "482913", id="nothing-but-a-code"),
    pytest.param("my PPS is 1234567T", T.NATIONAL_ID, "1234567T", id="pps"),
    pytest.param("PPSN 1234567FA", T.NATIONAL_ID, "1234567FA", id="ppsn-two-letters"),
    pytest.param("pps number 1234567 T", T.NATIONAL_ID, "1234567 T", id="pps-spaced"),
    pytest.param("my number is 1234567T", T.NATIONAL_ID, "1234567T", id="pps-by-checksum"),
    pytest.param("social welfare number 1234567A", T.NATIONAL_ID, "1234567A", id="pps-mistyped"),
    pytest.param(
        "QQ123456C is my national insurance number",
        T.NATIONAL_ID,
        "QQ123456C",
        id="nino-before-words",
    ),
    pytest.param(
        "my NI number is QQ 12 34 56 C", T.NATIONAL_ID, "QQ 12 34 56 C", id="nino-specimen"
    ),
    pytest.param("AB-12-34-56-C", T.NATIONAL_ID, "AB-12-34-56-C", id="nino-dashes"),
    pytest.param("AB 123 456 C", T.NATIONAL_ID, "AB 123 456 C", id="nino-threes"),
    pytest.param("pin four eight two one", T.PIN, "four eight two one", id="pin-spelt"),
    pytest.param(
        "My PIN is four, eight, two, one", T.PIN, "four, eight, two, one", id="pin-spelt-commas"
    ),
    pytest.param(
        "four eight two one is my pin", T.PIN, "four eight two one", id="pin-spelt-before"
    ),
    pytest.param("密码是四八二一", T.PIN, "四八二一", id="pin-spelt-chinese"),
    pytest.param("cvv one two three", T.CVV, "one two three", id="cvv-spelt"),
    pytest.param(
        "the verification code is four eight two nine one three",
        T.ONE_TIME_CODE,
        "four eight two nine one three",
        id="otp-spelt",
    ),
    pytest.param(
        "code is double four 8 two one",
        T.ONE_TIME_CODE,
        "double four 8 two one",
        id="code-spelt-mixed",
    ),
    pytest.param(
        "card number 4111 1111 1111 1112", T.CARD_NUMBER, "4111 1111 1111 1112", id="typo"
    ),
]


@pytest.mark.parametrize(("text", "kind", "value"), FOUND)
def test_secrets_are_found_and_masked(text: str, kind: FindingType, value: str | None) -> None:
    result = inspect(text)

    spans = [text[one.start : one.end] for one in result.findings if one.type is kind]
    assert (value or text) in spans
    assert result.action is FilterAction.MASK
    assert (value or text) not in result.text


KEPT = [
    pytest.param(f"IBAN {GB_IBAN}", T.IBAN, GB_IBAN, id="iban"),
    pytest.param(f"to {DE_IBAN} please", T.IBAN, DE_IBAN, id="iban-before-a-word"),
    pytest.param("call me on +44 20 7946 0958", T.PHONE, "+44 20 7946 0958", id="e164"),
    pytest.param("手机13800138000", T.PHONE, "13800138000", id="cn-mobile"),
    pytest.param("8613800138000", T.PHONE, "8613800138000", id="cn-mobile-86"),
    pytest.param("my phone is 020 7946 0958", T.PHONE, "020 7946 0958", id="local"),
    pytest.param("write to ann@example.org.", T.EMAIL, "ann@example.org", id="e-mail"),
    pytest.param("my card expires 08/27", T.EXPIRY, "08/27", id="expiry"),
]


@pytest.mark.parametrize(("text", "kind", "value"), KEPT)
def test_contact_data_is_found_and_left_in_place(text: str, kind: FindingType, value: str) -> None:
    result = inspect(text)

    assert [text[one.start : one.end] for one in result.findings if one.type is kind] == [value]
    assert result.action is FilterAction.ALLOW
    assert result.text == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("I paid 2000 with my pin", id="amount-before-pin"),
        pytest.param("after my pin it charged 2500", id="amount-after-pin"),
        pytest.param("my pin does not work. I paid 2000", id="amount-in-the-next-sentence"),
        pytest.param("PIN blocked in 2023", id="year"),
        pytest.param("the card ending in 4242 needs a new PIN", id="card-ending"),
        pytest.param("account ending in 4242, pin forgotten", id="account-ending"),
        pytest.param("order 4829134 did not arrive", id="order-number"),
        pytest.param("order 4111111111111112", id="fails-luhn"),
        pytest.param("credit card account 9111111111111112", id="account-number"),
        pytest.param("reference 9111111111111111", id="no-issuer"),
        pytest.param("sort code is 200000", id="sort-code"),
        pytest.param("transfer 1,234,567.89 EUR on 2026-11-23 10:00:00", id="money-and-time"),
        pytest.param("密码输错了3次", id="attempts"),
        pytest.param("用密码取了2000元", id="chinese-amount"),
        pytest.param("300000", id="only-a-round-number"),
        pytest.param("extension 4021", id="extension"),
        pytest.param("0192f3c4-1234-7123-8123-123456789012", id="uuid"),
        pytest.param(f"GB00{GB_IBAN[4:]}", id="iban-wrong-check"),
        pytest.param("GB29 NWBK 60", id="iban-too-short"),
        pytest.param("ZZ29NWBK60161331926819", id="no-such-country"),
        pytest.param("order id number 123456789", id="order-id"),
        pytest.param("110101199013070028", id="impossible-birthday"),
        pytest.param("999999199003070028", id="no-such-region"),
        pytest.param("我有一个问题", id="numeral-in-prose"),
        pytest.param("a 6-digit code never came", id="digits-described"),
        pytest.param("order number 1234567T", id="order-like-a-pps"),
        pytest.param("my number is 1234567A", id="pps-wrong-check"),
        pytest.param("my pin is in one of two letters", id="number-words-in-prose"),
        pytest.param("one two three, testing", id="counting"),
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert inspect(text).text == text
    assert inspect(text).action is FilterAction.ALLOW


@pytest.mark.parametrize("value", [CN_ID.lower(), resident_id("62010119850101001").lower()])
def test_check_character_of_a_resident_id_is_computed(value: str) -> None:
    wrong = value[:17] + ("0" if value[17] != "0" else "1")

    assert is_chinese_resident_id(value)
    assert not is_chinese_resident_id(wrong)


def test_a_resident_id_from_gansu_is_not_called_a_card() -> None:
    number = resident_id("62010119850101001")

    assert [one.type for one in inspect(f"a {number} b").findings] == [T.NATIONAL_ID_CN]


def test_lengths_belong_to_networks() -> None:
    assert not has_issuer("4" * 15)
    assert not has_issuer("37" + "0" * 14)
