"""The registry: one live version, atomically replaced, with a way back."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from models.checkpoint import Manifest, save_checkpoint
from models.errors import CheckpointError, RegistryError
from models.registry import ModelRegistry


@pytest.fixture
def registry(tmp_path: Path) -> ModelRegistry:
    return ModelRegistry(tmp_path)


def save(registry: ModelRegistry, value: float) -> str:
    tensors = {"heads.safetensors": {"weight": np.full(2, value, dtype=np.float32)}}
    manifest = Manifest(kind="intent")
    return save_checkpoint(registry.root / "intent", manifest, tensors=tensors, documents={}).name


def test_nothing_is_live_before_a_promotion(registry: ModelRegistry) -> None:
    save(registry, 1)

    assert registry.find_live("intent") is None
    with pytest.raises(RegistryError, match="no intent model is live"):
        registry.live("intent")


def test_promote_and_roll_back(registry: ModelRegistry) -> None:
    first, second = save(registry, 1), save(registry, 2)

    registry.promote("intent", first)
    registry.promote("intent", second)
    registry.promote("intent", second)
    assert registry.live("intent").name == second

    assert registry.rollback("intent").name == first
    assert registry.live("intent").name == first
    with pytest.raises(RegistryError, match="no earlier intent model"):
        registry.rollback("intent")


def test_lists_versions(registry: ModelRegistry) -> None:
    versions = {save(registry, value) for value in (1, 2, 3)}

    assert set(registry.list("intent")) == versions
    assert registry.list("account") == []


def test_a_damaged_version_is_never_promoted(registry: ModelRegistry) -> None:
    first, second = save(registry, 1), save(registry, 2)
    registry.promote("intent", first)
    (registry.folder("intent", second) / "heads.safetensors").write_bytes(b"x")

    with pytest.raises(CheckpointError):
        registry.promote("intent", second)
    assert registry.live("intent").name == first


def test_a_damaged_pointer_is_reported_and_repaired_by_promoting(registry: ModelRegistry) -> None:
    version = save(registry, 1)
    (registry.root / "intent" / "live.json").write_text("{")

    with pytest.raises(RegistryError, match="promote a version again"):
        registry.live("intent")
    registry.promote("intent", version)
    assert registry.live("intent").name == version


def test_a_renamed_folder_is_refused(registry: ModelRegistry) -> None:
    version = save(registry, 1)
    registry.folder("intent", version).rename(registry.root / "intent" / "other")

    with pytest.raises(RegistryError, match="holds intent"):
        registry.promote("intent", "other")


def test_a_shadow_is_verified_set_and_ended(registry: ModelRegistry) -> None:
    first, second = save(registry, 1), save(registry, 2)
    assert registry.find_shadow("intent") is None

    registry.set_shadow("intent", first)
    assert registry.find_shadow("intent") == first
    (registry.folder("intent", second) / "heads.safetensors").write_bytes(b"x")
    with pytest.raises(CheckpointError):
        registry.set_shadow("intent", second)
    assert registry.find_shadow("intent") == first
    registry.set_shadow("intent", None)
    registry.set_shadow("intent", None)
    assert registry.find_shadow("intent") is None


def test_a_pointer_is_put_back(registry: ModelRegistry) -> None:
    first, second, third = (save(registry, value) for value in (1, 2, 3))
    registry.promote("intent", first)
    registry.promote("intent", second)
    before = registry.find_pointer("intent")

    registry.promote("intent", third)
    registry.restore("intent", before)
    assert registry.live("intent").name == second
    assert registry.rollback("intent").name == first
    registry.restore("intent", None)
    assert registry.find_pointer("intent") is None


def test_promotions_at_the_same_moment_lose_none(registry: ModelRegistry) -> None:
    versions = [save(registry, value) for value in range(12)]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda version: registry.promote("intent", version), versions))

    pointer = registry.find_pointer("intent")
    assert pointer is not None
    assert {pointer.version, *pointer.previous} == set(versions)
