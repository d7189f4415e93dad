"""Real Celery workers over real Redis: text, cancel, deadline, drain and sudden death."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice

import pytest
import redis

from app.config import GenerationSettings, RedisSettings, Settings
from app.generation import (
    GenerationTimeout,
    GenerationUnavailable,
    build_generator,
)
from app.generation.embedded import EmbeddedGenerator
from tests.integration.generation.conftest import Pool, WorkerProcess, ask

pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.xdist_group("generation-pool"),
]

LONG = 700  # tokens; a second or more on a CPU, even for a tiny model


def text_of(deltas: Iterator[str]) -> str:
    return "".join(deltas)


def wait_for(condition: object, *, seconds: float = 5.0) -> bool:
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if callable(condition) and condition():
            return True
        time.sleep(0.02)
    return False


def test_text_of_the_pool_is_the_text_of_the_engine(
    pool: Pool, embedded: EmbeddedGenerator
) -> None:
    assert pool.generator.health().ready
    requests = [
        ask(text, tokens=40) for text in ("hello", "您好，请问营业时间？") for _ in range(8)
    ]
    requests.append(ask("您好", tokens=40, temperature=0.9))
    with ThreadPoolExecutor(len(requests)) as threads:
        found = list(threads.map(lambda r: text_of(pool.generator.stream(r)), requests))
    assert found == [text_of(embedded.stream(request)) for request in requests]


def test_the_same_id_again_repeats_the_finished_answer(pool: Pool) -> None:
    request = ask(tokens=40, temperature=1.0)
    first = text_of(pool.generator.stream(request))
    assert text_of(pool.generator.stream(request)) == first
    assert pool.client.get(f"switchboard:gen:{request.id}:starts") == "1"


def test_closing_the_iterator_frees_the_slot(pool: Pool) -> None:
    request = ask(tokens=LONG)
    deltas = pool.generator.stream(request)
    next(iter(deltas))
    assert pool.owner_of(request.id) is not None
    deltas.close()  # type: ignore[attr-defined]
    assert wait_for(lambda: pool.owner_of(request.id) is None, seconds=1.0)
    assert pool.client.get(f"switchboard:gen:{request.id}:done") is None


def test_deadline_is_a_timeout(pool: Pool) -> None:
    started = time.monotonic()
    with pytest.raises(GenerationTimeout):
        text_of(pool.generator.stream(ask(tokens=LONG, deadline=0.4)))
    assert time.monotonic() - started < 2


def test_redis_losing_everything_never_garbles_an_answer(
    pool: Pool, embedded: EmbeddedGenerator
) -> None:
    request = ask(tokens=LONG)
    deltas = pool.generator.stream(request)
    text = text_of(islice(deltas, 20))
    pool.client.flushdb()
    with suppress(GenerationUnavailable):
        text += text_of(deltas)
    assert text_of(embedded.stream(request)).startswith(text)
    assert wait_for(lambda: pool.generator.health().ready)
    again = ask(tokens=24)
    assert text_of(pool.generator.stream(again)) == text_of(embedded.stream(again))


def owner_while_streaming(pool: Pool, request_id: str) -> WorkerProcess:
    owner = pool.owner_of(request_id)
    assert owner is not None
    return owner


def test_workers_leave_one_by_one(pool: Pool, embedded: EmbeddedGenerator) -> None:
    # one is asked to stop: it finishes what it writes, then exits
    request = ask(tokens=LONG)
    deltas = pool.generator.stream(request)
    beginning = text_of(islice(deltas, 20))
    leaving = owner_while_streaming(pool, request.id)
    leaving.send(signal.SIGTERM)
    assert beginning + text_of(deltas) == text_of(embedded.stream(request))
    assert leaving.process.wait(20) == 0, leaving.log.read_text()[-2000:]
    pool.workers.remove(leaving)

    # one is killed: another goes on, and no text comes twice
    request = ask("The bank is open", tokens=LONG)
    deltas = pool.generator.stream(request)
    beginning = text_of(islice(deltas, 20))
    killed = owner_while_streaming(pool, request.id)
    killed.send(signal.SIGKILL)
    died_at = time.monotonic()
    middle = next(deltas)
    resumed_after = time.monotonic() - died_at
    assert beginning + middle + text_of(deltas) == text_of(embedded.stream(request))
    assert resumed_after < 15
    pool.workers.remove(killed)
    killed.process.wait(10)

    # the last one is killed: the ladder must take over soon
    request = ask("hello", tokens=LONG)
    deltas = pool.generator.stream(request)
    text_of(islice(deltas, 20))
    last = owner_while_streaming(pool, request.id)
    last.send(signal.SIGKILL)
    died_at = time.monotonic()
    with pytest.raises(GenerationUnavailable):
        text_of(deltas)
    assert time.monotonic() - died_at < 12
    assert wait_for(lambda: not pool.generator.health().ready)
    with pytest.raises(GenerationUnavailable):
        text_of(pool.generator.stream(ask()))


def test_without_redis_the_pool_is_not_ready() -> None:
    away = "redis://127.0.0.1:1/0"
    settings = Settings(
        redis=RedisSettings(url=away), generation=GenerationSettings(backend="pool")
    )
    generator = build_generator(settings, redis.Redis.from_url(away, socket_connect_timeout=1))
    assert not generator.health().ready
    with pytest.raises(GenerationUnavailable):
        text_of(generator.stream(ask()))
    generator.close()


def test_the_pool_needs_a_redis_address() -> None:
    with pytest.raises(ValueError, match="SWITCHBOARD_REDIS__URL"):
        build_generator(Settings(generation=GenerationSettings(backend="pool")))
