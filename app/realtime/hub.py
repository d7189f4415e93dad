"""One open socket: hints come in from threads, events go out in order. The only async code."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from app.realtime.bus import EventBus, Hint

PING_SECONDS = 20.0
MAX_BUFFERED_HINTS = 256
BATCH = 200
Send = Callable[[dict[str, Any]], Awaitable[None]]
Load = Callable[[int], Awaitable[list[dict[str, Any]]]]


class EventSocket:
    """Sends stored events after a seq, then whatever follows, and passing hints between."""

    def __init__(self, bus: EventBus, conversation_id: str, *, load: Load, send: Send) -> None:
        self._bus = bus
        self._conversation_id = conversation_id
        self._load = load
        self._send = send
        self._hints: asyncio.Queue[Hint] = asyncio.Queue(MAX_BUFFERED_HINTS)

    async def follow(self, after: int) -> None:
        """Run until the sending fails or the task is cancelled."""
        loop = asyncio.get_running_loop()

        def keep(hint: Hint) -> None:
            loop.call_soon_threadsafe(self._keep, hint)

        stop = self._bus.subscribe(self._conversation_id, keep)
        try:
            last = await self._catch_up(after)
            while True:
                last = await self._next(last)
        finally:
            stop()

    async def _next(self, last: int) -> int:
        """Wait for a hint, or look in the database after a while in case one was lost."""
        try:
            hint = await asyncio.wait_for(self._hints.get(), PING_SECONDS)
        except TimeoutError:
            await self._send({"type": "ping"})
            return await self._catch_up(last)
        if "type" in hint:
            await self._send(hint)
            return last
        return await self._catch_up(last) if hint["seq"] > last else last

    async def _catch_up(self, after: int) -> int:
        while True:
            events = await self._load(after)
            for event in events:
                await self._send(event)
                after = event["seq"]
            if len(events) < BATCH:
                return after

    def _keep(self, hint: Hint) -> None:
        """A full buffer drops hints: the next look into the database makes up for them."""
        with suppress(asyncio.QueueFull):
            self._hints.put_nowait(hint)
