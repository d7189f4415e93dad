"""BM25 over the chunk numbers of the vector index, through bm25s. Knows tokens, no rights."""

import math
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from bm25s import BM25
from numpy.typing import NDArray

from knowledge_base.errors import IndexDamaged
from knowledge_base.protocols import Ids
from knowledge_base.tokens import tokenise, without_addresses
from knowledge_base.types import Chunk

Scores = NDArray[np.float32]
_NOTHING = ("\x00",)  # for an empty row, which bm25s refuses: nothing that a question holds


@dataclass(frozen=True, slots=True)
class KeywordSettings:
    """How words are weighed: BM25's two numbers, and how often title and headings are counted."""

    k1: float = 1.2
    b: float = 0.75
    title_weight: int = 2
    heading_weight: int = 2


class KeywordIndex(Protocol):
    """Scores every row for a question; row i is chunk, or example, number i."""

    def scores(self, question: str) -> Scores:
        """A score for every row, 0 where no token is shared."""

    def weigh(self, token: str) -> float:
        """How much a token tells: its inverse document frequency, highest when no row has it."""

    def __len__(self) -> int:
        """How many rows it holds."""


class Bm25Index(KeywordIndex):
    """BM25 over rows of tokens."""

    def __init__(self, bm25: BM25, row_count: int) -> None:
        self._bm25 = bm25
        self._row_count = row_count

    def __len__(self) -> int:
        return self._row_count

    @classmethod
    def build(
        cls,
        rows: Iterable[Sequence[str]],
        settings: KeywordSettings,
        *,
        weigh: Callable[[str], float] | None = None,
    ) -> Self:
        """Index rows of tokens in their order.

        A small index beside a large one takes over how much the large one lets a token `weigh`, so
        that the scores of both can be compared.
        """
        vocabulary: dict[str, int] = {}
        numbered = [
            # numbers instead of strings: a million rows of strings would fill the memory
            array("I", [vocabulary.setdefault(token, len(vocabulary)) for token in row or _NOTHING])
            for row in rows
        ]
        bm25 = BM25(k1=settings.k1, b=settings.b, method="lucene")
        filled = numbered or [array("I", [vocabulary.setdefault(_NOTHING[0], 0)])]
        bm25.index((filled, vocabulary), show_progress=False)
        index = cls(bm25, len(numbered))
        if weigh is not None:
            index._weigh_as(weigh)
        return index

    def scores(self, question: str) -> Scores:
        known = [token for token in tokenise(question) if token in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._row_count, dtype=np.float32)
        scores = self._bm25.get_scores(known)
        return np.asarray(scores[: self._row_count], dtype=np.float32)

    def weigh(self, token: str) -> float:
        return self._idf(self._bm25.vocab_dict.get(token, -1))

    def save(self, folder: Path) -> None:
        """Write arrays and vocabulary as .npy and JSON files."""
        self._bm25.save(folder, show_progress=False, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, row_count: int) -> Self:
        """Open what `save` wrote; the arrays are mapped into memory."""
        try:
            bm25 = BM25.load(folder, show_progress=False, allow_pickle=False, mmap=True)
        except (OSError, ValueError, KeyError) as error:
            raise IndexDamaged("the keyword index cannot be read") from error
        return cls(bm25, row_count)

    def _idf(self, number: int) -> float:
        """Of the token with this number; -1 for one that no row has."""
        indptr = self._bm25.scores["indptr"]
        is_known = 0 <= number < len(indptr) - 1
        frequency = int(indptr[number + 1] - indptr[number]) if is_known else 0
        return math.log(1 + (self._row_count - frequency + 0.5) / (frequency + 0.5))

    def _weigh_as(self, weigh: Callable[[str], float]) -> None:
        """A BM25 score is a sum over tokens, each proportional to the token's weight."""
        scores = self._bm25.scores
        factors = np.ones(len(scores["indptr"]) - 1, dtype=np.float32)
        for token, number in self._bm25.vocab_dict.items():
            if number < len(factors):
                factors[number] = weigh(token) / self._idf(number)
        scores["data"] = scores["data"] * np.repeat(factors, np.diff(scores["indptr"]))


def chunk_tokens(chunk: Chunk, settings: KeywordSettings) -> list[str]:
    """Tokens of a chunk; title and headings weigh more, as they are worded as customers ask."""
    return (
        tokenise(chunk.title) * settings.title_weight
        + tokenise(" ".join(chunk.headings)) * settings.heading_weight
        + tokenise(without_addresses(chunk.text))
    )


def highest(scores: Scores, k: int) -> Ids:
    """Numbers of the k highest scores above 0, the highest first; of equals the lower number."""
    found = np.flatnonzero(scores > 0)
    if len(found) > k:
        border = np.partition(scores[found], len(found) - k)[len(found) - k]
        found = found[scores[found] >= border]
    return found[np.argsort(-scores[found], kind="stable")][:k]
