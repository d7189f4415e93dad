"""Encodes each text once: for preparing, where training and indexing share texts."""

from collections.abc import Sequence

import numpy as np

from models.types import Encoder, Floats


class RememberingEncoder:
    """Wraps an encoder and keeps every vector. Grows without limit: not for serving."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Floats] = {}

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    @property
    def revision(self) -> str:
        return self._encoder.revision

    @property
    def reads_cjk(self) -> bool:
        return self._encoder.reads_cjk

    def encode(self, texts: Sequence[str]) -> Floats:
        """The same vectors as the wrapped encoder's, of shape (n, dimension)."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known |= dict(zip(new, self._encoder.encode(new), strict=True))
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])
