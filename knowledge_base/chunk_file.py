"""Write and read the rows of an index as JSON lines; a row is read when it is asked for.

A base of a million chunks is opened by mapping its file, not by reading it.
"""

import hashlib
import json
import mmap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar, overload

import numpy as np
from pydantic import TypeAdapter, ValidationError

from knowledge_base.errors import IndexDamaged
from knowledge_base.tokens import without_addresses
from knowledge_base.types import Chunk, ExampleQuestion

CHUNKS_NAME = "chunks.jsonl"
EXAMPLES_NAME = "examples.jsonl"
_CHUNK = TypeAdapter(Chunk)
_EXAMPLE = TypeAdapter(ExampleQuestion)
Row = TypeVar("Row")


class RowFile(Sequence[Row], Generic[Row]):
    """The rows of one file by number, each parsed when it is asked for."""

    def __init__(self, path: Path, row_type: TypeAdapter[Row]) -> None:
        self._name = path.name
        self._row_type = row_type
        try:
            self._offsets = np.load(_offsets_of(path), mmap_mode="r", allow_pickle=False)
            with path.open("rb") as file:
                size = path.stat().st_size
                # an empty file cannot be mapped
                self._bytes: mmap.mmap | bytes = (
                    mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
                )
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"{path.name} of the index version cannot be read") from error

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, number: int) -> Row: ...
    @overload
    def __getitem__(self, number: slice) -> list[Row]: ...
    def __getitem__(self, number: int | slice) -> Row | list[Row]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        try:
            return self._row_type.validate_json(
                self._bytes[int(self._offsets[number]) : int(self._offsets[number + 1])]
            )
        except ValidationError as error:
            raise IndexDamaged(f"{self._name} of the index version cannot be read") from error

    def __iter__(self) -> Iterator[Row]:
        return (self[number] for number in range(len(self)))


def write_rows(path: Path, rows: Iterable[Chunk] | Iterable[ExampleQuestion]) -> None:
    """One line per row, in the order of their numbers, and where each begins."""
    offsets = [0]
    with path.open("wb") as file:
        for row in rows:
            line = json.dumps(asdict(row), ensure_ascii=False, default=_encode).encode() + b"\n"
            offsets.append(offsets[-1] + file.write(line))
    np.save(_offsets_of(path), np.array(offsets, dtype=np.int64), allow_pickle=False)


def read_chunks(folder: Path) -> Sequence[Chunk]:
    """The chunks by their numbers."""
    return RowFile(folder / CHUNKS_NAME, _CHUNK)


def read_examples(folder: Path) -> list[ExampleQuestion]:
    """The examples in the order of their numbers."""
    return list(RowFile(folder / EXAMPLES_NAME, _EXAMPLE))


def embedding_text(chunk: Chunk) -> str:
    """What the encoder reads of a chunk: title and headings give the context of the text."""
    return ". ".join([chunk.title, *chunk.headings, without_addresses(chunk.text)])


def content_hash(text: str) -> str:
    """Names a text, so that its vector is computed only once."""
    return hashlib.sha256(text.encode()).hexdigest()


def _offsets_of(path: Path) -> Path:
    return path.with_suffix(".offsets.npy")


def _encode(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a chunk")
