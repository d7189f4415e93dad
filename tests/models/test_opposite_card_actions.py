"""Freezing and unfreezing a card are never taken for each other, in either Chinese spelling."""

from pathlib import Path

import pytest

from models.checkpoint import load_checkpoint
from models.chinese import to_simplified
from models.encoder_shelf import BundledEncoders
from models.intent_classifier import KIND, IntentModel, restore_intent_model
from routing.dataset import OWN_DATA, load_utterances

FREEZE = [
    ("請凍結我的卡", "zh"),
    ("凍結我的銀行卡", "zh"),
    ("幫我凍結卡片", "zh"),
    ("我要凍結信用卡", "zh"),
    ("麻煩立刻幫我把卡鎖起來", "zh"),
    ("我想停用這張提款卡", "zh"),
    ("請先暫停我的卡片功能", "zh"),
    ("请冻结我的银行卡", "zh"),
    ("我要冻结这张卡", "zh"),
    ("帮我停用信用卡", "zh"),
    ("暂停我的借记卡", "zh"),
    ("麻烦把卡锁定", "zh"),
    ("Please freeze my bank card", "en"),
    ("I need my card locked", "en"),
    ("suspend my debit card for now", "en"),
    ("can you disable my credit card today", "en"),
]
UNFREEZE = [
    ("請解凍我的卡", "zh"),
    ("解凍我的銀行卡", "zh"),
    ("幫我解凍卡片", "zh"),
    ("我要解凍信用卡", "zh"),
    ("麻煩幫我把卡解鎖", "zh"),
    ("我想恢復這張提款卡", "zh"),
    ("請重新啟用我的卡片", "zh"),
    ("请解冻我的银行卡", "zh"),
    ("我要解冻这张卡", "zh"),
    ("帮我恢复信用卡", "zh"),
    ("重新启用我的借记卡", "zh"),
    ("麻烦把卡解除锁定", "zh"),
    ("Please unfreeze my bank card", "en"),
    ("I need my card unlocked", "en"),
    ("resume my debit card", "en"),
    ("can you enable my frozen credit card today", "en"),
]
CASES = [(*case, "card_freeze") for case in FREEZE] + [
    (*case, "card_unfreeze") for case in UNFREEZE
]
CHINESE = [text for text, language, _ in CASES if language == "zh"]

slow = pytest.mark.slow


@pytest.fixture(scope="module")
def model(own_checkpoint: Path, bundled_encoders: BundledEncoders) -> IntentModel:
    return restore_intent_model(load_checkpoint(own_checkpoint, kind=KIND), bundled_encoders)


def test_none_of_the_sentences_is_trained_on() -> None:
    trained = {to_simplified(row.text).lower() for row in load_utterances(OWN_DATA)}

    assert [text for text, _, _ in CASES if to_simplified(text).lower() in trained] == []


@slow
@pytest.mark.parametrize(("text", "language", "intent"), CASES)
def test_the_action_is_not_turned_round(
    model: IntentModel, text: str, language: str, intent: str
) -> None:
    (seen,) = model.predict([text], language=language)

    assert seen.ranking[0][0] == intent


@slow
def test_both_spellings_get_the_same_ranking(model: IntentModel) -> None:
    simplified = [to_simplified(text) for text in CHINESE]

    assert model.predict(CHINESE, language="zh") == model.predict(simplified, language="zh")
