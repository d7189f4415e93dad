"""Rows of an index are read by number, when they are asked for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge_base import Audience, Chunk, IndexDamaged
from knowledge_base.chunk_file import CHUNKS_NAME, read_chunks, write_rows

CHUNKS = [
    Chunk(
        f"d:1:{number}", "d", 1, "标题", ("A", "B"), text, "zh", Audience.STAFF,
        effective_from=datetime(2026, 1, 1, tzinfo=UTC), intents=("fees",),
    )
    for number, text in enumerate(["一行\n两行", "line\u2028separator", "", '"quoted" \\ '])
]  # fmt: skip


def test_rows_come_back_by_number_and_in_order(tmp_path: Path) -> None:
    write_rows(tmp_path / CHUNKS_NAME, CHUNKS)
    rows = read_chunks(tmp_path)
    assert len(rows) == 4
    assert rows[2] == CHUNKS[2]
    assert list(rows) == CHUNKS
    assert rows[1:3] == CHUNKS[1:3]


@pytest.mark.parametrize("number", [-1, 4, 99])
def test_no_row_beyond_the_ends(tmp_path: Path, number: int) -> None:
    write_rows(tmp_path / CHUNKS_NAME, CHUNKS)
    with pytest.raises(IndexError):
        read_chunks(tmp_path)[number]


def test_no_rows_at_all(tmp_path: Path) -> None:
    write_rows(tmp_path / CHUNKS_NAME, [])
    assert list(read_chunks(tmp_path)) == []


def test_a_missing_or_cut_file_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        read_chunks(tmp_path)
    write_rows(tmp_path / CHUNKS_NAME, CHUNKS)
    (tmp_path / CHUNKS_NAME).write_bytes(b"{")
    with pytest.raises(IndexDamaged):
        read_chunks(tmp_path)[0]
