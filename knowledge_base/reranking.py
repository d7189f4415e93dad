"""Let a reranker put the best of what was found in order. Knows neither index nor rights.

It is given what a search found for its reader, so no word that this reader may not read.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from knowledge_base.chunk_file import embedding_text
from knowledge_base.protocols import Reranker
from knowledge_base.types import Chunk
from models.errors import RerankerError

_WARN_EVERY_S = 60.0


class Ranked(NamedTuple):
    """A chunk at its place in the order of a search."""

    number: int
    score: float  # fused
    rerank_score: float | None = None


class Reranking:
    """Puts the first hits in the order of a reranker; what stands behind them stays there."""

    def __init__(self, reranker: Reranker, *, first: int, fail_open: bool) -> None:
        self._reranker = reranker
        self._first = first
        self._fail_open = fail_open
        self._warned_at = float("-inf")
        self._warning = threading.Lock()

    def order(
        self, question: str, ranked: Sequence[Ranked], *, chunk: Callable[[int], Chunk]
    ) -> list[Ranked]:
        """The same chunks, best first; equal ones in the order that they came in.

        A fused score belongs to its place, not to the chunk: later steps compare with it how far
        apart places are. When the reranker fails, the order that came in, or RerankerError.
        """
        best, rest = ranked[: self._first], ranked[self._first :]
        try:
            scores = self._reranker.score(
                question, [embedding_text(chunk(one.number)) for one in best]
            )
        except RerankerError:
            if not self._fail_open:
                raise
            self._warn()
            return list(ranked)
        places = sorted(range(len(best)), key=lambda place: -scores[place])
        ordered = [
            Ranked(best[place].number, one.score, float(scores[place]))
            for one, place in zip(best, places, strict=True)
        ]
        return [*ordered, *rest]

    def _warn(self) -> None:
        """Once a minute: a broken model fails at every question."""
        with self._warning:
            if time.monotonic() - self._warned_at < _WARN_EVERY_S:
                return
            self._warned_at = time.monotonic()
        logging.getLogger(__name__).warning("knowledge_base.reranker_failed", exc_info=True)
