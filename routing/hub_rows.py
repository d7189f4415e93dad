"""Hugging Face data sets: parquet files and `hf:NAME`. The libraries are the extra `hub`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from routing.errors import DatasetError

_BATCH = 10_000
_LABELS = ("intent", "label", "category")


def hub_records(name: str, part: str) -> Iterator[Mapping[str, Any]]:
    """The rows of a data set on the hub, or in a local folder of the same form."""
    datasets = _library("datasets", f"hf:{name}")
    name, _, split = name.partition("#")
    wanted = split or part
    try:
        found = datasets.load_dataset(name, split=wanted)
    except (ValueError, OSError, ConnectionError) as failed:
        raise DatasetError(f"hf:{name}#{wanted} cannot be loaded: {failed}") from failed
    names = {c: f.names for c, f in found.features.items() if getattr(f, "names", None)}
    for record in found:
        yield _named(record, names)


def parquet_records(path: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of one parquet file, in batches; class numbers become the names in its schema."""
    parquet = _library("pyarrow.parquet", path.name)
    try:
        with parquet.ParquetFile(path) as file:
            names = _class_names(file.schema_arrow.metadata or {})
            for batch in file.iter_batches(batch_size=_BATCH):
                for record in batch.to_pylist():
                    yield _named(record, names)
    except (ValueError, OSError) as broken:  # ArrowInvalid is a ValueError
        raise DatasetError(f"{path.name}: not a parquet file ({broken})") from broken


def parquet_files(folder: Path, splits: Sequence[str]) -> list[Path]:
    """The files of a hub snapshot: those named after the splits, or all."""
    files = sorted(folder.rglob("*.parquet"))
    return [file for file in files if any(split in file.name for split in splits)] or files


def _class_names(metadata: Mapping[bytes, bytes]) -> dict[str, list[str]]:
    features = json.loads(metadata.get(b"huggingface", b"{}")).get("info", {}).get("features", {})
    return {
        column: feature["names"]
        for column, feature in features.items()
        if isinstance(feature, dict) and feature.get("names")
    }


def _named(record: Mapping[str, Any], names: Mapping[str, Sequence[str]]) -> Mapping[str, Any]:
    changed = {
        column: names[column][record[column]]
        for column in _LABELS
        if column in names and isinstance(record.get(column), int)
    }
    plain = {c: str(record[c]) for c in _LABELS if isinstance(record.get(c), int)}
    return {**record, **plain, **changed}


def _library(module: str, wanted_by: str) -> Any:  # noqa: ANN401 -- an optional module
    try:
        return import_module(module)
    except ImportError as missing:
        package = module.partition(".")[0]
        raise DatasetError(
            f"{wanted_by} needs the package {package}: pip install 'switchboard[hub]'"
        ) from missing
