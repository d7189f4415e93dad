"""What makes a text familiar: its intent's own texts, by meaning and by words."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from models.familiarity import SIGNALS, remember, signals
from models.types import Doubles

# two intents of three texts each; the first two axes are one, the last two the other
VECTORS = np.array(
    [[1, 0, 0], [0.9, 0.1, 0], [0.8, 0.2, 0], [0, 0, 1], [0, 0.1, 0.9], [0, 0.2, 0.8]],
    dtype=np.float32,
)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
WORDS = csr_matrix(np.array([[1, 0, 0]] * 3 + [[0, 1, 0]] * 3, dtype=np.float32))
TARGETS = np.array([0, 0, 0, 1, 1, 1], dtype=np.int64)
KNOWN = (np.array([[1, 0, 0]], dtype=np.float32), csr_matrix([[1.0, 0, 0]]))
STRANGE = (np.array([[0, 1, 0]], dtype=np.float32), csr_matrix([[0, 0, 1.0]]))


def see(vectors: np.ndarray | None, words: csr_matrix) -> dict[str, float]:
    memory = remember(TARGETS, WORDS, None if vectors is None else VECTORS, label_count=2)
    scores: Doubles = np.array([[4.0, 1.0]])
    found, _ = signals(memory, scores, words, vectors)
    return dict(zip(SIGNALS, found[0].tolist(), strict=True))


@pytest.mark.parametrize("name", [n for n in SIGNALS if n not in ("confidence", "score")])
def test_every_distance_knows_the_known_from_the_strange(name: str) -> None:
    assert see(*KNOWN)[name] > see(*STRANGE)[name]


def test_words_alone_serve_where_no_encoder_reads() -> None:
    known, strange = see(None, KNOWN[1]), see(None, STRANGE[1])

    assert known["nearest_same"] == pytest.approx(1)
    assert strange["nearest_same"] == strange["words_covered"] == 0


def test_an_intent_with_one_text_has_a_usual_closeness() -> None:
    memory = remember(np.array([0, 1]), WORDS[:2], VECTORS[:2], label_count=2)

    assert np.isfinite(memory.usual).all()
    assert (memory.usual[:, 1] > 0).all()


def test_similarities_are_to_every_remembered_text() -> None:
    memory = remember(TARGETS, WORDS, VECTORS, label_count=2)
    _, similarities = signals(memory, np.array([[4.0, 1.0]]), KNOWN[1], KNOWN[0])

    assert similarities.shape == (1, 6)
    assert similarities[0].argmax() == 0
