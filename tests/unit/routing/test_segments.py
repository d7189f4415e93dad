"""Which clauses of a message may be requests of their own."""

import pytest

from routing.segments import LONGEST, split

ENGLISH = {
    "two-commands": ("freeze my card and tell me my balance", 2),
    "two-questions": ("How do I activate my card? Also, when do you open?", 2),
    "command-then-question": ("unfreeze my card; how do I change the PIN?", 2),
    "shared-verb": ("show me my balance and my last ten payments", 2),
    "three": ("show my balance, then list my cards and send me a statement", 3),
    "courtesy-around": ("Hello, how do I activate my card? Thanks and bye", 1),
    "joint-phrase": ("Where can I read your terms and conditions?", 1),
    "shop-name": ("Why was my card declined at Marks and Spencer", 1),
    "pay-and-display": ("I paid at a pay and display machine", 0),
    "story-then-help": ("The machine kept my card, what should I do?", 0),
    "points-back": ("I found my card and want to unfreeze it", 0),
    "comparison": ("what is the difference between my savings and my current account", 1),
    "hypothetical": ("if my card is gone, tell me what happens", 1),
    "two-people": ("my husband and I want an account", 1),
    "decimal-point": ("send 1.50 to Anna", 1),
    "too-long": ("tell me my balance and " * 40 + "freeze my card", 0),
}
CHINESE = {
    "two-commands": ("帮我冻结卡，再查一下余额", 2),
    "shared-verb": ("查一下余额和最近十笔交易", 2),
    "joined-without-comma": ("查下交易记录顺便把卡解冻", 2),
    "traditional": ("麻煩凍結我的卡，並且看一下最近交易", 2),
    "three": ("有哪些待入账的交易？怎么提高限额？怎么存支票？", 3),
    "courtesy-around": ("你好，怎么激活卡？谢谢，再见", 1),
    "story-then-help": ("卡被吞了，该怎么办", 0),
    "comparison": ("余额和可用余额有什么区别", 0),
    "joint-phrase": ("查看余额和可用余额", 1),
    "narrative": ("换了新手机，怎么登录", 1),
    "prohibition": ("请冻结我的卡，别让别人用", 1),
}


@pytest.mark.parametrize(("text", "count"), ENGLISH.values(), ids=ENGLISH.keys())
def test_english_requests_are_found(text: str, count: int) -> None:
    assert len(split(text, "en")) == count


@pytest.mark.parametrize(("text", "count"), CHINESE.values(), ids=CHINESE.keys())
def test_chinese_requests_are_found(text: str, count: int) -> None:
    assert len(split(text, "zh")) == count


def test_a_verb_said_once_holds_for_both_things() -> None:
    second = split("Could you show me my balance and my pending payments?", "en")[1]
    assert (second.text, second.shares_verb) == ("show me my pending payments", True)
    assert split("查一下余额和最近的交易", "zh")[1].text == "查一下最近的交易"


def test_endless_punctuation_is_read_quickly() -> None:
    assert split(", " * (LONGEST // 2), "en") == ()
