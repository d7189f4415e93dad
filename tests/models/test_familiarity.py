"""What makes a text familiar: its intent's own texts, by meaning and by words."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from models.familiarity import SIGNALS, judge, remember, signals
from models.types import Doubles

# two intents of three texts each; the first two axes are one, the last two the other
VECTORS = np.array(
    [[1, 0, 0], [0.9, 0.1, 0], [0.8, 0.2, 0], [0, 0, 1], [0, 0.1, 0.9], [0, 0.2, 0.8]],
    dtype=np.float32,
)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
WORDS = csr_matrix(np.array([[1, 0, 0]] * 3 + [[0, 1, 0]] * 3, dtype=np.float32))
TARGETS = np.array([0, 0, 0, 1, 1, 1], dtype=np.int64)
SCORES: Doubles = np.array([[4.0, 1.0]])
KNOWN = (np.array([[1, 0, 0]], dtype=np.float32), csr_matrix([[1.0, 0, 0]]))
STRANGE = (np.array([[0, 1, 0]], dtype=np.float32), csr_matrix([[0, 0, 1.0]]))


def see(vectors: np.ndarray | None, words: csr_matrix) -> dict[str, float]:
    memory = remember(TARGETS, WORDS, None if vectors is None else VECTORS, label_count=2)
    found = signals(memory, SCORES, words, vectors)
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


def test_the_nearest_are_named_by_meaning_and_by_words() -> None:
    memory = remember(TARGETS, WORDS, VECTORS, label_count=2)

    found, (by_meaning,) = judge(memory, SCORES, KNOWN[1], KNOWN[0], count=2)
    _, (by_words,) = judge(memory, SCORES, KNOWN[1], None, count=4)

    assert [place for place, _ in by_meaning] == [0, 1]
    assert by_meaning[0][1] == pytest.approx(1)
    assert [place for place, _ in by_words] == [0, 1, 2, 3]
    assert np.array_equal(found, signals(memory, SCORES, KNOWN[1], KNOWN[0]))


def test_a_text_is_judged_alone_as_among_others() -> None:
    memory = remember(TARGETS, WORDS, VECTORS, label_count=2)
    vectors = np.concatenate([KNOWN[0], STRANGE[0]])
    words = csr_matrix(np.concatenate([KNOWN[1].toarray(), STRANGE[1].toarray()]))

    together = signals(memory, np.repeat(SCORES, 2, axis=0), words, vectors)

    alone = [signals(memory, SCORES, w, v)[0] for v, w in (KNOWN, STRANGE)]
    assert np.array_equal(together, np.array(alone))


def test_texts_out_of_order_are_a_mistake() -> None:
    with pytest.raises(AssertionError, match="in the order of their intents"):
        remember(TARGETS[::-1].copy(), WORDS, VECTORS, label_count=2)
