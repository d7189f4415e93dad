"""Hints that something happened in a conversation. May be lost: clients resume by seq."""

import threading
from collections.abc import Callable
from typing import Any, Protocol

import structlog

log = structlog.get_logger(__name__)
Hint = dict[str, Any]  # {"conversation_id", "seq"} or a transient event
Listener = Callable[[Hint], None]


class EventBus(Protocol):
    """Brings hints to every process that listens."""

    def publish(self, conversation_id: str, hint: Hint) -> None:
        """Never raises."""

    def subscribe(self, conversation_id: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` for each hint, from any thread; returns the way to stop."""

    def close(self) -> None:
        """Stop listening."""


class LocalBus:
    """Fan-out inside this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, list[Listener]] = {}

    def publish(self, conversation_id: str, hint: Hint) -> None:
        with self._lock:
            listeners = list(self._listeners.get(conversation_id, ()))
        for listener in listeners:
            try:
                listener(hint)
            except Exception:  # one listener that is going away must not silence the others
                log.exception("bus.listener_failed")

    def subscribe(self, conversation_id: str, listener: Listener) -> Callable[[], None]:
        with self._lock:
            self._listeners.setdefault(conversation_id, []).append(listener)

        def stop() -> None:
            with self._lock:
                remaining = self._listeners.get(conversation_id, [])
                if listener in remaining:
                    remaining.remove(listener)
                if not remaining:
                    self._listeners.pop(conversation_id, None)

        return stop

    def close(self) -> None:
        with self._lock:
            self._listeners.clear()
