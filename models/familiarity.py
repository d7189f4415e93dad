"""How familiar is a text? Signals of one language's heads and training texts, high = familiar.

A softmax alone is a poor judge of text that belongs to no intent: it is asked which intent, never
whether any. So the best intent is also checked against its own training texts, by meaning and by
words, and against how close those lie to each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
LOOKED_AT = 5  # likeliest intents among whose texts the nearest are sought
_SAME = 3
_LEAST_SPREAD = 0.02


@dataclass(frozen=True, slots=True)
class Memory:
    """The training texts of one language in the order of their intents."""

    targets: Indices  # (texts,), ascending
    starts: Indices  # (labels + 1,): texts of label k are starts[k] to starts[k + 1]
    words: csr_matrix  # (texts, features), rows of length 1
    by_label: tuple[csr_matrix, ...]  # the same, cut by label
    vectors: Floats | None  # (texts, dimension); None where no encoder reads the language
    usual: Floats  # (labels, 2): mean and spread of `three_same` inside each intent
    knows: NDArray[np.bool_]  # (labels, features): whether a training text of the intent has it

    def similarities(self, label: int, words: Floats, vector: Floats | None) -> Floats:
        """To every training text of an intent: by meaning, without an encoder by words."""
        if vector is None or self.vectors is None:
            return self.word_similarities(label, words)
        found: Floats = self.vectors[self.starts[label] : self.starts[label + 1]] @ vector
        return found

    def word_similarities(self, label: int, words: Floats) -> Floats:
        """The same by words alone."""
        found: Floats = self.by_label[label] @ words
        return found


def remember(
    targets: Indices, words: csr_matrix, vectors: Floats | None, *, label_count: int
) -> Memory:
    """What must be kept of the training texts; their targets must be in ascending order."""
    assert (np.diff(targets) >= 0).all(), "training texts come in the order of their intents"
    starts = np.searchsorted(targets, np.arange(label_count + 1)).astype(np.int64)
    spans = [slice(starts[label], starts[label + 1]) for label in range(label_count)]
    by_label = tuple(csr_matrix(words[span]) for span in spans)
    knows = np.zeros((label_count, words.shape[1]), dtype=np.bool_)
    usual = np.tile(np.array([0.0, 1.0], dtype=np.float32), (label_count, 1))
    for label, (span, own) in enumerate(zip(spans, by_label, strict=True)):
        knows[label, own.indices] = True
        if own.shape[0]:
            usual[label] = _usual(own, None if vectors is None else vectors[span])
    return Memory(targets, starts, words, by_label, vectors, usual, knows)


def signals(memory: Memory, scores: Doubles, words: csr_matrix, vectors: Floats | None) -> Doubles:
    """Signals of n texts: (n, len(SIGNALS)).

    `scores` are the raw scores of the head that reads the vectors, or of the lexical head: (n,
    labels), or one column more where strangers are a class.
    """
    found = np.empty((len(scores), len(SIGNALS)))
    for row, own_scores in enumerate(scores):
        best = int(own_scores[: len(memory.usual)].argmax())
        asked = _ask(words, vectors, row)
        alike = memory.similarities(best, asked.spread, asked.vector)
        found[row] = _signals_of(memory, best, own_scores, asked, alike)
    return found


def judge(
    memory: Memory, scores: Doubles, words: csr_matrix, vectors: Floats | None, *, count: int
) -> tuple[Doubles, list[list[tuple[int, float]]]]:
    """The signals, and for each text the training texts most like it: (place, cosine).

    The nearest are sought among the texts of the likeliest intents.
    """
    found = np.empty((len(scores), len(SIGNALS)))
    near = []
    for row, own_scores in enumerate(scores):
        asked = _ask(words, vectors, row)
        ranked = np.argsort(-own_scores[: len(memory.usual)], kind="stable")
        likely = [int(label) for label in ranked[:LOOKED_AT]]
        alike = [memory.similarities(label, asked.spread, asked.vector) for label in likely]
        found[row] = _signals_of(memory, likely[0], own_scores, asked, alike[0])
        near.append(_nearest_of(memory, likely, alike, count))
    return found, near


@dataclass(frozen=True, slots=True)
class _Asked:
    """One text: its words as a sparse row and spread out, for products without SciPy."""

    indices: NDArray[np.int32]
    data: Floats
    spread: Floats
    vector: Floats | None


def _ask(words: csr_matrix, vectors: Floats | None, row: int) -> _Asked:
    span = slice(words.indptr[row], words.indptr[row + 1])
    indices, data = words.indices[span], words.data[span]
    spread = np.zeros(words.shape[1], dtype=np.float32)
    spread[indices] = data
    return _Asked(indices, data, spread, None if vectors is None else vectors[row])


def _signals_of(
    memory: Memory, best: int, scores: Doubles, asked: _Asked, alike: Floats
) -> tuple[float, ...]:
    same = np.sort(alike)[-_SAME:]
    three, (mean, spread) = float(same.mean()), memory.usual[best]
    squared = asked.data * asked.data
    covered = squared[memory.knows[best, asked.indices]].sum()
    return (
        float(log_softmax(scores[None])[0, best]),
        float(scores[best]),
        float(same[-1]),
        three,
        float((three - mean) / spread),
        float(memory.word_similarities(best, asked.spread).max(initial=0.0)),
        float(covered / max(float(squared.sum()), 1e-9)),
    )


def _nearest_of(
    memory: Memory, likely: Sequence[int], alike: Sequence[Floats], count: int
) -> list[tuple[int, float]]:
    seen = [
        (int(memory.starts[label]) + int(place), float(similarities[place]))
        for label, similarities in zip(likely, alike, strict=True)
        for place in np.argsort(-similarities, kind="stable")[:count]
    ]
    return sorted(seen, key=lambda pair: (-pair[1], pair[0]))[:count]


def _usual(words: csr_matrix, vectors: Floats | None) -> tuple[float, float]:
    inside = (words @ words.T).toarray() if vectors is None else vectors @ vectors.T
    if len(inside) < 2:
        return float(inside.mean()) / 2, _LEAST_SPREAD
    np.fill_diagonal(inside, -1.0)
    three = np.sort(inside, axis=1)[:, -min(_SAME, len(inside) - 1) :].mean(axis=1)
    return float(three.mean()), float(three.std()) + _LEAST_SPREAD
