"""Hints between processes; without Redis they still reach this one."""

import os
from collections.abc import Iterator

import pytest
import redis

from app.realtime.bus import Hint
from app.realtime.redis_bus import RedisBus
from tests.fixtures.databases import skip_or_fail
from tests.fixtures.expectations import eventually

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
def buses() -> Iterator[tuple[RedisBus, RedisBus]]:
    url = os.environ.get("TEST_REDIS_URL")
    if url is None:
        skip_or_fail("no Redis: set TEST_REDIS_URL or run `make test`")
    clients = [redis.Redis.from_url(str(url), decode_responses=True) for _ in range(2)]
    pair = (RedisBus(clients[0]), RedisBus(clients[1]))
    yield pair
    for bus in pair:
        bus.close()
    for client in clients:
        client.close()


def test_hint_reaches_the_other_process(buses: tuple[RedisBus, RedisBus]) -> None:
    here, there = buses
    heard: list[Hint] = []
    there.subscribe("c1", heard.append)

    def ask_again() -> bool:
        """A hint may be lost while the other side connects."""
        here.publish("c1", {"conversation_id": "c1", "seq": 1})
        return bool(heard)

    eventually(ask_again)
    assert heard[0] == {"conversation_id": "c1", "seq": 1}
    here.publish("c2", {"conversation_id": "c2", "seq": 9})
    assert all(hint["seq"] == 1 for hint in heard)


def test_without_redis_hints_stay_in_the_process() -> None:
    client = redis.Redis.from_url(NOBODY_LISTENS, socket_connect_timeout=0.2)
    bus = RedisBus(client)
    heard: list[Hint] = []
    bus.subscribe("c1", heard.append)
    bus.publish("c1", {"seq": 1})
    assert heard == [{"seq": 1}]
    bus.close()
    client.close()
