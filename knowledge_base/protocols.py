"""What the knowledge base expects from encoders and indexes, and what it offers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge_base.types import Answer, Audience, Hit, SearchMode

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def revision(self) -> str:
        """Identifies the weights; an index is only read with the revision that built it."""

    @property
    def reads_cjk(self) -> bool:
        """Whether Chinese text becomes words rather than unknown marks."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension), rows of length 1."""


class Reranker(Protocol):
    """Reads a question and a passage together; safe to call from many threads."""

    @property
    def revision(self) -> str:
        """Identifies the weights; a base is calibrated to one revision, or to none."""

    def score(self, question: str, passages: Sequence[str]) -> Scores:
        """How well each passage answers it, (len(passages),); RerankerError where it fails."""


class VectorIndex(Protocol):
    """Nearest neighbours by inner product; ids are chunk numbers."""

    def search(
        self, queries: Vectors, k: int, *, allowed: Mask | None = None
    ) -> tuple[Vectors, Ids]:
        """Scores and ids, both of shape (len(queries), k), best first; id -1 where there are fewer.

        With `allowed`, true at every id that takes part: rights are applied before the cut to k.
        """

    def __len__(self) -> int:
        """How many rows it holds."""


class KnowledgeBase(Protocol):
    """What the service asks: find passages, answer with citations, say which index answered."""

    @property
    def index_version(self) -> str:
        """Name of the live index version; empty where there is none."""

    def search(
        self,
        query: str,
        *,
        k: int,
        locale: str | None = None,
        mode: SearchMode = SearchMode.HYBRID,
        audiences: Collection[Audience] = (Audience.PUBLIC,),
        as_of: datetime | None = None,
    ) -> list[Hit]:
        """The best chunks that these audiences may read now, or could read at `as_of`."""

    def answer(
        self,
        question: str,
        *,
        locale: str | None = None,
        audiences: Collection[Audience] = (Audience.PUBLIC,),
        intent: str | None = None,
        as_of: datetime | None = None,
    ) -> Answer:
        """An answer from cited chunks, or an abstention; of now, or of the moment `as_of`."""

    def reload(self) -> None:
        """Swap to the newest verified index version, if it changed."""
