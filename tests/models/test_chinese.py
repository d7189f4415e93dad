"""Traditional and simplified spellings read the same."""

import pytest

from models.chinese import to_simplified
from models.lexical import LexicalFeatures, blocks_for


@pytest.mark.parametrize(
    ("text", "simplified"),
    [
        pytest.param("請凍結我的卡", "请冻结我的卡", id="traditional"),
        pytest.param("请冻结我的卡", "请冻结我的卡", id="already-simplified"),
        pytest.param("把乾淨的帳單給乾隆", "把干净的账单给乾隆", id="by-word-not-character"),
        pytest.param("后来转帐", "后来转账", id="banking-variant"),
        pytest.param("freeze my card", "freeze my card", id="english"),
        pytest.param("解凍 my VISA 卡", "解冻 my VISA 卡", id="mixed"),
        pytest.param("凍\ud83d結", "冻?结", id="lone-surrogate"),
        pytest.param("凍\0結", "冻\0结", id="nul"),
        pytest.param("", "", id="empty"),
    ],
)
def test_to_simplified(text: str, simplified: str) -> None:
    assert to_simplified(text) == simplified
    assert to_simplified(simplified) == simplified


def test_features_do_not_depend_on_the_spelling() -> None:
    features = LexicalFeatures.fit(["冻结银行卡", "解凍銀行卡"], blocks_for("zh"))

    traditional, simplified = features.transform(["凍結銀行卡", "冻结银行卡"]).toarray()

    assert traditional.any()
    assert traditional.tolist() == simplified.tolist()
