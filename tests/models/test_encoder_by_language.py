"""Each text is read by the encoder of its language."""

from collections.abc import Sequence

import numpy as np
import pytest

from models.encoder_by_language import EncoderByLanguage
from models.encoder_shelf import SingleEncoder, article_encoder
from models.errors import EncoderError
from models.fakes import HashingEncoder
from models.text_folding import is_mostly_chinese
from models.types import Floats


class _Marked(HashingEncoder):
    def __init__(self, mark: float, dimension: int = 8) -> None:
        super().__init__(dimension)
        self.mark = mark

    @property
    def revision(self) -> str:
        return f"marked-{self.mark}"

    def encode(self, texts: Sequence[str]) -> Floats:
        return np.full((len(texts), self.dimension), self.mark, dtype=np.float32)


def test_texts_keep_their_order() -> None:
    both = EncoderByLanguage(_Marked(1.0), _Marked(2.0))
    vectors = both.encode(["card", "银行卡", "my card 卡", "IBAN 是什么意思"])
    assert vectors[:, 0].tolist() == [1.0, 2.0, 1.0, 2.0]
    assert both.encode([]).shape == (0, 8)
    assert "marked-1.0" in both.revision
    assert "marked-2.0" in both.revision


def test_one_index_holds_vectors_of_one_length() -> None:
    with pytest.raises(EncoderError, match="8 and 16"):
        EncoderByLanguage(_Marked(1.0), _Marked(2.0, 16))


def test_one_encoder_for_both_stays_alone() -> None:
    encoder = HashingEncoder()
    assert article_encoder(SingleEncoder(encoder)) is encoder


@pytest.mark.parametrize(
    ("text", "expected"),
    [("card", False), ("卡", True), ("Apple Pay 怎么绑卡", True), ("what is 卡 in English", False)],
)
def test_what_is_mostly_chinese(text: str, expected: bool) -> None:
    assert is_mostly_chinese(text) is expected
