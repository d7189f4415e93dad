"""Language and script of short, mixed, romanised and foreign messages."""

import json
from pathlib import Path

import pytest

from routing.dataset import OWN_DATA, load_utterances
from routing.language import Script, detect, read, writes_traditional

GOLDEN = Path(__file__).parents[2] / "evaluation" / "golden" / "language"


def cases(name: str) -> list[dict[str, str]]:
    lines = (GOLDEN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    "case", cases("short"), ids=lambda case: f"{case['text']}-{case['locale']}"
)
def test_a_short_message_is_read_by_its_words_or_the_locale(case: dict[str, str]) -> None:
    seen = read(case["text"], case["locale"])
    assert (seen.language, seen.is_other) == (case["language"], False)
    assert case["script"] in (None, seen.script.value)
    assert detect(case["text"], case["locale"]) == case["language"]
    assert 0 <= seen.confidence <= 1


def test_pinyin_is_chinese() -> None:
    texts = [case["text"] for case in cases("pinyin")]
    missed = [text for text in texts if read(text).script is not Script.PINYIN]
    assert len(texts) >= 150
    assert missed == []


def test_other_languages_are_recognised() -> None:
    rows = cases("other")
    seen = [read(row["text"]) for row in rows]
    assert sum(one.is_other for one in seen) / len(rows) >= 0.93
    right = [one.other == row["language"] for one, row in zip(seen, rows, strict=True)]
    assert sum(right) / len(rows) >= 0.87


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_a_foreign_message_is_answered_in_the_locale(locale: str) -> None:
    seen = read("he perdido mi tarjeta", locale)
    assert (seen.language, seen.other, seen.script) == (locale, "es", Script.OTHER)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("カードをなくしました", "ja"),
        ("카드를 잃어버렸어요", "ko"),
        ("я потерял карту", "ru"),
        ("فقدت بطاقتي", "ar"),
        ("ᚠᚢᚦᚨᚱᚲ", "unknown"),
    ],
    ids=["kana", "hangul", "cyrillic", "arabic", "runes"],
)
def test_a_script_tells_the_language(text: str, code: str) -> None:
    assert read(text).other == code


def test_one_japanese_character_makes_no_japanese() -> None:
    assert read("日本の银行卡能用吗").language == "zh"
    assert not read("日本の银行卡能用吗").is_other


def test_no_message_of_ours_is_taken_for_another_language() -> None:
    texts = [utterance.text for utterance in load_utterances(OWN_DATA)]
    assert [text for text in texts if read(text).is_other] == []
    assert [text for text in texts if read(text).script is Script.PINYIN] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我的帳戶還剩多少錢", True),
        ("我張卡唔見咗", True),
        ("我的账户还剩多少钱", False),
        ("你好", None),
        ("balance", None),
    ],
)
def test_traditional_characters_are_told_from_simplified(text: str, expected: bool | None) -> None:
    assert writes_traditional(text) is expected


@pytest.mark.parametrize(
    "text", ["", " ", "\ud800", "a" * 4000, "\u202e\u200b", "ma" * 500, "卡" * 3000, "é" * 500]
)
def test_any_text_has_a_reading(text: str) -> None:
    assert read(text).language in ("en", "zh")
