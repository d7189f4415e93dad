"""Redis keys that workers and gateways share: who runs a request, is it finished, is it cancelled.

A cheap first check only. Redis may be emptied at any moment; what the customer sees is protected by
the offsets of the stream, and the turn by its job row.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import redis

from app.generation.redis_stream import PREFIX

OWNER_SECONDS = 5  # a killed worker is noticed after at most so long
ALIVE_SECONDS = 3
_RECORD_SECONDS = 600
_CANCEL_SECONDS = 120

# a claim, a renewal and a release must not step on a second owner's key
_RENEW = """
local owner = redis.call('get', KEYS[1])
if owner == false or owner == ARGV[1] then
  redis.call('set', KEYS[1], ARGV[1], 'EX', ARGV[2])
  return 1
end
return 0
"""
_RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a waiting gateway may know of its request."""

    is_owned: bool
    has_started: bool
    is_pool_alive: bool


class Claims:
    """Every method raises redis.RedisError when the server is away."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis: Any = client  # redis-py types every answer as sync or async

    def claim(self, request_id: str, worker: str) -> int | None:
        """The fence of a new run, or None when a living worker has the request."""
        is_mine = self._redis.set(_key(request_id, "owner"), worker, nx=True, ex=OWNER_SECONDS)
        if not is_mine:
            return None
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.incr(_key(request_id, "starts"))
        pipeline.expire(_key(request_id, "starts"), _RECORD_SECONDS)
        return int(pipeline.execute()[0])

    def renew(self, request_id: str, worker: str) -> bool:
        """False when another worker took the request over."""
        key = _key(request_id, "owner")
        return bool(self._redis.eval(_RENEW, 1, key, worker, OWNER_SECONDS))

    def finish(self, request_id: str, text: str) -> None:
        """Keep the answer, so that a second delivery repeats it instead of writing it again."""
        record = json.dumps({"text": text}, ensure_ascii=False)
        self._redis.set(_key(request_id, "done"), record, ex=_RECORD_SECONDS)

    def release(self, request_id: str, worker: str) -> None:
        """Give the request up, finished or not."""
        self._redis.eval(_RELEASE, 1, _key(request_id, "owner"), worker)

    def find_finished(self, request_id: str) -> tuple[int, str] | None:
        """Fence and text of an answer that was finished."""
        starts, record = self._redis.mget(_key(request_id, "starts"), _key(request_id, "done"))
        return None if record is None else (int(starts or 1), str(json.loads(record)["text"]))

    def cancel(self, request_id: str) -> None:
        """Ask the worker to stop."""
        self._redis.set(_key(request_id, "cancel"), "1", ex=_CANCEL_SECONDS)

    def forget_cancel(self, request_id: str) -> None:
        """A request that is asked again is wanted again."""
        self._redis.delete(_key(request_id, "cancel"))

    def list_cancelled(self, request_ids: Sequence[str]) -> list[str]:
        """Those of the requests that nobody waits for any more."""
        flags = self._redis.mget([_key(request_id, "cancel") for request_id in request_ids])
        return [key for key, flag in zip(request_ids, flags, strict=True) if flag is not None]

    def beat(self, worker: str) -> None:
        """This worker serves."""
        self._redis.set(f"{PREFIX}alive", worker, ex=ALIVE_SECONDS)

    def is_pool_alive(self) -> bool:
        """Whether any worker served within the last seconds."""
        return self._redis.get(f"{PREFIX}alive") is not None

    def progress(self, request_id: str) -> Progress:
        """One round trip for all that a waiting gateway asks."""
        owner, starts, alive = self._redis.mget(
            _key(request_id, "owner"), _key(request_id, "starts"), f"{PREFIX}alive"
        )
        return Progress(owner is not None, starts is not None, alive is not None)


def _key(request_id: str, name: str) -> str:
    return f"{PREFIX}{request_id}:{name}"
