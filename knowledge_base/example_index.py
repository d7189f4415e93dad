"""Which intents a question sounds like, judged by how customers asked before. Knows no documents.

Articles are written in the bank's words, customers use theirs; labelled examples bridge the two.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from knowledge_base.keyword_index import KeywordIndex, highest
from knowledge_base.protocols import Mask, VectorIndex, Vectors
from knowledge_base.types import ExampleQuestion

_NEIGHBOURS = 64
_AGREEING = 3  # examples of an intent whose mean counts, so that one odd label cannot decide


class ExampleIndex:
    """Scores intents for a question; row i of both parts is example number i."""

    def __init__(
        self, examples: Sequence[ExampleQuestion], *, keywords: KeywordIndex, vectors: VectorIndex
    ) -> None:
        self.examples = tuple(examples)
        self.keywords = keywords
        self.vectors = vectors
        self._used: Mask | None = None

    def only(self, intents: Collection[str]) -> "ExampleIndex":
        """The same examples, of which only those of these intents take part."""
        chosen = ExampleIndex(self.examples, keywords=self.keywords, vectors=self.vectors)
        used = np.array([example.intent in intents for example in self.examples], dtype=np.bool_)
        chosen._used = None if used.all() else used
        return chosen

    def without(self, numbers: Collection[int]) -> "ExampleIndex":
        """As if the examples with these numbers had never been collected."""
        chosen = ExampleIndex(self.examples, keywords=self.keywords, vectors=self.vectors)
        used = np.ones(len(self.examples), dtype=np.bool_) if self._used is None else self._used
        chosen._used = used.copy()
        chosen._used[list(numbers)] = False
        return chosen

    def dense(self, question: Vectors) -> dict[str, float]:
        """Mean cosine of the nearest examples of each intent; far intents are left out."""
        scores, numbers = self.vectors.search(question, _NEIGHBOURS, allowed=self._used)
        found = [
            (int(number), float(score))
            for number, score in zip(numbers[0], scores[0], strict=True)
            if number >= 0
        ]
        return self._by_intent(found, padding=found[-1][1]) if found else {}

    def keyword(self, question: str) -> dict[str, float]:
        """Mean BM25 score of the nearest examples of each intent."""
        scores = self.keywords.scores(question)
        if self._used is not None:
            scores = np.where(self._used, scores, 0)
        found = [(int(n), float(scores[n])) for n in highest(scores, _NEIGHBOURS)]
        return self._by_intent(found, padding=0.0)

    def _by_intent(self, found: Iterable[tuple[int, float]], *, padding: float) -> dict[str, float]:
        scores: defaultdict[str, list[float]] = defaultdict(list)
        for number, score in found:
            scores[self.examples[number].intent].append(score)
        return {
            intent: sum((best + [padding] * _AGREEING)[:_AGREEING]) / _AGREEING
            for intent, best in scores.items()
        }
