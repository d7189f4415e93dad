"""Find chunks for a question: vectors and keywords, joined, inside what the caller may read.

Knows one index version; not where it lies, nor how an answer is worded.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import numpy as np

from knowledge_base.example_index import ExampleIndex
from knowledge_base.fusion import Fusion, fuse
from knowledge_base.keyword_index import highest
from knowledge_base.leads import lead_scores
from knowledge_base.protocols import Embedder, Mask, Reranker
from knowledge_base.reranking import Ranked, Reranking
from knowledge_base.snapshot import Snapshot
from knowledge_base.types import STRANGE, Audience, Hit, SearchMode
from knowledge_base.vectoriser import readable_text

_REMEMBERED = 4_096  # chunks that are read from the file once


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """How the two retrievers are joined; the defaults are measured, see docs/experiments/LOG.md."""

    fusion: Fusion = Fusion.MIN_MAX
    dense_weight: float = 0.7
    candidates: int = 100  # taken from each retriever before they are joined
    lead_weight: float = 0.4  # of the cosine of the article's opening, beside the chunk's own
    dense_example_weight: float = 1.25  # of the examples' cosine, beside the chunk's own
    keyword_example_weight: float = 1.0  # of the examples' BM25 score, beside the chunk's own
    intent_boost: float = 0.15  # added to documents tagged with the intent that the router saw
    rerank: int = 20  # the best that a reranker puts in order, where there is one


@dataclass(frozen=True, slots=True)
class _Found:
    """What one retriever says: scores of chunks, and of the intents heard in the question."""

    scores: dict[int, float]
    intents: dict[str, float]
    leads: dict[int, float] = field(default_factory=dict)  # how the chunk's article opens

    @property
    def lowest(self) -> float:
        return min(self.intents.values(), default=0.0)


_NOTHING = _Found({}, {})


class Retriever:
    """Hybrid search over one snapshot of the index."""

    def __init__(
        self,
        index: Snapshot,
        embedder: Embedder,
        *,
        now: Callable[[], datetime],
        settings: RetrievalSettings | None = None,
        examples: ExampleIndex | None = None,  # in place of those of the index
        reranker: Reranker | None = None,
        fail_open: bool = True,  # a failing reranker: search on without it, or raise
    ) -> None:
        self.index = index
        self._examples = examples or index.examples
        # a search looks at a chunk several times, and customers ask for the same ones
        self._chunk = lru_cache(_REMEMBERED)(index.chunks.__getitem__)
        self._embedder = embedder
        self._now = now
        self._settings = settings or RetrievalSettings()
        self._reranking = (
            Reranking(reranker, first=self._settings.rerank, fail_open=fail_open)
            if reranker is not None
            else None
        )

    def search(
        self,
        question: str,
        *,
        k: int,
        locale: str | None = None,
        mode: SearchMode = SearchMode.HYBRID,
        audiences: Collection[Audience] = (Audience.PUBLIC,),
        intent: str | None = None,
        as_of: datetime | None = None,
    ) -> list[Hit]:
        """The best k chunks that these audiences may read now, or could read at `as_of`."""
        moment = as_of or self._now()
        allowed = self.index.readable(locale=locale, audiences=audiences, at=moment)
        if k < 1 or not question.strip() or not allowed.any():
            return []
        dense = _NOTHING if mode is SearchMode.KEYWORD else self._dense(question, allowed, k)
        keyword = _NOTHING if mode is SearchMode.DENSE else self._keyword(question, allowed, k)
        fused = fuse(
            self._with_examples(dense, self._settings.dense_example_weight),
            self._with_examples(keyword, self._settings.keyword_example_weight),
            dense_weight=self._settings.dense_weight,
            method=self._settings.fusion,
        )
        ranked = self._rerank(question, self._prefer(fused, intent))[:k]
        return [self._hit(one, dense, keyword) for one in ranked]

    def _dense(self, question: str, allowed: Mask, k: int) -> _Found:
        text = readable_text(question, self._embedder)
        comparable = self.index.with_vectors(allowed)
        if not text or not comparable.any():
            return _NOTHING
        vector = self._embedder.encode([text])
        width = max(k, self._settings.candidates)
        found = self.index.nearest(vector, width, comparable)
        leads = lead_scores(self.index, found, vector, chunk=self._chunk)
        return _Found(found, self._examples.dense(vector), leads)

    def _keyword(self, question: str, allowed: Mask, k: int) -> _Found:
        scores = np.where(allowed, self.index.keywords.scores(question), 0.0)
        best = highest(scores, max(k, self._settings.candidates))
        found = {int(number): float(scores[number]) for number in best}
        return _Found(found, self._examples.keyword(question))

    def _with_examples(self, found: _Found, weight: float) -> dict[int, float]:
        """Scores lifted by the article's opening and by the examples of the chunk's intents.

        A document without intents counts its own score instead, so that it is neither lifted nor
        buried.
        """
        scores = {
            number: score + self._settings.lead_weight * found.leads.get(number, 0.0)
            for number, score in found.scores.items()
        }
        if not found.intents:
            return scores
        return {
            number: score + weight * self._example_score(number, found)
            for number, score in scores.items()
        }

    def _example_score(self, number: int, found: _Found) -> float:
        intents = self._chunk(number).intents
        if not intents:
            return found.scores[number]
        return max(found.intents.get(intent, found.lowest) for intent in intents)

    def _hit(self, ranked: Ranked, dense: _Found, keyword: _Found) -> Hit:
        number, by = ranked.number, dense if dense.intents else keyword
        return Hit(
            self._chunk(number),
            ranked.score,
            dense.scores.get(number),
            keyword.scores.get(number),
            self._example_score(number, by) if by.intents and number in by.scores else None,
            by.intents.get(STRANGE, by.lowest) if by.intents else None,
            ranked.rerank_score,
        )

    def _rerank(self, question: str, ranked: list[tuple[int, float]]) -> list[Ranked]:
        fused = [Ranked(number, score) for number, score in ranked]
        if self._reranking is None:
            return fused
        return self._reranking.order(question, fused, chunk=self._chunk)

    def _prefer(self, fused: dict[int, float], intent: str | None) -> list[tuple[int, float]]:
        if intent is None:
            return list(fused.items())
        boosted = [
            (
                number,
                score + self._settings.intent_boost * (intent in self._chunk(number).intents),
            )
            for number, score in fused.items()
        ]
        return sorted(boosted, key=lambda item: (-item[1], item[0]))
