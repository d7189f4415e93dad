"""Chinese training texts and customers' pinyin meet in one spelling."""

import numpy as np
import pytest

from models.lexical import fit_lexical
from models.romanised import LANGUAGE, feature_text, feature_texts


@pytest.mark.parametrize(
    "written",
    ["wo de ka diu le", "Wo3 de ka3 diu1 le", "wǒ de kǎ diū le", "wodeka diule!", "我的卡丢了"],
)
def test_every_spelling_reads_the_same(written: str) -> None:
    assert feature_text(written) == "wodekadiule"


def test_other_words_stay() -> None:
    assert feature_text("查IBAN 2024") == "chaiban2024"
    assert feature_text("绿卡") == feature_text("lǜ kǎ") == "lvka"
    assert feature_text("") == ""


def test_heads_on_chinese_texts_read_pinyin() -> None:
    texts = ["我的卡丢了", "银行卡丢失", "卡不见了", "怎么转账", "转账到别的银行", "我要转钱"]
    labels = np.array([0, 0, 0, 1, 1, 1], dtype=np.int64)
    model = fit_lexical(feature_texts(texts), labels, language=LANGUAGE, label_count=2)
    asked = feature_texts(["wo ka diu le", "zenme zhuan zhang"])
    assert model.log_probs(asked).argmax(axis=1).tolist() == [0, 1]
