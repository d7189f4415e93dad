"""Secrets for tests: valid, generated, written the ways people write them; and how to find them."""

import random
import re
import unicodedata
from dataclasses import dataclass

CHINESE = "零一二三四五六七八九"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
TO_CHINESE = str.maketrans("0123456789", CHINESE)
FROM_CHINESE = str.maketrans(CHINESE + "〇", "01234567890")
CN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# ids, hashes and times of ours: digits that nobody typed
OURS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*|\b[0-9a-f]{24,}\b|(?<![\d.])\d+\.\d{1,17}(?![\d.])"
)
BETWEEN = re.compile(r"(?<=\d)[\s.\-_·•*/]{1,3}(?=\d)")


@dataclass(frozen=True, slots=True)
class Planted:
    """One secret and the sentence that carries it."""

    kind: str
    value: str
    text: str


def plant(seed: int) -> list[Planted]:
    """Cards, PINs, CVVs, one-time codes and national ids, plain and disguised, in two languages."""
    chance = random.Random(seed)
    return [*_cards(chance), *_short_codes(chance), *_national_ids(chance)]


def find_in_clear(planted: list[Planted], text: str) -> list[str]:
    """The sentences whose secret the text shows, however its digits are written."""
    bare = OURS.sub(" ", text)
    flat = unicodedata.normalize("NFKC", bare).translate(FROM_CHINESE)
    flat = "".join(char for char in flat if unicodedata.category(char) != "Cf")
    joined = BETWEEN.sub("", flat)
    return [one.text for one in planted if _shows(one, joined) or _shows(one, flat)]


def _shows(one: Planted, text: str) -> bool:
    if len(one.value) > 8:
        return one.value.lower() in text.lower()
    return re.search(rf"(?<![0-9A-Za-z]){one.value}(?![0-9A-Za-z])", text) is not None


def _cards(chance: random.Random) -> list[Planted]:
    written = {
        "plain": "My card {} was charged twice",
        "spaced": "please look at {} for me",
        "dashed": "it is {} and it was declined",
        "dotted": "number {} please",
        "full_width": "我的卡号是{}，被扣了两次",
        "hidden": "the number {} again",
        "chinese": "卡号{}，请帮我查一下",
        "lines": "card:\n{}\nthanks",
    }
    found = []
    for style, sentence in written.items():
        for prefix, length in (("4", 16), ("53", 16), ("37", 15), ("62", 19)):
            value = _luhn(prefix, length, chance)
            found.append(Planted(f"card {style}", value, sentence.format(_write(value, style))))
    return found


def _write(value: str, style: str) -> str:
    groups = [value[at : at + 4] for at in range(0, len(value), 4)]
    match style:
        case "spaced":
            return " ".join(groups)
        case "dashed":
            return "-".join(groups)
        case "dotted":
            return ".".join(groups)
        case "lines":
            return "\n".join(groups)
        case "full_width":
            return value.translate(FULL_WIDTH)
        case "hidden":
            return "\u200b".join(groups)
        case "chinese":
            return value.translate(TO_CHINESE)
        case _:
            return value


def _short_codes(chance: random.Random) -> list[Planted]:
    sentences = {
        "pin": (4, ("my PIN is {}", "PIN: {} does not work", "我的密码是{}", "取款密码：{}，对吗")),
        "cvv": (3, ("the CVV is {}", "security code {}", "安全码是{}", "cvv2={} on the back")),
        "one_time_code": (
            6,
            ("the code is {}", "your OTP {} arrived", "验证码是{}", "短信验证码 {} 无效"),
        ),
    }
    found = []
    for kind, (length, texts) in sentences.items():
        for text in texts:
            for _ in range(2):
                # from 300 up: below it are the positions of messages and events
                value = str(chance.randint(3 * 10 ** (length - 1), 10**length - 1))
                found.append(Planted(kind, value, text.format(value)))
    return found


def _national_ids(chance: random.Random) -> list[Planted]:
    found = []
    for text in ("身份证号{}，请核对", "id {} is mine", "请查 {} 的账户", "my number: {}"):
        value = _resident_id(chance)
        found.append(Planted("national_id_cn", value, text.format(value)))
    for text in ("my SSN is {}", "social security number {} please"):
        digits = f"{chance.randint(100, 665)}-{chance.randint(10, 99)}-{chance.randint(1000, 9999)}"
        found.append(Planted("national_id", digits.replace("-", ""), text.format(digits)))
    return found


def _luhn(prefix: str, length: int, chance: random.Random) -> str:
    body = prefix + "".join(str(chance.randint(0, 9)) for _ in range(length - len(prefix) - 1))
    total = 0
    for place, char in enumerate(reversed(body)):
        number = int(char) * (1 if place % 2 else 2)
        total += number - 9 if number > 9 else number
    return body + str(-total % 10)


def _resident_id(chance: random.Random) -> str:
    day = f"{chance.randint(1950, 2005)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    body = f"110105{day}{chance.randint(100, 999)}"
    total = sum(int(char) * weight for char, weight in zip(body, CN_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]
