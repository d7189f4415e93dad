"""Texts that read alike are found, in both languages and both scripts."""

from routing.likeness import SAME, TextIndex


def test_the_same_text_is_the_most_alike() -> None:
    index = TextIndex(["freeze my card", "I lost my card on the train", "hello"], language="en")
    (found,) = index.like(["Freeze my card!"])
    assert found[0].place == 0
    assert found[0].similarity >= SAME
    (near,) = index.like(["I lost my card on a train"])
    assert [like.place for like in near] == [1]
    assert near[0].similarity < SAME
    assert index.like(["what is the exchange rate"]) == [[]]


def test_chinese_and_traditional_characters() -> None:
    index = TextIndex(["我的卡丢了", "请冻结我的卡", "你好"], language="zh")
    (found,) = index.like(["我的卡丟了！"])
    assert found[0].place == 0
    assert found[0].similarity >= SAME


def test_nothing_to_compare_with() -> None:
    assert TextIndex([], language="en").like(["hello"]) == [[]]
    assert TextIndex(["", "!!!"], language="en").like(["hello"]) == [[]]
    assert TextIndex(["hello"], language="en").like([]) == []


def test_at_most_so_many() -> None:
    index = TextIndex([f"freeze my card {n}" for n in range(9)], language="en")
    (found,) = index.like(["freeze my card 1"], floor=0.1, limit=3)
    assert len(found) == 3
    assert [like.similarity for like in found] == sorted(
        (like.similarity for like in found), reverse=True
    )
