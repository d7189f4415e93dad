"""Why a decision fell, said in one sentence: each kind of reason, in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from routing import Classification, IntentRouter, IntentScore, Thresholds, Utterance, load_taxonomy
from routing.explanation import after_question, passed_filter, summarise
from routing.rules import match
from routing.types import Check, RoutingDecision

TAXONOMY = load_taxonomy()


@dataclass
class Scripted:
    ranking: tuple[IntentScore, ...] = ()
    out_of_scope: float = 0.0
    version: str = "scripted"
    thresholds: Thresholds = field(default_factory=Thresholds)

    def classify(self, texts: Sequence[str], *, language: str) -> list[Classification]:
        return [Classification(self.ranking, self.out_of_scope) for _ in texts]


def decided(text: str, *pairs: tuple[str, float], strange: float = 0.0) -> RoutingDecision:
    scripted = Scripted(tuple(IntentScore(*pair) for pair in pairs), strange)
    return IntentRouter(TAXONOMY, scripted).route(Utterance(text))


SURE = (("balance_inquiry", 0.93), ("recent_transactions", 0.04))
CLOSE = (("balance_inquiry", 0.51), ("recent_transactions", 0.47))


@pytest.mark.parametrize(
    ("text", "pairs", "strange", "parts"),
    [
        ("my balance", SURE, 0.0, ("your account balance", "93 %", "89 points", "account service")),
        ("我的余额", SURE, 0.0, ("账户余额", "93 %", "89 个百分点", "账户服务")),
        ("my money", CLOSE, 0.0, ("51 %", "47 %", "your recent transactions", "which one")),
        ("我的钱", CLOSE, 0.0, ("51 %", "47 %", "最近的交易记录", "哪一个")),
        ("my money", (("balance_inquiry", 0.41),), 0.0, ("41 %", "50 %", "what they mean")),
        ("我的钱", (("balance_inquiry", 0.41),), 0.0, ("41 %", "50 %", "说明意思")),
        ("my money", (("balance_inquiry", 0.05),), 0.0, ("5 %", "20 %", "other words")),
        ("我的钱", (("balance_inquiry", 0.05),), 0.0, ("5 %", "20 %", "换一种说法")),
        ("the weather", SURE, 1.75, ("1.75", "limit 1.00", "other words")),
        ("天气怎样", SURE, 1.75, ("1.75", "1.00", "换一种说法")),
        ("the weather", (), 0.0, ("No intent fits",)),
        ("天气怎样", (), 0.0, ("没有合适的意图",)),
        ("Hi, my card was stolen!", SURE, 0.0, ("“card was stolen”", "a stolen card", "person")),
        ("你好，我的卡被偷了", SURE, 0.0, ("“卡被偷”", "卡被盗", "转给人工")),
    ],
)
def test_each_reason_has_its_sentence(
    text: str, pairs: tuple[tuple[str, float], ...], strange: float, parts: tuple[str, ...]
) -> None:
    said = summarise(decided(text, *pairs, strange=strange), TAXONOMY)
    assert [part for part in parts if part not in said] == [], said
    assert said.count("。") + said.count(". ") + said.endswith(".") == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello there. My card was stolen!", "card was stolen"),
        ("ＭＹ ＣＡＲＤ ＷＡＳ ＳＴＯＬＥＮ", "ＣＡＲＤ ＷＡＳ ＳＴＯＬＥＮ"),
        ("您好，我的銀行卡被偷了", "卡被偷"),
        ("my card was stolen 帮帮我", "card was stolen"),
    ],
)
def test_a_rule_names_the_words_where_they_stand(text: str, words: str) -> None:
    found = match(text, "en" if text.isascii() else "zh")
    assert found is not None
    assert found.start is not None
    assert text[found.start : found.end] == found.words
    assert words.casefold() in found.words.casefold()


def test_a_text_that_folding_moves_keeps_the_words_without_a_place() -> None:
    text = "cafe\u0301: my card was stolen"  # folding makes one character of the last two of café
    found = match(text, "en")
    assert found is not None
    assert (found.start, found.end) == (None, None)
    assert "card was stolen" in found.words


def test_checks_stand_in_the_order_in_which_a_supervisor_would_make_them() -> None:
    decision = passed_filter(decided("my balance", *SURE))
    asked = after_question(decision.checks, decided=False)
    assert [check.name for check in asked][:4] == ["filter", "rule", "question", "must_not_miss"]
    assert asked[-1].name == "route"
    answered = after_question(decision.checks, decided=True, detail="clarified")
    assert answered[-1] == Check("question", decided=True, detail="clarified")
    assert [check.decided for check in answered] == [False, False, True]


def test_a_rule_that_fires_is_the_last_check() -> None:
    decision = decided("My card was stolen", *SURE)
    assert [(check.name, check.decided) for check in decision.checks] == [("rule", True)]
    assert decision.rule is not None
    assert decision.rule.name == "card_stolen"
