"""Limits per key, session and address. Fails open when Redis is away: each process counts alone."""

from typing import Annotated

import structlog
from fastapi import Depends, Response
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from app.auth.caller import Caller, Integration
from app.auth.dependencies import CurrentCaller
from app.clock import utc_now
from app.config import Settings
from app.dependencies import PartsDep
from app.errors import RateLimited

log = structlog.get_logger(__name__)


class Limiter:
    """Counts hits in a sliding minute."""

    def __init__(self, settings: Settings) -> None:
        self._local = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared: SlidingWindowCounterRateLimiter | None = None
        if settings.redis.url is not None:
            storage = RedisStorage(settings.redis.url, wrap_exceptions=True)
            self._shared = SlidingWindowCounterRateLimiter(storage)

    def hit(self, name: str, who: str, *, per_minute: int, cost: int = 1) -> tuple[int, float]:
        """Count a hit; what is left and seconds to the reset. RateLimited when nothing is left."""
        item = RateLimitItemPerMinute(per_minute)
        if self._shared is not None:
            try:
                return self._count(self._shared, item, name, who, cost=cost)
            except (StorageError, OSError):
                log.warning("rate_limits.redis_away")
        return self._count(self._local, item, name, who, cost=cost)

    def _count(
        self,
        strategy: SlidingWindowCounterRateLimiter,
        item: RateLimitItem,
        name: str,
        who: str,
        *,
        cost: int,
    ) -> tuple[int, float]:
        allowed = strategy.hit(item, name, who, cost=cost)
        window = strategy.get_window_stats(item, name, who)
        reset = max(1.0, window.reset_time - utc_now().timestamp())
        if not allowed:
            raise RateLimited(
                f"At most {item.amount} a minute ({name}). Try again in {reset:.0f} s.",
                retry_after=reset,
            )
        return window.remaining, reset


def limit_caller(response: Response, parts: PartsDep, caller: CurrentCaller) -> Caller:
    """The general limit of every authenticated call; a system of the bank has its own."""
    security = parts.settings.security
    per_minute = security.rate_limit_per_minute
    if isinstance(caller, Integration):
        per_minute = security.integration_limit_per_minute
    remaining, reset = parts.limiter.hit("requests", str(caller.actor), per_minute=per_minute)
    _describe(response, "requests", per_minute, remaining, reset)
    return caller


def limit_messages(response: Response, parts: PartsDep, caller: CurrentCaller) -> None:
    """The tighter limit of customer messages."""
    if isinstance(caller, Integration):
        return
    per_minute = parts.settings.security.message_limit_per_minute
    remaining, reset = parts.limiter.hit("messages", str(caller.actor), per_minute=per_minute)
    _describe(response, "messages", per_minute, remaining, reset)


def _describe(response: Response, name: str, limit: int, remaining: int, reset: float) -> None:
    """Headers of the IETF RateLimit draft."""
    response.headers["RateLimit-Policy"] = f'"{name}";q={limit};w=60'
    response.headers["RateLimit"] = f'"{name}";r={remaining};t={reset:.0f}'


CallerLimit = Depends(limit_caller)
MessageLimit = Annotated[None, Depends(limit_messages)]
