"""The bus over Redis, for several processes. When Redis is away, hints stay in this process."""

import json
import threading
from collections.abc import Callable

import redis
import structlog

from app.realtime.bus import Hint, Listener, LocalBus

log = structlog.get_logger(__name__)
CHANNEL = "switchboard:hints"
RETRY_SECONDS = 1.0


class RedisBus:
    """PUBLISH to one channel; one reader thread feeds the local listeners."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._local = LocalBus()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name="redis-bus", daemon=True)
        self._thread.start()

    def publish(self, conversation_id: str, hint: Hint) -> None:
        message = json.dumps({"conversation_id": conversation_id, "hint": hint})
        try:
            self._client.publish(CHANNEL, message)
        except redis.RedisError:
            log.warning("bus.redis_away")
            self._local.publish(conversation_id, hint)

    def subscribe(self, conversation_id: str, listener: Listener) -> Callable[[], None]:
        return self._local.subscribe(conversation_id, listener)

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)
        self._local.close()

    def _read(self) -> None:
        while not self._stop.is_set():
            try:
                self._follow()
            except (redis.RedisError, OSError):
                self._stop.wait(RETRY_SECONDS)

    def _follow(self) -> None:
        with self._client.pubsub(ignore_subscribe_messages=True) as pubsub:  # type: ignore[no-untyped-call]  # redis
            pubsub.subscribe(CHANNEL)
            while not self._stop.is_set():
                message = pubsub.get_message(timeout=0.5)
                if message is not None:
                    received = json.loads(message["data"])
                    self._local.publish(received["conversation_id"], received["hint"])
