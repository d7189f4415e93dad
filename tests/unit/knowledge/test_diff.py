"""What changed between two texts: nothing is lost, and what stayed is not shown as changed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.diff import MAX_COMPARED, Change, Line, changed_facts, compared_lines

OLD = "## Fees\n\nThe fee is 4 EUR. It is due in June.\n\n- Basic: free\n"


def spelled(lines: list[Line]) -> list[str]:
    signs = {"same": " ", "removed": "-", "added": "+"}
    return [f"{signs[line.op]}{line.text}" for line in lines]


def test_a_changed_sentence_is_shown_alone() -> None:
    lines = compared_lines(OLD, OLD.replace("4 EUR", "5 EUR"))
    assert spelled(lines) == [
        " ## Fees",
        "-The fee is 4 EUR.",
        "+The fee is 5 EUR.",
        " It is due in June.",
        " - Basic: free",
    ]


def test_chinese_sentences_are_told_apart() -> None:
    lines = compared_lines("月费四欧元。六月到期。", "月费五欧元。六月到期。")
    assert spelled(lines) == ["-月费四欧元。", "+月费五欧元。", " 六月到期。"]


@pytest.mark.parametrize(
    ("before", "after", "ops"),
    [
        pytest.param(OLD, OLD, {"same"}, id="same"),
        pytest.param("", OLD, {"added"}, id="from-nothing"),
        pytest.param(OLD, "", {"removed"}, id="to-nothing"),
        pytest.param("", "", set(), id="nothing-at-all"),
        pytest.param(OLD, f"{OLD}\n\n\n", {"same"}, id="blank-lines"),
    ],
)
def test_edges(before: str, after: str, ops: set[str]) -> None:
    assert {line.op for line in compared_lines(before, after)} == ops


def test_the_indentation_of_a_list_stays() -> None:
    assert spelled(compared_lines("- a\n  - b", "- a\n  - c")) == [" - a", "-  - b", "+  - c"]


LINES = st.lists(st.sampled_from(["a", "b", "c", "甲。", "d e. f g."]), max_size=12)


@given(LINES, LINES)
def test_both_texts_can_be_read_from_the_comparison(before: list[str], after: list[str]) -> None:
    old, new = "\n".join(before), "\n".join(after)
    lines = compared_lines(old, new)
    for text, gone in ((old, "added"), (new, "removed")):
        kept = [line.text for line in lines if line.op != gone]
        assert kept == [line.text for line in compared_lines(text, text)]


def test_a_text_too_long_to_compare_is_shown_whole_between_its_common_ends() -> None:
    chance = random.Random(1)
    middle = [[str(chance.random()) for _ in range(MAX_COMPARED + 1)] for _ in range(2)]
    old, new = ("\n".join(["first", *lines, "last"]) for lines in middle)
    ops = [line.op for line in compared_lines(old, new)]
    assert (ops[0], ops[-1]) == ("same", "same")
    assert ops.count("removed") == ops.count("added") == MAX_COMPARED + 1


def test_only_facts_that_differ_are_named() -> None:
    before = {"title": "Card", "intents": ["card_lost"], "expires_at": None}
    after = {**before, "intents": ["card_lost", "card_block"], "expires_at": "2027-01-01T00:00:00Z"}
    assert changed_facts(before, after) == [
        Change("intents", ["card_lost"], ["card_lost", "card_block"]),
        Change("expires_at", None, "2027-01-01T00:00:00Z"),
    ]
