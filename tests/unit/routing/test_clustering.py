"""Texts that ask for one thing become one group with a readable name."""

from models.fakes import HashingEncoder
from routing.clustering import cluster_texts

COINS = [
    "deliver foreign coins to my home",
    "can you deliver foreign coins home",
    "foreign coins delivered to my home",
    "please deliver foreign coins home",
    "Please deliver foreign coins home!",
]
OTHERS = ["tell me a joke about penguins", "who won the match", "is it raining in Cork"]
KNOWN = {"exchange_rate": ["foreign coins and notes rate"], "card_lost": ["I lost my card"]}


class Unreadable(HashingEncoder):
    """Cannot read Chinese, as the bundled encoder cannot."""

    reads_cjk = False


def test_a_group_is_found_named_and_placed() -> None:
    texts = [OTHERS[0], *COINS, *OTHERS[1:]]
    (found,) = cluster_texts(texts, language="en", encoder=HashingEncoder(256), known=KNOWN)
    assert sorted(found.members) == [1, 2, 3, 4, 5]
    assert "coins" in found.name or "foreign" in found.name
    assert found.nearest is not None
    assert found.nearest.intent == "exchange_rate"
    assert found.name == " · ".join(found.terms)


def test_chinese_is_grouped_by_its_characters() -> None:
    texts = ["我想买比特币", "在哪里买比特币", "怎么买比特币", "买比特币可以吗", "今天天气好吗"]
    (found,) = cluster_texts(texts, language="zh", encoder=Unreadable(), known={})
    assert sorted(found.members) == [0, 1, 2, 3]
    assert "比特币" in found.name
    assert found.nearest is None


def test_one_text_said_often_is_no_group() -> None:
    same = ["what is the meaning of life"] * 9
    assert cluster_texts(same, language="en", encoder=HashingEncoder(), known=KNOWN) == []


def test_single_texts_are_groups_where_that_is_asked_for() -> None:
    alone = cluster_texts(COINS[:1], language="en", encoder=HashingEncoder(), known={}, smallest=1)
    assert [cluster.members for cluster in alone] == [(0,)]
    texts = [*COINS, OTHERS[0]]
    found = cluster_texts(texts, language="en", encoder=HashingEncoder(256), known={}, smallest=1)
    assert sorted(place for cluster in found for place in cluster.members) == list(range(6))


def test_nothing_gives_nothing() -> None:
    assert cluster_texts([], language="zh", encoder=HashingEncoder(), known={}) == []


def test_the_same_texts_give_the_same_groups() -> None:
    texts = [*COINS, *OTHERS]
    first = cluster_texts(texts, language="en", encoder=HashingEncoder(256), known=KNOWN)
    assert first == cluster_texts(texts, language="en", encoder=HashingEncoder(256), known=KNOWN)
