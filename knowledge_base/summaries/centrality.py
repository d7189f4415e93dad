"""How central each sentence is: LexRank over sentence similarities. Knows no document.

Erkan and Radev, "LexRank: Graph-based Lexical Centrality as Salience in Text Summarization",
JAIR 22 (2004), in its continuous form: similarities are weights, nothing is cut off.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge_base.protocols import Embedder
from knowledge_base.tokens import tokenise

Floats = NDArray[np.float32]
_ROUNDS = 50
_SETTLED = 1e-6


def similarities(
    texts: Sequence[str], embedder: Embedder | None, *, dense_share: float = 0.5
) -> Floats:
    """Likeness of each text with each, 0 to 1: (n, n), float32.

    The cosine of word weights; with an embedder, mixed with that of sentence vectors.
    """
    weights = TfidfVectorizer(analyzer=tokenise, sublinear_tf=True, dtype=np.float32)
    try:
        words = weights.fit_transform(texts)
    except ValueError:  # nothing but stop words
        lexical = np.zeros((len(texts), len(texts)), dtype=np.float32)
    else:
        lexical = (words @ words.T).toarray().astype(np.float32)
    if embedder is None or dense_share <= 0:
        return lexical
    vectors = embedder.encode(list(texts))  # (n, dimension), rows of length 1
    dense = np.clip(vectors @ vectors.T, 0.0, 1.0)
    result: Floats = (lexical * (1 - dense_share) + dense * dense_share).astype(np.float32)
    return result


def lexrank(similarity: Floats, *, damping: float = 0.85) -> Floats:
    """Centrality of each text, the most central 1: (n,). Power iteration, at most 50 rounds."""
    size = len(similarity)
    if size == 0:
        return np.zeros(0, dtype=np.float32)
    sums = similarity.sum(axis=1, keepdims=True)
    walk = np.divide(similarity, sums, out=np.full_like(similarity, 1 / size), where=sums > 0)
    rank = np.full(size, 1 / size, dtype=np.float32)
    for _ in range(_ROUNDS):
        moved = (1 - damping) / size + damping * (rank @ walk)
        is_settled = float(np.abs(moved - rank).sum()) < _SETTLED
        rank = moved.astype(np.float32)
        if is_settled:
            break
    result: Floats = rank / rank.max()
    return result
