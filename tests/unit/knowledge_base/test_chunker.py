"""Chunks: by heading, by length with overlap, exact pieces of the body."""

from itertools import pairwise

import pytest

from knowledge_base.chunker import ChunkSettings, chunk_document
from knowledge_base.sentences import sentence_spans, text_size
from tests.unit.knowledge_base.support import build_document

SMALL = ChunkSettings(max_size=20, overlap=0.2)


def test_headings_make_chunks_with_their_path() -> None:
    document = build_document("d", "Intro.\n\n# A\n\nOne.\n\n## B\n\nTwo.\n\n# C\n\nThree.")
    chunks = chunk_document(document)
    assert [(chunk.headings, chunk.text) for chunk in chunks] == [
        ((), "Intro."),
        (("A",), "One."),
        (("A", "B"), "Two."),
        (("C",), "Three."),
    ]
    assert chunks[2].chunk_id == "d:1:2"


@pytest.mark.parametrize(
    "sentence",
    ["This is sentence number {} of six words. ", "这是第{}个句子用来测试。"],
    ids=["en", "zh"],
)
def test_long_text_is_cut_between_sentences_with_overlap(sentence: str) -> None:
    body = "".join(sentence.format(number % 10) for number in range(30)).strip()
    chunks = chunk_document(build_document("d", body), ChunkSettings(max_size=40, overlap=0.4))
    assert len(chunks) > 3
    for chunk in chunks:
        assert chunk.text in body
        assert chunk.text[-1] in ".。"
        assert text_size(chunk.text) <= 40
    for before, after in pairwise(chunks):
        first = sentence_spans(after.text)[0]
        assert after.text[first[0] : first[1]] in before.text


def test_a_list_that_fits_stays_whole() -> None:
    steps = "1. Open the app.\n2. Choose the card.\n3. Tap freeze."
    body = f"Some words come first here and they are many, so that it is full.\n\n{steps}"
    assert chunk_document(build_document("d", body), SMALL)[-1].text == steps


def test_a_table_that_fits_stays_whole_and_a_long_one_is_cut_between_rows() -> None:
    rows = [f"| account {number} | {number} euros |" for number in range(12)]
    table = "\n".join(["| name | fee |", "| --- | --- |", *rows])
    assert [c.text for c in chunk_document(build_document("d", table))] == [table]
    for chunk in chunk_document(build_document("d", table), SMALL):
        assert all(line.startswith("|") and line.endswith("|") for line in chunk.text.split("\n"))


def test_nothing_is_lost_from_an_endless_sentence() -> None:
    body = "字" * 100
    assert "".join(c.text for c in chunk_document(build_document("d", body), SMALL)) == body


def test_no_text_gives_no_chunk() -> None:
    assert chunk_document(build_document("d", "# Only a heading")) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It costs €2.50 a month. It is safe.", 2),
        ("Ask e.g. Dr. Lee. Then go.", 2),
        ("收费吗？不收费。好！", 3),
        ("no end", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentence_spans(text)) == count
