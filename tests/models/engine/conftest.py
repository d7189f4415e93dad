"""Engines over tiny random models, one of each kind for the whole run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.engine.engine import GenerationEngine
from models.engine.types import EngineLimits
from tests.models.engine.tiny_model import save_tiny_model

LIMITS = EngineLimits(slots=8, context_tokens=512, page_tokens=16)


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("llama"), can_end=False)


@pytest.fixture(scope="session")
def engine(model_folder: Path) -> Iterator[GenerationEngine]:
    engine = GenerationEngine(model_folder, device="cpu", limits=LIMITS)
    engine.warm_up()
    yield engine
    engine.close()
