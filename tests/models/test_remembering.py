"""Each text is encoded once, and the vectors stay the same."""

from collections.abc import Sequence

import numpy as np

from models.fakes import HashingEncoder
from models.remembering import RememberingEncoder
from models.types import Floats


class CountingEncoder(HashingEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Floats:
        self.seen.extend(texts)
        return super().encode(texts)


def test_known_texts_are_not_encoded_again() -> None:
    counting = CountingEncoder()
    remembering = RememberingEncoder(counting)
    remembering.encode(["a card", "a loan"])
    again = remembering.encode(["a loan", "a fee", "a loan"])
    assert counting.seen == ["a card", "a loan", "a fee"]
    np.testing.assert_array_equal(again, HashingEncoder().encode(["a loan", "a fee", "a loan"]))


def test_nothing_to_encode_keeps_the_dimension() -> None:
    remembering = RememberingEncoder(HashingEncoder())
    assert remembering.encode([]).shape == (0, remembering.dimension)
