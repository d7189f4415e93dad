"""Wait for the ending of a turn: on hints, and by looking now and then in case one is lost."""

import threading
import time

from app.conversations.repository import ConversationRepository
from app.db.conversation import TurnRecord
from app.parts import Parts

LOOK_EVERY_SECONDS = 0.5


def wait_for_ending(
    parts: Parts, conversation_id: str, turn_id: str, *, timeout: float
) -> TurnRecord | None:
    """The turn once it has ended; None when the time is over. Holds no transaction meanwhile."""
    woken = threading.Event()
    stop = parts.bus.subscribe(conversation_id, lambda _hint: woken.set())
    deadline = time.monotonic() + timeout
    try:
        while True:
            woken.clear()
            with parts.database.read() as session:
                turn = session.get(TurnRecord, turn_id)
            if turn is not None and turn.ending is not None:
                return turn
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            woken.wait(min(left, LOOK_EVERY_SECONDS))
    finally:
        stop()


def wait_for_event(parts: Parts, conversation_id: str, *, after: int, timeout: float) -> None:
    """Return when the conversation has an event after `after`, or when the time is over."""
    woken = threading.Event()
    stop = parts.bus.subscribe(conversation_id, lambda _hint: woken.set())
    deadline = time.monotonic() + timeout
    try:
        while time.monotonic() < deadline:
            woken.clear()
            with parts.database.read() as session:
                conversation = ConversationRepository(session).find(conversation_id)
            if conversation is None or conversation.last_event_seq > after:
                return
            woken.wait(min(max(0.0, deadline - time.monotonic()), LOOK_EVERY_SECONDS))
    finally:
        stop()
