"""Extractive summaries: exact spans, reading order, no repetition, every part has its seat."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.facts.extraction import extract_facts
from knowledge_base.long_document import LongDocument, read_long_document
from knowledge_base.summaries.centrality import lexrank, similarities
from knowledge_base.summaries.extractive import summarise
from knowledge_base.summaries.sections import major_parts, share_seats
from knowledge_base.summaries.types import SummarySettings
from models.fakes import HashingEncoder

PARTS = ("Fees", "Notice", "Complaints", "Safety")
SENTENCES = (
    "A paper copy of {} costs €8 and is sent within five working days.",
    "We thank you for reading about {} with such patience today.",
    "You must tell us about {} within 30 days of the change.",
    "Some people find {} a little dull on a rainy afternoon.",
)
TEXT = "# Terms\n\n" + "\n\n".join(
    f"## {part}\n\n" + " ".join(sentence.format(part.lower()) for sentence in SENTENCES)
    for part in PARTS
)
WORDS = st.sampled_from(
    [
        "bank",
        "fee",
        "card",
        "notice",
        "must",
        "14 days",
        "€5",
        "费用",
        "三十日",
        ".",
        "\n\n",
        "# ",
        "- ",
        "|",
    ]
)


def said(document: LongDocument, count: int, **changes: object) -> list[str]:
    summary = summarise(
        document,
        embedder=HashingEncoder(),
        facts=extract_facts(document),
        sentences=count,
        **changes,  # type: ignore[arg-type]  # keywords of the function
    )
    return [document.quote(one.unit) for one in summary.selected]


def test_every_part_has_a_sentence_and_the_telling_ones_are_chosen() -> None:
    chosen = said(read_long_document(TEXT), 4)
    assert [any(part.lower() in one for one in chosen) for part in PARTS] == [True] * 4
    assert all("costs €8" in one or "You must" in one for one in chosen)


def test_the_same_text_gives_the_same_summary() -> None:
    document = read_long_document(TEXT)
    assert said(document, 6) == said(document, 6)


def test_repeated_words_are_said_once() -> None:
    document = read_long_document(
        "We charge a fee of €5 for copies.\n\n" * 5 + "Cards are red and blue."
    )
    assert said(document, 10) == ["We charge a fee of €5 for copies.", "Cards are red and blue."]


def test_excluded_sentences_are_never_chosen() -> None:
    chosen = said(read_long_document(TEXT), 16, is_excluded=lambda text: "costs" in text)
    assert chosen
    assert not any("costs" in one for one in chosen)


def test_questions_and_introductions_are_no_statements() -> None:
    document = read_long_document(
        "How much does it cost you today? You need all of these:\n\n- a passport card"
    )
    assert said(document, 5) == []


def test_a_cut_to_the_most_typical_keeps_the_bound() -> None:
    limits = SummarySettings(most_candidates=5)
    assert 0 < len(said(read_long_document(TEXT), 16, settings=limits)) <= 5


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=120), st.integers(1, 12))
def test_whatever_the_text_units_are_distinct_spans_in_order(words: list[str], count: int) -> None:
    text = " ".join(words)
    try:
        document = read_long_document(text)
    except DocumentUnreadable:
        return
    summary = summarise(document, embedder=None, sentences=count)
    spans = [(one.unit.start, one.unit.end) for one in summary.selected]
    assert len(spans) <= count
    assert spans == sorted(set(spans))
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)


def test_parts_begin_where_the_headings_differ() -> None:
    document = read_long_document(TEXT)
    assert major_parts(document) == [("Terms", part) for part in PARTS]


@pytest.mark.parametrize(
    ("seats", "shares"),
    [(2, [0, 1, 1]), (3, [1, 1, 1]), (6, [1, 2, 3]), (12, [2, 4, 6])],
    ids=["too-few", "one-each", "by-size", "more"],
)
def test_seats_are_shared_by_size(seats: int, shares: list[int]) -> None:
    sizes: dict[tuple[str, ...], int] = {("a",): 100, ("b",): 200, ("c",): 300}
    assert list(share_seats(sizes, seats).values()) == shares


def test_the_sentence_that_is_like_all_others_is_most_central() -> None:
    likeness = np.array([[1, 0.8, 0.8], [0.8, 1, 0.1], [0.8, 0.1, 1]], dtype=np.float32)
    ranks = lexrank(likeness)
    assert ranks.argmax() == 0
    assert ranks.max() == pytest.approx(1)


def test_words_without_meaning_are_like_nothing() -> None:
    assert not similarities(["the of", "and to"], None).any()
    assert similarities(["the of", "and to"], HashingEncoder()).any()
