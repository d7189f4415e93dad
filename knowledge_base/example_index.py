"""Which intents a question sounds like, judged by how customers asked before. Knows no documents.

Articles are written in the bank's words, customers use theirs; labelled examples bridge the two.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from copy import copy
from typing import Self

import numpy as np

from knowledge_base.keyword_index import KeywordIndex
from knowledge_base.protocols import VectorIndex, Vectors
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
        self._hidden: frozenset[int] = frozenset()

    def without(self, hidden: Collection[int]) -> Self:
        """The same index as if the examples with these numbers were not in it; shares its parts."""
        view = copy(self)
        view._hidden = self._hidden | frozenset(hidden)
        return view

    def dense(self, question: Vectors) -> dict[str, float]:
        """Mean cosine of the nearest examples of each intent; far intents are left out."""
        if len(self.vectors) == 0:
            return {}
        width = min(_NEIGHBOURS + len(self._hidden), len(self.vectors))
        scores, numbers = self.vectors.search(question, width)  # both (1, width)
        found = [
            (int(number), float(score))
            for number, score in zip(numbers[0], scores[0], strict=True)
            if number not in self._hidden
        ][:_NEIGHBOURS]
        return self._by_intent(found, padding=found[-1][1] if found else 0.0)

    def keyword(self, question: str) -> dict[str, float]:
        """Mean BM25 score of the nearest examples of each intent."""
        scores = self.keywords.scores(question)
        scores[list(self._hidden)] = 0.0
        best = np.argsort(-scores, kind="stable")[:_NEIGHBOURS]
        found = [(int(n), float(scores[n])) for n in best if scores[n] > 0]
        return self._by_intent(found, padding=0.0)

    def _by_intent(self, found: Iterable[tuple[int, float]], *, padding: float) -> dict[str, float]:
        scores: defaultdict[str, list[float]] = defaultdict(list)
        for number, score in found:
            scores[self.examples[number].intent].append(score)
        return {
            intent: sum((best + [padding] * _AGREEING)[:_AGREEING]) / _AGREEING
            for intent, best in scores.items()
        }
