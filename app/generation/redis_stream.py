"""TokenStream over Redis: one packed message per decode step and gateway. May lose everything.

Each gateway process has one stream and one reader thread; the reader fans out to the requests that
wait. What Redis loses shows as a gap in the offsets, which the reader of a request notices.
"""

import json
import threading
from collections.abc import Sequence
from typing import Any

import redis
import structlog

from app.generation.client import StreamEvent, StreamKind, Subscription
from app.generation.memory_stream import FanOut

log = structlog.get_logger(__name__)

PREFIX = "switchboard:gen:"
_MOST_MESSAGES = 10_000
_IDLE_SECONDS = 3_600  # streams of processes that are gone disappear
_BLOCK_MS = 1_000  # below the client's socket time-out
_RETRY_SECONDS = 0.5


class RedisTokenStream:
    """Publishes from workers, and reads for one gateway once somebody subscribes."""

    def __init__(self, client: redis.Redis, *, gateway: str) -> None:
        self.gateway = gateway
        self._redis: Any = client  # redis-py types every answer as sync or async
        self._fan_out = FanOut()
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None
        self._is_closed = threading.Event()

    def publish(self, gateway: str, events: Sequence[StreamEvent]) -> None:
        """Raises redis.RedisError; the events are then lost, and the offsets show it."""
        key = _key(gateway)
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.xadd(key, {"events": pack(events)}, maxlen=_MOST_MESSAGES, approximate=True)
        pipeline.expire(key, _IDLE_SECONDS)
        pipeline.execute()

    def subscribe(self, request_id: str) -> Subscription:
        subscription = self._fan_out.open(request_id)
        self._start_reader()
        return subscription

    def close(self) -> None:
        self._is_closed.set()
        if self._reader is not None:
            self._reader.join(timeout=_BLOCK_MS / 1_000 + 1)

    def _start_reader(self) -> None:
        with self._lock:
            if self._reader is not None or self._is_closed.is_set():
                return
            last_id = self._newest_id()  # before the first request is sent
            self._reader = threading.Thread(
                target=self._read, args=(last_id,), name="token-stream", daemon=True
            )
            self._reader.start()

    def _newest_id(self) -> str:
        newest = self._redis.xrevrange(_key(self.gateway), count=1)
        return str(newest[0][0]) if newest else "0-0"

    def _read(self, last_id: str) -> None:
        while not self._is_closed.is_set():
            try:
                last_id = self._read_once(last_id)
            except redis.RedisError as lost:
                log.warning("generation.stream_interrupted", reason=type(lost).__name__)
                self._is_closed.wait(_RETRY_SECONDS)

    def _read_once(self, last_id: str) -> str:
        answer = self._redis.xread({_key(self.gateway): last_id}, block=_BLOCK_MS, count=500)
        for message_id, fields in _messages(answer):
            last_id = message_id
            self._fan_out.deliver(unpack(fields["events"]))
        return last_id


def pack(events: Sequence[StreamEvent]) -> str:
    """One JSON text for all events."""
    rows = [[e.request_id, e.fence, e.kind.value, e.offset, e.text] for e in events]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def unpack(packed: str) -> list[StreamEvent]:
    """The inverse of pack."""
    return [
        StreamEvent(request_id, fence, StreamKind(kind), offset, text)
        for request_id, fence, kind, offset, text in json.loads(packed)
    ]


def _key(gateway: str) -> str:
    return f"{PREFIX}gw:{gateway}"


def _messages(answer: Any) -> list[tuple[str, dict[str, str]]]:  # noqa: ANN401 -- RESP2 and RESP3 differ
    """RESP2 answers with a list of streams, RESP3 with a mapping."""
    streams = answer.values() if isinstance(answer, dict) else [s[1] for s in answer or ()]
    batches = [_flat(stream) for stream in streams]
    return [message for batch in batches for message in batch]


def _flat(stream: Any) -> list[tuple[str, dict[str, str]]]:  # noqa: ANN401 -- see _messages
    """RESP3 wraps the messages of a stream in one more list."""
    if stream and isinstance(stream[0], list):
        return [tuple(message) for part in stream for message in part]
    return [tuple(message) for message in stream]
