"""Find texts that read alike, by the characters they share. Knows no intent and no encoder.

Used when people review labels: equal and nearly equal texts, in the store and in training data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from models.chinese import to_simplified
from routing.dataset import normalise

NEAR = 0.75  # cosine from which two texts are shown side by side
SAME = 0.999  # equal but for case, width, punctuation and spaces
# Chinese says in two characters what English says in five
_NGRAMS = {"zh": (1, 3)}
_NGRAMS_ELSEWHERE = (2, 5)
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Like:
    """Where a text like the asked one stands, and how like it is (cosine, 0 to 1)."""

    place: int
    similarity: float


class TextIndex:
    """Texts of one language, ready to be compared with others."""

    def __init__(self, texts: Sequence[str], *, language: str) -> None:
        self._vectorizer = TfidfVectorizer(
            analyzer="char",
            ngram_range=_NGRAMS.get(language, _NGRAMS_ELSEWHERE),
            sublinear_tf=True,
            dtype=np.float32,
        )
        folded = [_folded(text) for text in texts]
        self._rows: csr_matrix | None = None
        if any(folded):
            self._rows = self._vectorizer.fit_transform(folded)

    def like(
        self, texts: Sequence[str], *, floor: float = NEAR, limit: int = 5
    ) -> list[list[Like]]:
        """For each text what reads like it, the most similar first."""
        if self._rows is None:
            return [[] for _ in texts]
        found: list[list[Like]] = []
        for start in range(0, len(texts), _BATCH):
            asked = self._vectorizer.transform([_folded(t) for t in texts[start : start + _BATCH]])
            found += [_best(row, floor, limit) for row in (asked @ self._rows.T).tocsr()]
        return found


def _folded(text: str) -> str:
    return normalise(to_simplified(text))


def _best(row: csr_matrix, floor: float, limit: int) -> list[Like]:
    pairs = sorted(zip(row.indices, row.data, strict=True), key=lambda p: (-p[1], p[0]))
    return [
        Like(int(place), min(1.0, float(value))) for place, value in pairs[:limit] if value >= floor
    ]
