"""Checkpoints: digests, versions, and what cannot be loaded."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.checkpoint import (
    Manifest,
    load_checkpoint,
    load_manifest,
    save_checkpoint,
    verify_checkpoint,
)
from models.errors import CheckpointError


def save(parent: Path, value: float = 1.0, kind: str = "intent") -> Path:
    return save_checkpoint(
        parent,
        Manifest(kind=kind, languages=("en",), labels={"en": ["b", "a"]}, data_digest="d"),
        tensors={"heads.safetensors": {"weight": np.full((2, 3), value, dtype=np.float32)}},
        documents={"vocabulary.json": ["余额", "card"]},
    )


def test_round_trip(tmp_path: Path) -> None:
    folder = save(tmp_path)

    loaded = load_checkpoint(folder, kind="intent")

    assert loaded.manifest.labels == {"en": ["b", "a"]}  # in order, as trained
    assert loaded.manifest.version == folder.name
    assert loaded.manifest.created_at.endswith("+00:00")
    assert loaded.documents["vocabulary.json"] == ["余额", "card"]
    assert loaded.tensors["heads.safetensors"]["weight"].tolist() == [[1.0] * 3] * 2


def test_same_contents_same_version(tmp_path: Path) -> None:
    assert save(tmp_path / "a").name == save(tmp_path / "b").name
    assert save(tmp_path / "a").name != save(tmp_path / "a", value=2.0).name


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    folder = save(tmp_path)
    save(tmp_path)

    assert list(tmp_path.iterdir()) == [folder]
    assert not list(folder.glob("*.pkl"))


def test_an_altered_file_is_refused(tmp_path: Path) -> None:
    folder = save(tmp_path)
    raw = bytearray((folder / "heads.safetensors").read_bytes())
    raw[-1] ^= 1
    (folder / "heads.safetensors").write_bytes(bytes(raw))

    with pytest.raises(CheckpointError, match=r"heads\.safetensors .* altered or damaged"):
        load_checkpoint(folder, kind="intent")
    with pytest.raises(CheckpointError):
        verify_checkpoint(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = save(tmp_path)
    (folder / "vocabulary.json").unlink()

    with pytest.raises(CheckpointError, match=r"vocabulary\.json is missing"):
        load_checkpoint(folder, kind="intent")


def test_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="holds a 'intent' model, expected 'account'"):
        load_checkpoint(save(tmp_path), kind="account")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda facts: facts.update(format=99), "format 99"),
        (lambda facts: facts.update(format=1), "train again"),
        (lambda facts: facts.update(surprise=1), "not a valid manifest"),
        (lambda facts: facts["files"].update({"../x.json": "0"}), "outside its folder"),
        (lambda facts: facts.pop("languages"), "not a valid manifest"),
    ],
    ids=["future-format", "before-folding", "unknown-field", "path-outside", "field-missing"],
)
def test_a_bad_manifest_is_refused(tmp_path: Path, change: object, message: str) -> None:
    assert callable(change)
    folder = save(tmp_path)
    facts = json.loads((folder / "manifest.json").read_text())
    change(facts)
    (folder / "manifest.json").write_text(json.dumps(facts))

    with pytest.raises(CheckpointError, match=message):
        load_manifest(folder)


def test_a_folder_without_a_manifest_is_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="not a checkpoint"):
        load_manifest(tmp_path)
