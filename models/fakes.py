"""Deterministic stand-ins for the models of this room: no torch, no weights. Product code."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np

from models.types import Floats, RankedIntents

_NGRAM = 3


class HashingEncoder:
    """Hashes character pieces and words to a unit vector; similar spelling, similar vector."""

    reads_cjk = True

    def __init__(self, dimension: int = 64) -> None:
        self._dimension = dimension

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def revision(self) -> str:
        return f"hashing-{self._dimension}"

    def encode(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text; an empty text is the first axis."""
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for piece in _pieces(text):
                place, sign = _place(piece, self._dimension)
                row[place] += sign
            if not row.any():
                row[0] = 1.0
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


class FixedClassifier:
    """Looks for keywords: the first that occurs decides; nothing found is out of scope."""

    def __init__(
        self,
        keywords: Mapping[str, str],
        *,
        confidence: float = 0.9,
        thresholds: Mapping[str, float] | None = None,
    ) -> None:
        self._keywords = {keyword.lower(): intent for keyword, intent in keywords.items()}
        self._confidence = confidence
        self._thresholds = dict(thresholds or {})

    @property
    def version(self) -> str:
        return "fixed-1"

    @property
    def thresholds(self) -> Mapping[str, float]:
        return self._thresholds

    def predict(self, texts: Sequence[str], *, language: str) -> list[RankedIntents]:  # noqa: ARG002 -- the seam
        """The intent of the first keyword, then the other intents with equal shares."""
        return [self._rank(text.lower()) for text in texts]

    def _rank(self, text: str) -> RankedIntents:
        found = next((i for keyword, i in self._keywords.items() if keyword in text), None)
        if found is None:
            return RankedIntents((), out_of_scope_score=2.0)
        others = [i for i in dict.fromkeys(self._keywords.values()) if i != found][:4]
        share = (1 - self._confidence) / len(others) if others else 0.0
        ranking = ((found, self._confidence), *((intent, share) for intent in others))
        return RankedIntents(ranking, out_of_scope_score=0.0)


def _pieces(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).lower()
    words = folded.split()
    padded = f" {' '.join(words)} "
    grams = [padded[start : start + _NGRAM] for start in range(len(padded) - _NGRAM + 1)]
    return [*words, *(gram for gram in grams if gram.strip())]


def _place(piece: str, dimension: int) -> tuple[int, float]:
    digest = hashlib.blake2b(piece.encode(), digest_size=8).digest()
    number = int.from_bytes(digest, "big")
    return (number >> 1) % dimension, 1.0 if number & 1 else -1.0
