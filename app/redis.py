"""The Redis client, or None when everything runs in one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import redis

if TYPE_CHECKING:
    from app.config import RedisSettings


def connect_redis(settings: RedisSettings) -> redis.Redis | None:
    """A client with short time-outs; commands raise `redis.RedisError` when the server is away."""
    if settings.url is None:
        return None
    return redis.Redis.from_url(
        settings.url,
        socket_timeout=5,
        socket_connect_timeout=2,
        health_check_interval=15,
        decode_responses=True,
    )
