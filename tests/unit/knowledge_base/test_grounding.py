"""What a model adds, changes or turns round is refused; what the passages say is kept."""

import pytest

from knowledge_base.grounding import GroundingChecker, GroundingSettings, Refusal, supported_text
from models.fakes import HashingEncoder

FEES = (
    "Lantern Everyday costs €4 a month. Lantern Plus costs €12 a month.\n\n"
    "You can close the account at any time. Closing takes 5 working days.\n"
    "We never ask for your PIN."
)
FEES_ZH = (
    "日常账户每月收费 4 欧元。优享账户每月收费 12 欧元。\n\n"
    "您可以随时在手机银行注销账户。注销需要 5 个工作日。\n我们不会向您索要密码。"
)


def _refusals(text: str, passage: str) -> list[Refusal | None]:
    return [one.refusal for one in GroundingChecker().check(text, [passage])]


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("Lantern Everyday costs €4 a month.", FEES),
        ("Everyday is 4 euros a month.", FEES),
        ("Closing the account takes five working days.", FEES),
        ("We never ask for your PIN.", FEES),
        ("日常账户每月收费4欧元。", FEES_ZH),
        ("注销账户需要五个工作日。", FEES_ZH),
        ("我们不会索要您的密码。", FEES_ZH),
    ],
)
def test_what_the_passage_says_is_kept(sentence: str, passage: str) -> None:
    assert _refusals(sentence, passage) == [None]


@pytest.mark.parametrize(
    ("sentence", "passage", "refusal"),
    [
        ("Lantern Everyday costs €5 a month.", FEES, Refusal.FIGURE),
        ("Closing takes 5 hours.", FEES, Refusal.FIGURE),
        ("Ring +353 1 555 9999 to close the account.", FEES, Refusal.FIGURE),
        ("Lantern Plus costs €4 a month.", FEES, Refusal.FIGURE),
        ("Revolut costs €4 a month.", FEES, Refusal.ENTITY),
        ("Lantern Everyday costs €4 a month and we guarantee it.", FEES, Refusal.PROMISE),
        ("You cannot close the account at any time.", FEES, Refusal.NEGATION),
        ("We ask for your PIN.", FEES, Refusal.NEGATION),
        ("To borrow money you need a valuation by an expert.", FEES, Refusal.WORDS),
        ("日常账户每月收费5欧元。", FEES_ZH, Refusal.FIGURE),
        ("注销需要5个小时。", FEES_ZH, Refusal.FIGURE),
        ("优享账户每月收费4欧元。", FEES_ZH, Refusal.FIGURE),
        ("日常账户每月收费4欧元，而且保证退款。", FEES_ZH, Refusal.PROMISE),
        ("您不可以随时在手机银行注销账户。", FEES_ZH, Refusal.NEGATION),
        ("我们会向您索要密码。", FEES_ZH, Refusal.NEGATION),
        ("这项业务需要请专家评估房屋。", FEES_ZH, Refusal.WORDS),
    ],
)
def test_what_was_changed_is_refused(sentence: str, passage: str, refusal: Refusal) -> None:
    assert _refusals(sentence, passage) == [refusal]


def test_only_the_supported_sentences_are_left() -> None:
    text = "Lantern Plus costs €12 a month. The first year is free. Closing takes 5 working days."
    checked = GroundingChecker().check(text, ["Nothing to see.", FEES])
    assert supported_text(checked) == (
        "Lantern Plus costs €12 a month. Closing takes 5 working days."
    )
    assert [one.passage for one in checked] == [1, None, 1]


def test_a_heading_lends_its_words_to_its_passage() -> None:
    checker = GroundingChecker()
    sentence = "The standing order limit is €5,000."
    assert not checker.check(sentence, ["At most €5,000."])[0].is_supported
    assert checker.check(sentence, ["At most €5,000."], headings=["Standing order limit"])[
        0
    ].is_supported


def test_meaning_is_compared_where_there_is_an_encoder() -> None:
    strict = GroundingChecker(HashingEncoder(256), GroundingSettings(least_likeness=0.99))
    sentence = "The Everyday account costs €4 a month."
    assert strict.check(sentence, [FEES])[0].refusal is not None
    assert GroundingChecker(HashingEncoder(256)).check(sentence, [FEES])[0].is_supported


def test_without_passages_nothing_is_supported() -> None:
    assert _refusals("Lantern Everyday costs €4 a month.", "") == [Refusal.WORDS]
    assert GroundingChecker().check("", [FEES]) == []


@pytest.mark.parametrize("address", ["evil.example", "+353 1 555 0999", "help@evil.example"])
def test_an_address_that_is_not_stated_is_refused(address: str) -> None:
    passage = "When the card is lost, ring +353 1 555 0100."
    (checked,) = GroundingChecker().check(f"When the card is lost, ring {address}.", [passage])
    assert checked.refusal is Refusal.FIGURE
