"""How familiar is a text? Signals of one language's heads and training texts, high = familiar.

A softmax alone is a poor judge of text that belongs to no intent: it is asked which intent, never
whether any. So the best intent is also checked against its own training texts, by meaning and by
words, and against how close those lie to each other.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.calibration import log_softmax
from models.types import Doubles, Floats, Indices

SIGNALS = (
    "confidence",  # log probability of the best intent
    "score",  # its raw score, which the softmax forgets
    "nearest_same",  # similarity to the nearest training text of the best intent
    "three_same",  # mean similarity to its three nearest
    "three_same_usual",  # the same against what is usual inside that intent
    "words_same",  # lexical similarity to the nearest text of the best intent
    "words_covered",  # share of the text's lexical weight that occurs in that intent
)
_SAME = 3
_LEAST_SPREAD = 0.02


@dataclass(frozen=True, slots=True)
class Memory:
    """The training texts of one language, as the signals need them."""

    targets: Indices  # (texts,)
    words: csr_matrix  # (texts, features), rows of length 1
    vectors: Floats | None  # (texts, dimension); None where no encoder reads the language
    usual: Floats  # (labels, 2): mean and spread of `three_same` inside each intent
    vocabulary: csr_matrix  # (labels, features): 1 where a training text of the intent has it
    words_by_feature: csr_matrix  # (features, texts): turned once, not at every look

    def similarities(self, words: csr_matrix, vectors: Floats | None) -> Doubles:
        """To every training text, by meaning where there is an encoder: (n, texts)."""
        if vectors is not None and self.vectors is not None:
            return np.asarray(vectors @ self.vectors.T, dtype=np.float64)
        return np.asarray((words @ self.words_by_feature).toarray(), dtype=np.float64)


def remember(
    targets: Indices, words: csr_matrix, vectors: Floats | None, *, label_count: int
) -> Memory:
    """What must be kept of the training texts."""
    belongs = csr_matrix(
        (np.ones(len(targets), dtype=np.float32), (targets, np.arange(len(targets)))),
        shape=(label_count, len(targets)),
    )
    vocabulary = csr_matrix((belongs @ words) > 0, dtype=np.float32)
    usual = np.tile(np.array([0.0, 1.0], dtype=np.float32), (label_count, 1))
    for label in np.unique(targets):
        members = np.flatnonzero(targets == label)
        usual[label] = _usual(words[members], None if vectors is None else vectors[members])
    return Memory(targets, words, vectors, usual, vocabulary, words.T.tocsr())


def signals(
    memory: Memory, scores: Doubles, words: csr_matrix, vectors: Floats | None
) -> tuple[Doubles, Doubles]:
    """Signals (n, len(SIGNALS)) and similarities to the training texts (n, texts).

    `scores` are the raw scores of the head that reads the vectors, or of the lexical head: (n,
    labels).
    """
    similarities = memory.similarities(words, vectors)
    best = scores.argmax(axis=1)
    rows = np.arange(len(best))
    same = np.where(memory.targets == best[:, None], similarities, -1.0)
    largest_same = _largest(same, _SAME)
    three_same = largest_same.mean(axis=1)
    mean, spread = memory.usual[best].T
    found = np.column_stack(
        [
            log_softmax(scores)[rows, best],
            scores[rows, best],
            largest_same.max(axis=1),
            three_same,
            (three_same - mean) / spread,
            _words_same(memory, words, best),
            _words_covered(memory, words, best),
        ]
    )
    return found, similarities


def _usual(words: csr_matrix, vectors: Floats | None) -> tuple[float, float]:
    inside = (words @ words.T).toarray() if vectors is None else vectors @ vectors.T
    if len(inside) < 2:
        return float(inside.mean()) / 2, _LEAST_SPREAD
    np.fill_diagonal(inside, -1.0)
    three = _largest(inside, min(_SAME, len(inside) - 1)).mean(axis=1)
    return float(three.mean()), float(three.std()) + _LEAST_SPREAD


def _words_same(memory: Memory, words: csr_matrix, best: Indices) -> Doubles:
    similar = (words @ memory.words_by_feature).toarray()
    same: Doubles = np.where(memory.targets == best[:, None], similar, 0.0).max(axis=1)
    return same


def _words_covered(memory: Memory, words: csr_matrix, best: Indices) -> Doubles:
    squared = words.multiply(words)
    covered = np.asarray(squared.multiply(memory.vocabulary[best]).sum(axis=1)).ravel()
    whole = np.asarray(squared.sum(axis=1)).ravel()
    share: Doubles = covered / np.maximum(whole, 1e-9)
    return share


def _largest(values: NDArray[np.floating[Any]], count: int) -> Doubles:
    count = min(count, values.shape[1])
    largest: Doubles = np.partition(values, -count, axis=1)[:, -count:].astype(np.float64)
    return largest
