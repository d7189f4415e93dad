"""BM25 over English and Chinese rows, saved without pickle."""

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.errors import IndexDamaged
from knowledge_base.keyword_index import Bm25Index, KeywordSettings
from knowledge_base.tokens import tokenise

ROWS = [
    tokenise(text)
    for text in ("monthly account fee", "transfer limits", "每月账户管理费", "转账限额")
]


@pytest.fixture
def index() -> Bm25Index:
    return Bm25Index.build(ROWS, KeywordSettings())


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("What is the fee?", 0),
        ("limit of my transfer", 1),
        ("账户管理费是多少", 2),
        ("转账有限额吗", 3),
    ],
)
def test_the_right_row_scores_best(index: Bm25Index, question: str, best: int) -> None:
    assert int(np.argmax(index.scores(question))) == best


def test_unknown_words_score_nothing(index: Bm25Index) -> None:
    assert not index.scores("zebra 斑马").any()
    assert index.weigh("zebra") > index.weigh("fee")


def test_saved_and_loaded_scores_are_equal_and_no_file_is_a_pickle(
    index: Bm25Index, tmp_path: Path
) -> None:
    index.save(tmp_path)
    loaded = Bm25Index.load(tmp_path, len(index))
    np.testing.assert_array_equal(
        loaded.scores("transfer fee 转账"), index.scores("transfer fee 转账")
    )
    assert {path.suffix for path in tmp_path.iterdir()} == {".npy", ".json"}


@pytest.mark.parametrize("rows", [[], [[]]], ids=["no-rows", "empty-row"])
def test_an_empty_index_answers_nothing(rows: list[list[str]], tmp_path: Path) -> None:
    Bm25Index.build(rows, KeywordSettings()).save(tmp_path)
    loaded = Bm25Index.load(tmp_path, len(rows))
    assert loaded.scores("fee").tolist() == [0.0] * len(rows)


def test_a_missing_folder_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        Bm25Index.load(tmp_path / "nowhere", 1)
