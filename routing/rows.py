"""Rows of a labelled data set as they stand in it: files, folders, Hugging Face sets. Checks none.

CSV, TSV and JSON Lines with `text` and one of `intent`, `label`, `category` (and, where given,
`language` and `source`); JSON lists; the JSON of CLINC150 (split -> [text, label] pairs); parquet
and `hf:NAME`. `#SPLIT` behind a name picks splits: `clinc.json#val+oos_val`.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from routing import hub_rows
from routing.errors import DatasetError
from routing.text_files import read_document, read_lines

LABEL_COLUMNS = ("intent", "label", "category")
STRANGER = "out_of_scope"
Part = Literal["train", "test"]
# for training, or the first of these that a file has for measuring
_TRAINING_SPLITS = (("train", "oos_train"), ("data",))
_TEST_SPLITS = (("test", "oos_test"), ("val", "oos_val"), ("validation", "oos_validation"))
_DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a data set, unchecked; `where` names file and line for people."""

    text: str
    label: str
    where: str
    language: str = ""
    source: str = ""


def read_rows(source: Path | str, *, part: Part = "train") -> Iterator[Row]:
    """The rows of a file, a folder or `hf:NAME`, streamed in a fixed order."""
    name = str(source)
    if name.startswith("hf:"):
        return _from_records(hub_rows.hub_records(name[3:], part), name)
    path, splits = _split_suffix(Path(source))
    if path.is_dir():
        return _folder(path, part, splits)
    if not path.is_file():
        raise DatasetError(f"{path}: no such file or folder")
    return _file(path, part, splits)


def _split_suffix(path: Path) -> tuple[Path, tuple[str, ...]]:
    if path.exists() or "#" not in path.name:
        return path, ()
    name, _, splits = path.name.rpartition("#")
    return path.with_name(name), tuple(splits.split("+"))


def _folder(folder: Path, part: Part, splits: Sequence[str]) -> Iterator[Row]:
    files = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in _READERS]
    if not files:
        files = hub_rows.parquet_files(folder, splits or (part,))
    if not files:
        raise DatasetError(f"{folder}: no CSV, TSV, JSON Lines or parquet file in it")
    for path in files:
        yield from _file(path, part, ())


def _file(path: Path, part: Part, splits: Sequence[str]) -> Iterator[Row]:
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _json(path, part, splits)
    return _READERS.get(suffix, _table)(path)


def _json_lines(path: Path) -> Iterator[Row]:
    is_stranger_file = path.name.startswith("out_of_scope")
    for number, line in enumerate(read_lines(path), start=1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        try:
            record = json.loads(line)
        except ValueError as broken:
            raise DatasetError(f"{where}: not JSON ({broken})") from broken
        if not isinstance(record, dict):
            raise DatasetError(f"{where}: expected an object")
        if is_stranger_file or record.get("intent", "") is None:
            record["intent"] = record.get("intent") or STRANGER
        yield _row(record, where, locale_of(path))


def _table(path: Path) -> Iterator[Row]:
    lines = read_lines(path)
    header = next(lines, "")
    delimiter = max(_DELIMITERS, key=header.count)
    columns = [name.strip().casefold() for name in next(csv.reader([header], delimiter=delimiter))]
    label = next((name for name in LABEL_COLUMNS if name in columns), None)
    if "text" not in columns or label is None:
        raise DatasetError(
            f"{path.name}, line 1: expected columns 'text' and one of {', '.join(LABEL_COLUMNS)}; "
            f"found {', '.join(columns)[:200] or 'nothing'}"
        )
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    locale = locale_of(path)
    while True:
        where = f"{path.name}, line {reader.line_num + 2}"
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            raise DatasetError(
                f"{where}: broken quoting ({broken}); a quote inside a text is written twice"
            ) from broken
        if not fields:
            continue
        if len(fields) != len(columns):
            raise DatasetError(
                f"{where}: {len(fields)} fields, expected {len(columns)}; "
                "a text with a comma, a quote or a line break stands in quotes"
            )
        yield _row(dict(zip(columns, fields, strict=True)), where, locale)


def _json(path: Path, part: Part, splits: Sequence[str]) -> Iterator[Row]:
    try:
        document = json.loads(read_document(path))
    except ValueError as broken:
        raise DatasetError(f"{path.name}: not JSON ({broken})") from broken
    if isinstance(document, list):
        yield from _entries(document, path.name)
        return
    if not isinstance(document, dict):
        raise DatasetError(f"{path.name}: expected a list of rows or an object of splits")
    for split in splits or _default_splits(path, document, part):
        if not isinstance(document.get(split), list):
            found = ", ".join(sorted(document))[:200]
            raise DatasetError(f"{path.name}: no split {split!r}; it has {found}")
        yield from _entries(document[split], f"{path.name}#{split}")


def _default_splits(path: Path, document: Mapping[str, Any], part: Part) -> list[str]:
    groups = _TRAINING_SPLITS if part == "train" else _TEST_SPLITS
    for group in groups:
        present = [name for name in group if name in document]
        if present:
            return present
    raise DatasetError(f"{path.name}: no split for {part}; it has {', '.join(sorted(document))}")


def _entries(entries: Sequence[Any], name: str) -> Iterator[Row]:
    for number, entry in enumerate(entries, start=1):
        where = f"{name}, row {number}"
        if isinstance(entry, list) and len(entry) == 2:
            yield Row(str(entry[0]), str(entry[1]), where)
        elif isinstance(entry, dict):
            yield _row(entry, where, "")
        else:
            raise DatasetError(f"{where}: expected [text, label] or an object with 'text'")


def _parquet(path: Path) -> Iterator[Row]:
    return _from_records(hub_rows.parquet_records(path), path.name)


def _from_records(records: Iterator[Mapping[str, Any]], name: str) -> Iterator[Row]:
    for number, record in enumerate(records, start=1):
        yield _row(record, f"{name}, row {number}", "")


def _row(record: Mapping[str, Any], where: str, locale: str) -> Row:
    label = next((record[name] for name in LABEL_COLUMNS if record.get(name) not in (None, "")), "")
    return Row(
        text=str(record.get("text") or ""),
        label=str(label),
        where=where,
        language=str(record.get("language") or locale),
        source=str(record.get("source") or ""),
    )


def locale_of(path: Path) -> str:
    """`utterances.zh.jsonl` is Chinese."""
    suffixes = path.suffixes
    return suffixes[-2].lstrip(".") if len(suffixes) > 1 else ""


_READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".jsonl": _json_lines,
    ".csv": _table,
    ".tsv": _table,
    ".parquet": _parquet,
}
