"""BM25 over the chunk numbers of the vector index, through bm25s. Knows tokens, no rights."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from bm25s import BM25
from numpy.typing import NDArray

from knowledge_base.errors import IndexDamaged
from knowledge_base.tokens import tokenise
from knowledge_base.types import Chunk

Scores = NDArray[np.float32]
_NOTHING = "\x00"  # nothing that a question could hold


@dataclass(frozen=True, slots=True)
class KeywordSettings:
    """How words are weighed: BM25's two numbers, and how often title and headings are counted."""

    k1: float = 1.2
    b: float = 0.75
    title_weight: int = 2
    heading_weight: int = 2


class KeywordIndex:
    """Scores every row for a question; row i is chunk, or example, number i."""

    def __init__(self, bm25: BM25, row_count: int) -> None:
        self._bm25 = bm25
        self._row_count = row_count
        self._idf = _inverse_document_frequencies(bm25, row_count)
        self._unseen_idf = float(np.log(1 + (row_count + 0.5) / 0.5))

    def __len__(self) -> int:
        return self._row_count

    @classmethod
    def build(cls, rows: Sequence[list[str]], settings: KeywordSettings) -> Self:
        """Index rows of tokens in their order."""
        bm25 = BM25(k1=settings.k1, b=settings.b, method="lucene")
        filled = [row or [_NOTHING] for row in rows] or [[_NOTHING]]  # bm25s refuses empty ones
        bm25.index(filled, show_progress=False)
        return cls(bm25, len(rows))

    def scores(self, question: str) -> Scores:
        """A score for every row, 0 where no token is shared."""
        known = [token for token in tokenise(question) if token in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._row_count, dtype=np.float32)
        scores = self._bm25.get_scores(known)
        return np.asarray(scores[: self._row_count], dtype=np.float32)

    def weigh(self, token: str) -> float:
        """How much a token tells: its inverse document frequency, highest when no row has it."""
        return self._idf.get(token, self._unseen_idf)

    def save(self, folder: Path) -> None:
        """Write arrays and vocabulary as .npy and JSON files."""
        self._bm25.save(folder, show_progress=False, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, row_count: int) -> Self:
        """Read what `save` wrote."""
        try:
            bm25 = BM25.load(folder, show_progress=False, allow_pickle=False)
        except (OSError, ValueError, KeyError) as error:
            raise IndexDamaged("the keyword index cannot be read") from error
        return cls(bm25, row_count)


def chunk_tokens(chunk: Chunk, settings: KeywordSettings) -> list[str]:
    """Tokens of a chunk; title and headings weigh more, as they are worded as customers ask."""
    return (
        tokenise(chunk.title) * settings.title_weight
        + tokenise(" ".join(chunk.headings)) * settings.heading_weight
        + tokenise(chunk.text)
    )


def _inverse_document_frequencies(bm25: BM25, row_count: int) -> dict[str, float]:
    frequencies = np.diff(bm25.scores["indptr"])
    weights = np.log(1 + (row_count - frequencies + 0.5) / (frequencies + 0.5))
    return {
        token: float(weights[number])
        for token, number in bm25.vocab_dict.items()
        if number < len(weights)
    }
