"""The engine in the service's own process, behind the same protocol."""

import threading
import time
from pathlib import Path

import pytest

from app.config import GenerationSettings, Settings
from app.generation import (
    GenerationRejected,
    GenerationTimeout,
    GenerationUnavailable,
    build_generator,
)
from app.generation.embedded import EmbeddedGenerator
from models.engine.engine import GenerationEngine
from models.engine.types import Sampling
from tests.integration.generation.conftest import ask

pytestmark = pytest.mark.slow


def test_stream_equals_the_engine(embedded: EmbeddedGenerator, model_folder: Path) -> None:
    request = ask("您好 hello", tokens=48)
    engine = GenerationEngine(model_folder, device="cpu")
    try:
        messages = [(message.role, message.text) for message in request.messages]
        prompt = engine.encode(messages, answer_tokens=48)
        with engine.stream(prompt, Sampling(max_new_tokens=48)) as stream:
            wanted = "".join(delta.text for delta in stream)
    finally:
        engine.close()
    deltas = list(embedded.stream(request))
    assert "".join(deltas) == wanted
    assert len(deltas) > 5


def test_many_at_once_each_get_their_own_text(embedded: EmbeddedGenerator) -> None:
    requests = [ask(f"question {number}", tokens=32) for number in range(12)]
    alone = ["".join(embedded.stream(request)) for request in requests]
    found: dict[int, str] = {}

    def read(number: int) -> None:
        found[number] = "".join(embedded.stream(requests[number]))

    threads = [threading.Thread(target=read, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(12)] == alone
    assert len(set(alone)) > 6


def test_closing_the_iterator_cancels(embedded: EmbeddedGenerator) -> None:
    deltas = embedded.stream(ask(tokens=1500))
    next(iter(deltas))
    assert embedded._engine is not None
    assert embedded._engine.health().running == 1
    deltas.close()  # type: ignore[attr-defined]
    assert embedded._engine.health().running == 0


def test_deadline_is_a_timeout(embedded: EmbeddedGenerator) -> None:
    started = time.monotonic()
    with pytest.raises(GenerationTimeout):
        list(embedded.stream(ask(tokens=1500, deadline=0.2)))
    assert time.monotonic() - started < 1.5


def test_a_prompt_too_long_is_rejected(embedded: EmbeddedGenerator) -> None:
    with pytest.raises(GenerationRejected, match="tokens"):
        list(embedded.stream(ask("lost card " * 3000)))


def test_a_broken_model_is_unavailable_and_says_why(tmp_path: Path) -> None:
    settings = Settings(generation=GenerationSettings(model=str(tmp_path / "nothing")))
    generator = build_generator(settings)
    assert isinstance(generator, EmbeddedGenerator)
    try:
        assert not generator.wait_until_loaded(30)
        assert "cannot load the language model" in generator.health().detail
        with pytest.raises(GenerationUnavailable):
            list(generator.stream(ask()))
    finally:
        generator.close()
