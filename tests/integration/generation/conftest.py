"""A tiny model on disk, a Redis database of our own, and real worker processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
import torch

from app.config import GenerationSettings, RedisSettings, Settings
from app.generation import ChatMessage, GenerationRequest, Generator, build_generator
from app.generation.embedded import EmbeddedGenerator
from app.ids import new_id
from app.redis import connect_redis
from tests.models.engine.tiny_model import save_tiny_model

_WORKER = (
    "from app.config import load_settings; "
    "from app.generation.worker import run_generation_worker; "
    "run_generation_worker(load_settings())"
)
_START_SECONDS = 90.0


def ask(
    text: str = "hello", *, tokens: int = 24, deadline: float = 60.0, temperature: float = 0.0
) -> GenerationRequest:
    return GenerationRequest(
        id=new_id(),
        messages=(ChatMessage("system", "Be kind."), ChatMessage("user", text)),
        max_new_tokens=tokens,
        temperature=temperature,
        deadline_seconds=deadline,
    )


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("model"), can_end=False)


@pytest.fixture(scope="session")
def embedded(model_folder: Path) -> Iterator[EmbeddedGenerator]:
    torch.set_num_threads(1)  # threads that spin on shared cores are many times slower
    generator = EmbeddedGenerator(GenerationSettings(model=str(model_folder)), device="cpu")
    assert generator.wait_until_loaded(60), generator.health().detail
    yield generator
    generator.close()


@pytest.fixture(scope="session")
def redis_url() -> str:
    url = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/5")
    client = redis.Redis.from_url(url, socket_connect_timeout=1)
    try:
        client.flushdb()
    except redis.RedisError as away:
        if os.environ.get("CI") == "true":
            pytest.fail(f"Redis is required in CI: {url}: {away}")
        pytest.skip(f"no Redis at {url}")
    finally:
        client.close()
    return url


@dataclass
class WorkerProcess:
    """A generation worker in a process of its own."""

    process: subprocess.Popen[bytes]
    log: Path

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)


class Pool:
    """The workers of a test, a client, and who owns what."""

    def __init__(
        self, client: redis.Redis, generator: Generator, workers: list[WorkerProcess]
    ) -> None:
        self.client = client
        self.generator = generator
        self.workers = workers

    def owner_of(self, request_id: str) -> WorkerProcess | None:
        name = self.client.get(f"switchboard:gen:{request_id}:owner")
        for worker in self.workers:
            if name is not None and f"-{worker.process.pid}-" in str(name):
                return worker
        return None


@pytest.fixture(scope="module")
def pool(
    redis_url: str, model_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pool]:
    settings = Settings(
        redis=RedisSettings(url=redis_url),
        generation=GenerationSettings(backend="pool", model=str(model_folder)),
    )
    client = connect_redis(settings.redis)
    assert client is not None
    folder = tmp_path_factory.mktemp("workers")
    workers = [_start(settings, folder / f"worker-{number}.log") for number in range(3)]
    generator = build_generator(settings, client)
    try:
        for worker in workers:
            _wait_until_ready(worker)
        yield Pool(client, generator, workers)
    finally:
        generator.close()
        for worker in workers:
            worker.process.kill()
            worker.process.wait(10)
        client.flushdb()
        client.close()


def _start(settings: Settings, log: Path) -> WorkerProcess:
    environment = {
        **os.environ,
        "SWITCHBOARD_REDIS__URL": str(settings.redis.url),
        "SWITCHBOARD_GENERATION__MODEL": str(settings.generation.model),
        "SWITCHBOARD_GENERATION__BACKEND": "pool",
        "OMP_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", _WORKER], env=environment, stdout=output, stderr=output
        )
    return WorkerProcess(process, log)


def _wait_until_ready(worker: WorkerProcess) -> None:
    give_up_at = time.monotonic() + _START_SECONDS
    while b"worker_ready" not in worker.log.read_bytes():
        if worker.process.poll() is not None or time.monotonic() > give_up_at:
            pytest.fail(f"the worker did not start:\n{worker.log.read_text()[-3000:]}")
        time.sleep(0.2)
