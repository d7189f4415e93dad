"""General generation: one seam, three ways to answer. `build_generator` chooses by settings."""

import os
import socket

import redis

from app.config import Settings
from app.generation.client import (
    ChatMessage,
    GenerationRequest,
    Generator,
    GeneratorHealth,
    Priority,
)
from app.generation.curated import CuratedGenerator
from app.generation.errors import (
    GenerationError,
    GenerationRejected,
    GenerationTimeout,
    GenerationUnavailable,
)
from app.ids import new_id

__all__ = [
    "ChatMessage",
    "CuratedGenerator",
    "GenerationError",
    "GenerationRejected",
    "GenerationRequest",
    "GenerationTimeout",
    "GenerationUnavailable",
    "Generator",
    "GeneratorHealth",
    "Priority",
    "build_generator",
]


def build_generator(settings: Settings, redis_client: redis.Redis | None = None) -> Generator:
    """The pool if asked for; else the engine in this process; without a model, curated answers."""
    if settings.generation.backend == "pool":
        return _build_pool(settings, redis_client)
    if settings.generation.model is None:
        return CuratedGenerator(bank_name=settings.bank_name)
    from app.generation.embedded import EmbeddedGenerator  # noqa: PLC0415 -- torch, only with a model

    return EmbeddedGenerator(settings.generation)


def _build_pool(settings: Settings, redis_client: redis.Redis | None) -> Generator:
    if redis_client is None:
        raise ValueError("generation.backend=pool needs Redis: set SWITCHBOARD_REDIS__URL")
    from app.generation.pool import PoolGenerator  # noqa: PLC0415 -- Celery, only with the pool
    from app.generation.redis_stream import RedisTokenStream  # noqa: PLC0415 -- see above
    from app.jobs.celery_app import build_celery  # noqa: PLC0415 -- see above

    gateway = settings.generation.gateway or f"{socket.gethostname()}-{os.getpid()}-{new_id()[-6:]}"
    return PoolGenerator(
        build_celery(settings),
        redis_client,
        RedisTokenStream(redis_client, gateway=gateway),
        max_queued=settings.generation.max_queued,
    )
