"""Encodes each text once: for preparing, where training and indexing share texts."""

from collections.abc import Sequence

import numpy as np

from models.encoder_shelf import EncoderShelf
from models.encoder_source import EncoderSource
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


class RememberingShelf:
    """A shelf whose encoders remember: training, measuring and reporting read the same texts."""

    def __init__(self, shelf: EncoderShelf) -> None:
        self._shelf = shelf
        self._remembering: dict[str, RememberingEncoder] = {}

    def find(self, language: str) -> Encoder | None:
        if language not in self._remembering:
            encoder = self._shelf.find(language)
            if encoder is None:
                return None
            self._remembering[language] = RememberingEncoder(encoder)
        return self._remembering[language]

    def second(self, language: str) -> Encoder | None:
        encoder = self._shelf.second(language)
        if encoder is None:
            return None
        key = f"second {language}"
        return self._remembering.setdefault(key, RememberingEncoder(encoder))

    def source(self, language: str) -> EncoderSource | None:
        return self._shelf.source(language)
