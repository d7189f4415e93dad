"""Fold look-alikes with an offset map back to the original. Knows no recogniser; never raises."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

RIGHT_TO_LEFT_OVERRIDE = "\u202e"
_REVERSED = re.compile("\u202e([^\u202c\n]*)")
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
# a black flag followed by tags is the emoji of England, Scotland or Wales, not hidden text
_FLAG_TAGS = re.compile("\U0001f3f4[\U000e0020-\U000e007f]{1,12}")
# marks, format characters: invisible, or drawn over the character before them
_INVISIBLE_CATEGORIES = frozenset({"Cf", "Mn", "Me"})
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")

_LOOK_ALIKES = dict(zip("аеорсухіѕјԁһкмтвнοανρτυικ", "aeopcyxisjdhkmtbhoavptuik", strict=True))
# only the characters that the filter's own words use
_TRADITIONAL = dict(
    zip(
        "銀號碼驗證動態護臺灣殺殘輕結轉賬帳戶匯錢騙詐執對讓螢壓樓橋燒藥遺書沒著麼視則話過設"
        "現從統詞輸顯導開發模擺脫製無濾審繞們經員彈點報個這裏機電聯繫數確認時爲為頁後寫"
        "醒過與於舊條啟啓應該億萬處務訴請將實際際壞媽幹殭屍撐",
        "银号码验证动态护台湾杀残轻结转账账户汇钱骗诈执对让萤压楼桥烧药遗书没着么视则话过设"
        "现从统词输显导开发模摆脱制无滤审绕们经员弹点报个这里机电联系数确认时为为页后写"
        "醒过与于旧条启启应该亿万处务诉请将实际际坏妈干僵尸撑",
        strict=True,
    )
)
_NUMERALS = str.maketrans(
    "零〇○一二三四五六七八九壹贰貳叁參参肆伍陆陸柒捌玖幺", "00012345678912233345667891"
)
_SWAPPED_RUN = re.compile(r"(?<![a-z0-9])[0-9oil|](?:[\s._/*-]{0,2}[0-9oil|]){7,}(?![a-z0-9])")
_SWAPS = str.maketrans("oil|", "0111")


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a text: folded characters, and where each came from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets of the original that the folded slice covers."""
        return min(self.starts[start:end]), max(self.ends[start:end])


@dataclass(frozen=True, slots=True)
class Folded:
    """All readings of a text: for words, and for numbers."""

    prose: tuple[View, ...]
    numeric: tuple[View, ...]


def fold(text: str) -> Folded:
    """Every reading worth searching; one for plain ASCII, more only where tricks are present."""
    plain = _ascii_view(text) if text.isascii() else _view(text, _fold_character)
    prose = [plain]
    if RIGHT_TO_LEFT_OVERRIDE in text:
        prose.append(_unreversed(text))
    if _TAGS.search(text):
        prose.append(_view(text, _fold_with_tags))
    numeric = [reading for view in prose for reading in _numeric_readings(view)]
    return Folded(tuple(prose), tuple(numeric))


def hidden_spans(text: str) -> list[tuple[int, int]]:
    """Where text hides that a person cannot see: tag characters, long invisible runs, reversal."""
    if text.isascii():
        return []
    flags = [match.span() for match in _FLAG_TAGS.finditer(text)]
    tags = [match.span() for match in _TAGS.finditer(text)]
    spans = [tag for tag in tags if not any(a <= tag[0] and tag[1] <= b for a, b in flags)]
    spans += [match.span() for match in _INVISIBLE_RUN.finditer(text)]
    spans += [match.span() for match in _REVERSED.finditer(text) if match.group(1).strip()]
    return sorted(spans)


_INVISIBLE_RUN = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\u00ad\U000e0100-\U000e01ef]{8,}")


def _ascii_view(text: str) -> View:
    return View(text.lower(), range(len(text)), range(1, len(text) + 1))


def _view(text: str, fold_one: Callable[[str], str]) -> View:
    return _assemble([(fold_one(char), i) for i, char in enumerate(text)], len(text))


def _assemble(pieces: list[tuple[str, int]], length: int) -> View:
    """Join folded pieces; each ends where the next visible character of the original starts."""
    chars: list[str] = []
    starts: list[int] = []
    for piece, start in pieces:
        chars.append(piece)
        starts.extend([start] * len(piece))
    visible = sorted(set(starts))
    following = dict(zip(visible, [*visible, length][1:], strict=True))
    return View("".join(chars), starts, [following[start] for start in starts])


def _unreversed(text: str) -> View:
    """Read override segments in the order in which a screen shows them."""
    order = list(range(len(text)))
    for match in _REVERSED.finditer(text):
        start, end = match.span(1)
        order[start:end] = reversed(order[start:end])
    return _assemble([(_fold_character(text[i]), i) for i in order], len(text))


@lru_cache(maxsize=16_384)
def _fold_character(char: str) -> str:
    """The plain lower-case form of one character; nothing when it is invisible."""
    digit = unicodedata.digit(char, -1)
    if digit >= 0:
        return str(digit)
    if unicodedata.category(char) in _INVISIBLE_CATEGORIES or char in _INVISIBLE_LETTERS:
        return ""
    folded = unicodedata.normalize("NFKC", char).lower()
    folded = _LOOK_ALIKES.get(folded, folded)
    return _TRADITIONAL.get(folded, folded)


def _fold_with_tags(char: str) -> str:
    if 0xE0020 <= ord(char) <= 0xE007E:
        return chr(ord(char) - 0xE0000).lower()
    return _fold_character(char)


def _numeric_readings(view: View) -> list[View]:
    """The view itself, with Chinese numerals as digits, and with O and l read as 0 and 1."""
    readings = [view]
    for read in (_with_numerals, _without_swaps):
        text = read(view.text)
        if text != view.text:
            readings.append(View(text, view.starts, view.ends))
    return readings


def _with_numerals(text: str) -> str:
    return text if text.isascii() else text.translate(_NUMERALS)


def _without_swaps(text: str) -> str:
    return _SWAPPED_RUN.sub(_unswap, text)


def _unswap(run: re.Match[str]) -> str:
    """Letters count as digits only where most of the run is digits already."""
    letters = sum(run.group().count(letter) for letter in "oil|")
    digits = sum(char.isdigit() for char in run.group())
    return run.group().translate(_SWAPS) if digits >= letters else run.group()
