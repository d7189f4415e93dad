"""Two encoders behind one door: Chinese texts go to the one that reads them, the rest to the other.

Their vectors have one length but live in unrelated spaces, where the cosine of two texts of
different languages is near 0: a question finds texts of its own language.
"""

from collections.abc import Sequence

import numpy as np

from models.errors import EncoderError
from models.text_folding import is_mostly_chinese
from models.types import Encoder, Floats


class EncoderByLanguage:
    """Hands every text to the encoder of its language; safe where both are."""

    reads_cjk = True

    def __init__(self, english: Encoder, chinese: Encoder) -> None:
        if english.dimension != chinese.dimension:
            raise EncoderError(
                f"one index cannot hold vectors of {english.dimension} and {chinese.dimension} "
                "numbers: name one encoder for both languages"
            )
        self._english = english
        self._chinese = chinese
        self.dimension = english.dimension
        self.revision = f"{english.revision} | zh {chinese.revision}"

    def encode(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text, in order: (n, dimension)."""
        is_chinese = np.array([is_mostly_chinese(text) for text in texts], dtype=np.bool_)
        vectors: Floats = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for encoder, places in (
            (self._english, np.flatnonzero(~is_chinese)),
            (self._chinese, np.flatnonzero(is_chinese)),
        ):
            if len(places):
                vectors[places] = encoder.encode([texts[int(place)] for place in places])
        return vectors
