"""Write and read the chunks and examples of an index version as JSON lines. Knows no index."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from knowledge_base.errors import IndexDamaged
from knowledge_base.types import Chunk, ExampleQuestion

CHUNKS_NAME = "chunks.jsonl"
EXAMPLES_NAME = "examples.jsonl"
_CHUNK = TypeAdapter(Chunk)
_EXAMPLE = TypeAdapter(ExampleQuestion)
Row = TypeVar("Row")


def write_rows(path: Path, rows: Sequence[Chunk] | Sequence[ExampleQuestion]) -> None:
    """One line per row, in the order of their numbers."""
    lines = (json.dumps(asdict(row), ensure_ascii=False, default=_encode) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read_chunks(folder: Path) -> list[Chunk]:
    """The chunks in the order of their numbers."""
    return _read_rows(folder / CHUNKS_NAME, _CHUNK)


def read_examples(folder: Path) -> list[ExampleQuestion]:
    """The examples in the order of their numbers."""
    return _read_rows(folder / EXAMPLES_NAME, _EXAMPLE)


def embedding_text(chunk: Chunk) -> str:
    """What the encoder reads of a chunk: title and headings give the context of the text."""
    return ". ".join([chunk.title, *chunk.headings, chunk.text])


def content_hash(text: str) -> str:
    """Names a text, so that its vector is computed only once."""
    return hashlib.sha256(text.encode()).hexdigest()


def _read_rows(path: Path, row_type: TypeAdapter[Row]) -> list[Row]:
    try:
        # not splitlines(): a chunk may hold U+2028, which JSON leaves as it is
        lines = path.read_text(encoding="utf-8").split("\n")
        return [row_type.validate_json(line) for line in lines if line]
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise IndexDamaged(f"{path.name} of the index version cannot be read") from error


def _encode(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a chunk")
