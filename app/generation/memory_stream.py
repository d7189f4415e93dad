"""TokenStream within one process, and the fan-out that every TokenStream uses. Knows no Redis."""

import queue
import threading
from collections.abc import Sequence

from app.generation.client import StreamEvent, Subscription


class FanOut:
    """Events to the subscriptions that wait for them. A slow reader never holds up the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mailboxes: dict[str, list[_Mailbox]] = {}

    def open(self, request_id: str) -> Subscription:
        """A subscription that receives every later event of the request."""
        mailbox = _Mailbox(request_id, self)
        with self._lock:
            self._mailboxes.setdefault(request_id, []).append(mailbox)
        return mailbox

    def deliver(self, events: Sequence[StreamEvent]) -> None:
        """Events that nobody waits for are dropped."""
        for event in events:
            with self._lock:
                mailboxes = list(self._mailboxes.get(event.request_id, ()))
            for mailbox in mailboxes:
                mailbox.put(event)

    def forget(self, mailbox: "_Mailbox") -> None:
        """Called by a mailbox when its reader leaves."""
        with self._lock:
            mailboxes = self._mailboxes.get(mailbox.request_id, [])
            if mailbox in mailboxes:
                mailboxes.remove(mailbox)
            if not mailboxes:
                self._mailboxes.pop(mailbox.request_id, None)


class _Mailbox:
    """Unbounded on purpose: an answer is at most max_new_tokens long."""

    def __init__(self, request_id: str, fan_out: FanOut) -> None:
        self.request_id = request_id
        self._fan_out = fan_out
        self._events: queue.SimpleQueue[StreamEvent] = queue.SimpleQueue()

    def put(self, event: StreamEvent) -> None:
        self._events.put(event)

    def next_event(self, timeout: float) -> StreamEvent | None:
        try:
            return self._events.get(timeout=max(0.0, timeout))
        except queue.Empty:
            return None

    def close(self) -> None:
        self._fan_out.forget(self)


class MemoryTokenStream:
    """The embedded token stream."""

    gateway = "memory"

    def __init__(self) -> None:
        self._fan_out = FanOut()

    def publish(self, gateway: str, events: Sequence[StreamEvent]) -> None:  # noqa: ARG002 -- there is only one gateway
        self._fan_out.deliver(events)

    def subscribe(self, request_id: str) -> Subscription:
        return self._fan_out.open(request_id)

    def close(self) -> None:
        """Nothing runs."""
