"""A group that people have seen before is known again."""

import pytest

from app.labels.overlap import match_groups, overlap
from app.labels.views import trend_of


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [
        ("abcd", "abcd", 1.0),
        ("ab", "abcdef", 1.0),
        ("abcd", "cdef", 0.5),
        ("abc", "xyz", 0.0),
        ("", "abc", 0.0),
    ],
    ids=["equal", "grown", "half", "other", "empty"],
)
def test_overlap(first: str, second: str, share: float) -> None:
    assert overlap(first, second) == share


def test_the_best_overlap_wins_and_each_is_matched_once() -> None:
    known = {"old": "abcdef", "other": "uvw"}
    fresh = {"one": "abcdex", "two": "abcxyz", "three": "klm"}
    assert match_groups(fresh, known) == {"one": "old"}
    assert match_groups({"two": "abcxyz"}, known) == {"two": "old"}
    assert match_groups({}, known) == {}


@pytest.mark.parametrize(
    ("earlier", "recent", "word"),
    [(0, 5, "rising"), (4, 7, "rising"), (4, 5, "steady"), (5, 4, "steady"), (9, 2, "falling")],
)
def test_trend(earlier: int, recent: int, word: str) -> None:
    assert trend_of(earlier, recent) == word
