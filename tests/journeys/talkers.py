"""Clients that keep talking through faults, and the check of what became of every message."""

import random
import threading
from collections import Counter
from dataclasses import dataclass, field

import httpx
import sqlalchemy as sa

from app.db.audit import AuditEventRecord
from app.db.conversation import ConversationRecord, MessageRecord, TurnRecord
from app.db.event import EventRecord
from app.db.handoff import HandoffRecord

CALM = (
    "hello",
    "How do I activate my card?",
    "Explain compound interest",
    "你好",
    "怎样激活新卡？",
)
STIRRING = (*CALM, "What is my balance?", "I lost my card", "zxcv qwer", "I want to complain")
SPOKEN_ENDINGS = {"answer", "clarify", "handoff", "blocked"}


@dataclass
class Diary:
    """What the clients were promised, and everything else that they saw."""

    acknowledged: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    broken_calls: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Talker(threading.Thread):
    """Posts one message after the other; repeats each until it is acknowledged."""

    def __init__(
        self, number: int, url: str, key: str, conversations: list[str], diary: Diary
    ) -> None:
        super().__init__(name=f"talker-{number}")
        self._number = number
        self._chance = random.Random(number)
        self._conversations = conversations
        self._diary = diary
        self._enough = threading.Event()
        headers = {"Authorization": f"Bearer {key}"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=8)

    def stop(self) -> None:
        """Finish the message at hand, then end."""
        self._enough.set()
        self.join(timeout=60)
        assert not self.is_alive(), "a message was never acknowledged"
        self._client.close()

    def run(self) -> None:
        count = 0
        while not self._enough.is_set():
            count += 1
            conversation = self._chance.choice(self._conversations)
            # one conversation in which people take over; the assistant keeps the others
            texts = STIRRING if conversation == self._conversations[0] else CALM
            self._say(conversation, self._chance.choice(texts), f"t{self._number}-{count}")

    def _say(self, conversation: str, text: str, client_id: str) -> None:
        body = {"text": text, "client_message_id": client_id}
        while True:
            try:
                answer = self._client.post(f"/v1/conversations/{conversation}/messages", json=body)
            except httpx.TransportError:
                with self._diary.lock:
                    self._diary.broken_calls += 1
            else:
                with self._diary.lock:
                    self._diary.statuses[answer.status_code] += 1
                    if answer.is_success:
                        message = answer.json()["message"]
                        place = (message["id"], message["seq"])
                        self._diary.acknowledged[conversation, client_id] = place
                if answer.is_success:
                    return
            self._enough.wait(0.05)


def unended(database: sa.Engine) -> int:
    """Turns that still wait for their ending."""
    with database.connect() as connection:
        waiting = sa.select(sa.func.count()).where(TurnRecord.ending.is_(None))
        return int(connection.execute(waiting).scalar_one())


def broken_promises(database: sa.Engine, diary: Diary) -> list[str]:
    """Everything in the database that differs from what was promised; empty is the proof."""
    with database.connect() as connection:
        return [
            *_lost_or_moved(connection, diary),
            *_gaps(connection),
            *_endings(connection),
            *_announcements(connection),
            *_audit(connection),
            *_handoffs(connection),
        ]


def _lost_or_moved(connection: sa.Connection, diary: Diary) -> list[str]:
    rows = connection.execute(
        sa.select(
            MessageRecord.conversation_id,
            MessageRecord.client_message_id,
            MessageRecord.id,
            MessageRecord.seq,
        ).where(MessageRecord.author == "customer")
    ).all()
    stored = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    wrong = [
        f"acknowledged {key} at {place}, stored {stored.get(key)}"
        for key, place in diary.acknowledged.items()
        if stored.get(key) != place
    ]
    if len(rows) != len(stored):
        wrong.append(f"{len(rows) - len(stored)} messages are stored twice")
    return wrong


def _gaps(connection: sa.Connection) -> list[str]:
    wrong = []
    kinds: tuple[tuple[str, type[MessageRecord] | type[EventRecord], sa.ColumnElement[int]], ...]
    kinds = (
        ("messages", MessageRecord, sa.cast(ConversationRecord.last_seq, sa.Integer)),
        ("events", EventRecord, sa.cast(ConversationRecord.last_event_seq, sa.Integer)),
    )
    for name, record, last in kinds:
        for conversation, expected in connection.execute(sa.select(ConversationRecord.id, last)):
            found = connection.scalars(
                sa.select(record.seq)
                .where(record.conversation_id == conversation)
                .order_by(record.seq)
            ).all()
            if list(found) != list(range(1, expected + 1)):
                wrong.append(f"{name} of {conversation}: {len(found)} of {expected}, with gaps")
    return wrong


def _endings(connection: sa.Connection) -> list[str]:
    replies: Counter[str] = Counter()
    said = sa.select(MessageRecord.turn_id).where(MessageRecord.turn_id.is_not(None))
    replies.update(str(turn) for turn in connection.scalars(said))
    customer = sa.select(sa.func.count()).where(MessageRecord.author == "customer")
    turns = connection.execute(sa.select(TurnRecord.id, TurnRecord.ending)).all()
    wrong = [
        f"turn {turn} ended {ending!r} with {replies[turn]} replies"
        for turn, ending in turns
        if (ending in SPOKEN_ENDINGS and replies[turn] != 1)
        or (ending == "person" and replies[turn] != 0)
        or ending not in {*SPOKEN_ENDINGS, "person"}
    ]
    messages = connection.execute(customer).scalar_one()
    if messages != len(turns):
        wrong.append(f"{messages} customer messages, {len(turns)} turns")
    return wrong


def _announcements(connection: sa.Connection) -> list[str]:
    """Everyone who follows the events saw each message once."""
    events = sa.select(EventRecord.data).where(EventRecord.type == "message.created")
    shown = Counter(data["message"]["id"] for data in connection.scalars(events))
    stored = set(connection.scalars(sa.select(MessageRecord.id)))
    wrong = [f"message {one} was shown {count} times" for one, count in shown.items() if count > 1]
    wrong += [f"message {one} was never shown" for one in stored - set(shown)]
    wrong += [f"message {one} was shown but is not stored" for one in set(shown) - stored]
    return wrong


def _audit(connection: sa.Connection) -> list[str]:
    """One audit event for each stored message and for each ending that the assistant gave."""
    actions = Counter(connection.scalars(sa.select(AuditEventRecord.action)))
    turns = connection.scalar(sa.select(sa.func.count()).select_from(TurnRecord))
    spoken = connection.scalar(
        sa.select(sa.func.count()).where(TurnRecord.ending.in_(SPOKEN_ENDINGS))
    )
    wrong = []
    if actions["message.accepted"] != turns:
        wrong.append(f"{turns} messages, {actions['message.accepted']} in the audit")
    if actions["turn.ended"] < (spoken or 0):
        wrong.append(f"{spoken} endings, {actions['turn.ended']} in the audit")
    return wrong


def _handoffs(connection: sa.Connection) -> list[str]:
    requested = connection.scalar(sa.select(sa.func.count()).select_from(HandoffRecord))
    open_ones = connection.scalar(
        sa.select(sa.func.count()).where(ConversationRecord.status == "open")
    )
    return [] if requested == open_ones else [f"{open_ones} held, {requested} handoffs"]
