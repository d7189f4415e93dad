"""Compare retrieval modes on Ask CFPB: a question must find its own answer among all answers.

The question is never part of the indexed text. Knows the CSV file of that data set.
"""

import csv
import html
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from knowledge_base.evaluation import document_ranking, ranking_figures
from knowledge_base.fusion import Fusion
from knowledge_base.index_store import IndexStore
from knowledge_base.indexer import Indexer
from knowledge_base.opened_parts import Opener
from knowledge_base.protocols import Embedder, Vectors
from knowledge_base.retriever import RetrievalSettings, Retriever
from knowledge_base.types import Document, SearchMode

_WEIGHTS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


class RememberingEmbedder:
    """Encodes every question once, however many contestants ask it."""

    def __init__(self, embedder: Embedder) -> None:
        self.dimension = embedder.dimension
        self.revision = embedder.revision
        self.reads_cjk = embedder.reads_cjk
        self._embedder = embedder
        self._rows: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the embedder does."""
        for text in texts:
            if text not in self._rows:
                self._rows[text] = self._embedder.encode([text])[0]
        return np.stack([self._rows[text] for text in texts])


def load_ask_cfpb(path: Path) -> list[tuple[str, Document]]:
    """Questions with their answers as documents."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Question"] and row["Answer"]]
    return [(html.unescape(row["Question"]), _document(row)) for row in rows]


def compare_modes(
    pairs: Sequence[tuple[str, Document]], embedder: Embedder, *, now: Callable[[], datetime]
) -> dict[str, dict[str, float]]:
    """Figures of dense, keyword, and every fusion with every weight."""
    with TemporaryDirectory() as folder:
        Indexer(Path(folder), embedder, now=now).rebuild(document for _, document in pairs)
        index = Opener(IndexStore(Path(folder)), embedder.revision).open_published(None).for_now()
        figures: dict[str, dict[str, float]] = {}
        once = RememberingEmbedder(embedder)
        for name, mode, settings in _contestants():
            retriever = Retriever(index, once, now=now, settings=settings)
            figures[name] = _figures(pairs, retriever, mode=mode)
        return figures


def _contestants() -> list[tuple[str, SearchMode, RetrievalSettings]]:
    usual = RetrievalSettings()
    hybrids = [
        (
            f"hybrid {method} {weight}",
            SearchMode.HYBRID,
            replace(usual, fusion=method, dense_weight=weight),
        )
        for method in Fusion
        for weight in _WEIGHTS
    ]
    return [("dense", SearchMode.DENSE, usual), ("keyword", SearchMode.KEYWORD, usual), *hybrids]


def _figures(
    pairs: Sequence[tuple[str, Document]], retriever: Retriever, *, mode: SearchMode
) -> dict[str, float]:
    rankings = [
        document_ranking(retriever.search(question, k=50, mode=mode)) for question, _ in pairs
    ]
    return ranking_figures(rankings, [document.document_id for _, document in pairs])


def _document(row: dict[str, str]) -> Document:
    return Document(
        document_id=row["ASK_ID"],
        version=1,
        title="",
        body=html.unescape(row["Answer"]),
        locale="en",
    )
