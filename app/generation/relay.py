"""From engine deltas to packed stream events: one message per decode step and gateway.

Knows neither the engine's classes nor Redis; it receives deltas by shape and publishes by protocol.
"""

import threading
from collections.abc import Callable
from typing import Protocol

from app.generation.client import Failure, StreamEvent, StreamKind, TokenStream


class EngineDelta(Protocol):
    """What the relay reads of an engine's delta."""

    @property
    def text(self) -> str: ...
    @property
    def finish(self) -> str | None: ...


_FAILURES = {
    "deadline": Failure.TIMEOUT,
    "cancelled": Failure.CANCELLED,
    "failed": Failure.UNAVAILABLE,
}


class StepRelay:
    """Collects the events of a decode step; `flush` runs after every step."""

    def __init__(self, tokens: TokenStream, *, on_lost: Callable[[Exception], None]) -> None:
        self._tokens = tokens
        self._on_lost = on_lost
        self._lock = threading.Lock()
        self._packed: dict[str, list[StreamEvent]] = {}

    def open(self, request_id: str, *, gateway: str, fence: int) -> "RelayedRun":
        """A sink for the engine; announces the run."""
        run = RelayedRun(self, request_id, gateway=gateway, fence=fence)
        self.add(gateway, StreamEvent(request_id, fence, StreamKind.START))
        return run

    def add(self, gateway: str, event: StreamEvent) -> None:
        """Put an event into the gateway's next message."""
        with self._lock:
            self._packed.setdefault(gateway, []).append(event)

    def flush(self) -> None:
        """Send what was collected. A lost message shows as a gap and must not stop the engine."""
        with self._lock:
            packed, self._packed = self._packed, {}
        for gateway, events in packed.items():
            try:
                self._tokens.publish(gateway, events)
            except Exception as lost:  # the engine's thread goes on for everybody else
                self._on_lost(lost)


class RelayedRun:
    """One run of one request: the engine's sink, and the text for the finished record."""

    def __init__(self, relay: StepRelay, request_id: str, *, gateway: str, fence: int) -> None:
        self.request_id = request_id
        self.text = ""
        self.finish: str | None = None
        self.has_ended = threading.Event()
        self._relay = relay
        self._gateway = gateway
        self._fence = fence

    def put(self, delta: EngineDelta) -> None:
        """Called on the engine's thread."""
        if delta.text:
            self._send(StreamKind.DELTA, delta.text)
            self.text += delta.text
        if delta.finish is None:
            return
        self.finish = str(delta.finish)
        failure = _FAILURES.get(self.finish)
        if failure is None:
            self._send(StreamKind.END)
        else:
            self._send(StreamKind.ERROR, failure.value)
        self.has_ended.set()

    def fail(self, failure: Failure) -> None:
        """End a run that the engine did not take."""
        self.finish = failure.value
        self._send(StreamKind.ERROR, failure.value)
        self.has_ended.set()

    def _send(self, kind: StreamKind, text: str = "") -> None:
        event = StreamEvent(self.request_id, self._fence, kind, len(self.text), text)
        self._relay.add(self._gateway, event)
