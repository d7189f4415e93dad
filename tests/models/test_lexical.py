"""Lexical features and their head, and the round trip without pickle."""

import json

import numpy as np
import pytest

from models.lexical import LexicalFeatures, LexicalModel, blocks_for, fit_lexical
from models.linear_head import LinearHead, fit_head

ENGLISH = ["I lost my card", "my card is lost", "what is my balance", "show my balance please"]
CHINESE = ["我的卡丢了", "银行卡丢失", "查询余额", "余额是多少"]
LABELS = np.array([0, 0, 1, 1])


@pytest.mark.parametrize(("language", "texts"), [("en", ENGLISH), ("zh", CHINESE)])
def test_learns_and_survives_storage(language: str, texts: list[str]) -> None:
    model = fit_lexical(texts, LABELS, language=language, label_count=2)
    assert list(model.log_probs(texts).argmax(axis=1)) == [0, 0, 1, 1]

    document = json.loads(json.dumps(model.features.document()))
    tensors = {**model.features.tensors(), **model.head.tensors("lexical")}
    restored = LexicalModel(
        LexicalFeatures.restore(document, tensors), LinearHead.from_tensors(tensors, "lexical")
    )

    new = [*texts, "完全不同", "something else"]
    assert np.array_equal(restored.log_probs(new), model.log_probs(new))


def test_chinese_is_read_by_characters() -> None:
    features = LexicalFeatures.fit(CHINESE, blocks_for("zh"))

    characters, pairs = (set(block["vocabulary"]) for block in features.document())
    assert "余" in characters
    assert "余额" in pairs


def test_width_and_case_do_not_matter() -> None:
    features = LexicalFeatures.fit(["ATM 取款", "转账"], blocks_for("zh"))

    plain, wide = features.transform(["atm 取款", "ＡＴＭ　取款"])

    assert np.array_equal(plain.toarray(), wide.toarray())


def test_rows_have_length_one_and_strange_text_is_zero() -> None:
    features = LexicalFeatures.fit(ENGLISH, blocks_for("en"))

    known, strange = features.transform(["my balance", "ÿþ"]).toarray()

    assert np.linalg.norm(known) == pytest.approx(1, abs=1e-6)
    assert not strange.any()


def test_a_label_without_examples_never_wins() -> None:
    head = fit_head(np.eye(4), np.array([0, 0, 2, 2]), label_count=4, strength=10)

    probabilities = np.exp(head.log_probs(np.eye(4)))

    assert list(probabilities.argmax(axis=1)) == [0, 0, 2, 2]
    assert probabilities[:, [1, 3]].max() < 1e-9
