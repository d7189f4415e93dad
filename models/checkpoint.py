"""Save and load a folder of safetensors, JSON and a manifest. Never pickle; digests verified.

Knows nothing about what the tensors mean: the manifest's `kind` says who may read them.
"""

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from models.errors import CheckpointError
from models.types import Tensors

MANIFEST = "manifest.json"
_FORMAT = 3  # 3: several encoders, a learnt scope score, remembered texts


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts of a checkpoint; written last, read first."""

    kind: str
    version: str = ""  # derived from kind, contents and settings when saved
    languages: tuple[str, ...] = ()
    labels: Mapping[str, list[str]] = field(default_factory=dict)  # language -> labels, in order
    encoder_revision: str = ""
    data_digest: str = ""
    metrics: Mapping[str, Any] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)  # blend, calibration, by language
    dial: Mapping[str, Any] = field(default_factory=dict)  # promised risk -> thresholds, coverage
    training: Mapping[str, Any] = field(default_factory=dict)  # recipe, seed, rows, libraries
    code_version: str = ""
    created_at: str = ""  # RFC 3339, UTC
    files: Mapping[str, str] = field(default_factory=dict)  # name -> SHA-256
    format: int = _FORMAT


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A verified checkpoint in memory."""

    manifest: Manifest
    tensors: Mapping[str, Tensors]  # file name -> tensors by name
    documents: Mapping[str, Any]  # file name -> JSON
    graphs: Mapping[str, bytes] = field(default_factory=dict)  # file name -> ONNX


def save_checkpoint(
    parent: Path,
    manifest: Manifest,
    *,
    tensors: Mapping[str, Tensors],
    documents: Mapping[str, Any],
    graphs: Mapping[str, bytes] | None = None,
) -> Path:
    """Write `parent/<version>/` at once or not at all; the same contents get the same version."""
    contents = {name: _tensor_bytes(values) for name, values in tensors.items()}
    contents |= {name: _json_bytes(document) for name, document in documents.items()}
    contents |= graphs or {}
    files = {name: hashlib.sha256(raw).hexdigest() for name, raw in sorted(contents.items())}
    facts = asdict(manifest) | {"files": files}
    facts["version"] = _version(facts)
    facts["code_version"] = manifest.code_version or _code_version()
    facts["created_at"] = manifest.created_at or _now()
    contents[MANIFEST] = _json_bytes(facts, indent=2)
    return _write_folder(parent, facts["version"], contents)


def load_checkpoint(folder: Path, *, kind: str) -> Checkpoint:
    """Read and verify; CheckpointError names the file that is missing or altered."""
    manifest = load_manifest(folder)
    if manifest.kind != kind:
        raise CheckpointError(f"{folder} holds a {manifest.kind!r} model, expected {kind!r}")
    contents = {name: _verified(folder, name, digest) for name, digest in manifest.files.items()}
    return Checkpoint(
        manifest,
        {n: _tensors(n, raw) for n, raw in contents.items() if n.endswith(".safetensors")},
        {n: json.loads(raw) for n, raw in contents.items() if n.endswith(".json")},
        {n: raw for n, raw in contents.items() if n.endswith(".onnx")},
    )


def load_manifest(folder: Path) -> Manifest:
    """The facts alone, without reading the weights."""
    path = folder / MANIFEST
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        facts["languages"] = tuple(facts["languages"])
        manifest = Manifest(**facts)
    except FileNotFoundError as missing:
        raise CheckpointError(f"{folder} has no {MANIFEST}: it is not a checkpoint") from missing
    except (ValueError, TypeError, KeyError) as broken:
        raise CheckpointError(f"{path} is not a valid manifest: {broken}") from broken
    if manifest.format != _FORMAT:
        raise CheckpointError(
            f"{path} has format {manifest.format}, this code reads {_FORMAT}: train again"
        )
    if any(Path(name).name != name for name in manifest.files):
        raise CheckpointError(f"{path} names a file outside its folder")
    return manifest


def verify_checkpoint(folder: Path) -> Manifest:
    """Check every digest without building anything."""
    manifest = load_manifest(folder)
    for name, digest in manifest.files.items():
        _verified(folder, name, digest)
    return manifest


def _verified(folder: Path, name: str, digest: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise CheckpointError(f"{name} is missing in {folder}")
    raw = path.read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != digest:
        raise CheckpointError(
            f"{name} in {folder} has SHA-256 {found}, the manifest says {digest}: "
            "it was altered or damaged; restore it or train again"
        )
    return raw


def _tensors(name: str, raw: bytes) -> Tensors:
    try:
        return load(raw)
    except SafetensorError as broken:
        raise CheckpointError(f"{name} is not a safetensors file: {broken}") from broken


def _tensor_bytes(tensors: Tensors) -> bytes:
    return save({name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)})


def _json_bytes(document: Any, indent: int | None = None) -> bytes:  # noqa: ANN401 -- any JSON
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=indent).encode()


def _version(facts: Mapping[str, Any]) -> str:
    parts = ("kind", "labels", "encoder_revision", "data_digest", "thresholds", "settings", "files")
    digest = hashlib.sha256(_json_bytes({part: facts[part] for part in parts})).hexdigest()
    return f"{facts['kind']}-{digest[:12]}"


def _write_folder(parent: Path, version: str, contents: Mapping[str, bytes]) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    folder = parent / version
    draft = Path(tempfile.mkdtemp(prefix=f".{version}-", dir=parent))
    try:
        for name, raw in contents.items():
            (draft / name).write_bytes(raw)
        draft.chmod(0o755)  # mkdtemp is private; another account may serve the model
        if folder.exists():
            shutil.rmtree(folder)
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _code_version() -> str:
    try:
        return metadata.version("switchboard")
    except metadata.PackageNotFoundError:
        return "unpackaged"


def _now() -> str:
    return datetime.fromtimestamp(time.time(), tz=UTC).isoformat(timespec="seconds")
