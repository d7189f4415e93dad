"""Reports over a small history with known numbers: the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.analytics.facts import list_facts
from app.analytics.filters import Filters, build_period
from app.analytics.handoff_queries import GroupBy, HandoffRow, handoff_rows
from app.analytics.summary_queries import Day, Ratings, RouteShare, summarise
from app.analytics.turn_queries import IntentRow, StepRow, intent_rows, step_rows
from app.db.conversation import ConversationRecord, CsatRecord, MessageRecord, TurnRecord
from app.db.decision import DecisionRecord
from app.db.handoff import HandoffRecord
from app.db.people import CustomerRecord
from app.db.session import Database
from app.ids import new_id

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PERIOD = build_period(NOON - timedelta(days=1), NOON + timedelta(days=10))
ALL = Filters(PERIOD)


class Story:
    """Writes conversations as the dialogue would leave them."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def customer(self) -> str:
        row = CustomerRecord(id=new_id(), external_id=new_id())
        self.session.add(row)
        self.session.flush()
        return row.id

    def conversation(self, at: datetime, **values: Any) -> ConversationRecord:
        defaults = {"channel": "widget", "updated_at": at, "created_at": at}
        row = ConversationRecord(**(defaults | values))
        self.session.add(row)
        self.session.flush()
        return row

    def turn(
        self,
        thread: ConversationRecord,
        intent: str | None,
        *,
        after: float = 0.0,
        ms: float = 100.0,
        ending: str = "answer",
        route: str = "knowledge",
        language: str = "en",
        variant: str | None = None,
    ) -> None:
        at = thread.created_at + timedelta(seconds=after)
        thread.last_seq += 1
        message = MessageRecord(
            conversation_id=thread.id, seq=thread.last_seq, author="customer", text="…",
            language=language, created_at=at,
        )  # fmt: skip
        decision = DecisionRecord(
            conversation_id=thread.id, route=route, outcome="answer", intent=intent,
            variant=variant,
            confidence=0.8, margin=0.5, out_of_scope=False, out_of_scope_score=0.0,
            reason="classifier", language=language, model_version="test", created_at=at,
        )  # fmt: skip
        self.session.add_all([message, decision])
        self.session.flush()
        self.session.add(
            TurnRecord(
                conversation_id=thread.id, message_id=message.id, message_seq=message.seq,
                ending=ending, decision_id=decision.id, created_at=at,
                ended_at=at + timedelta(milliseconds=ms),
                steps=[{"step": "route", "outcome": "ok", "milliseconds": ms / 10, "detail": None}],
            )
        )  # fmt: skip
        self.session.flush()

    def handoff(self, thread: ConversationRecord, reason: str = "requested") -> None:
        self.session.add(
            HandoffRecord(
                conversation_id=thread.id, queue="general", reason=reason, language="en",
                status="closed",
            )
        )  # fmt: skip
        self.session.flush()

    def rating(self, thread: ConversationRecord, rating: int) -> None:
        self.session.add(CsatRecord(conversation_id=thread.id, rating=rating))
        self.session.flush()


def tell(session: Session) -> dict[str, str]:
    """Five conversations that count and two that do not; their ids by name."""
    story = Story(session)
    regular = story.customer()
    answered = story.conversation(NOON, resolved_at=NOON, status="resolved")
    story.turn(answered, "greeting", ms=100, route="general")
    story.turn(answered, "card_lost", after=5, ms=300, route="account")
    story.rating(answered, 5)

    helped = story.conversation(NOON + timedelta(hours=1), channel="crm")
    story.turn(helped, "card_lost", ms=200, ending="handoff", route="human", variant="b")
    story.handoff(helped, "requested")
    story.handoff(helped, "complaint")
    story.rating(helped, 2)

    chinese = story.conversation(NOON + timedelta(days=1))
    story.turn(chinese, None, language="zh", ms=400, ending="clarify")

    first = story.conversation(NOON + timedelta(days=2), customer_id=regular)
    story.turn(first, "card_limits", ms=500, variant="a")
    again = story.conversation(NOON + timedelta(days=4), customer_id=regular)
    story.turn(again, "card_limits", ms=600, variant="a")

    story.conversation(NOON)  # nobody wrote
    old = story.conversation(NOON - timedelta(days=30))
    story.turn(old, "card_lost")
    story.handoff(old)
    names = {"answered": answered, "helped": helped, "chinese": chinese}
    return {name: row.id for name, row in names.items()} | {"first": first.id, "again": again.id}


def test_summary_counts_what_its_definitions_say(database: Database) -> None:
    with database.write() as session:
        tell(session)
        summary = summarise(session, ALL)
        session.rollback()
    assert (summary.conversations, summary.messages, summary.turns) == (5, 6, 6)
    assert (summary.handoffs, summary.handoff_rate) == (1, 0.2)
    # answered and again; first came back after two days, chinese was only asked a question
    assert summary.containment_rate == 0.4
    assert summary.resolved == 1
    assert summary.csat == Ratings(3.5, 2)
    assert summary.by_route == (
        RouteShare("knowledge", 3, 0.5),
        RouteShare("account", 1, 1 / 6),
        RouteShare("general", 1, 1 / 6),
        RouteShare("human", 1, 1 / 6),
    )
    assert summary.by_day[0] == Day("2026-03-01", 2, 1, 0.5)
    assert [day.day for day in summary.by_day] == [
        "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-05",
    ]  # fmt: skip
    assert summary.median_response_ms == 350.0


def test_an_empty_period_is_all_zeros(database: Database) -> None:
    with database.read() as session:
        summary = summarise(session, ALL)
        assert handoff_rows(session, ALL, GroupBy.DAY) == []
    assert (summary.conversations, summary.handoff_rate) == (0, 0.0)
    assert (summary.csat, summary.median_response_ms) == (Ratings(None, 0), None)


GROUPS: dict[GroupBy, list[tuple[str, int, int]]] = {
    GroupBy.INTENT: [("card_lost", 2, 1), ("card_limits", 2, 0), ("none", 1, 0)],
    GroupBy.CHANNEL: [("crm", 1, 1), ("widget", 4, 0)],
    GroupBy.LANGUAGE: [("en", 4, 1), ("zh", 1, 0)],
    GroupBy.VARIANT: [("b", 1, 1), ("a", 2, 0), ("none", 2, 0)],
    GroupBy.REASON: [("requested", 5, 1)],
    GroupBy.DAY: [
        ("2026-03-01", 2, 1),
        ("2026-03-02", 1, 0),
        ("2026-03-03", 1, 0),
        ("2026-03-05", 1, 0),
    ],
}


def test_handoffs_by_group(database: Database) -> None:
    with database.write() as session:
        ids = tell(session)
        found = {group: handoff_rows(session, ALL, group) for group in GroupBy}
        session.rollback()
    for group, rows in found.items():
        assert [(row.key, row.conversations, row.handoffs) for row in rows] == GROUPS[group]
        assert [drilled for row in rows for drilled in row.conversation_ids] == [ids["helped"]]
        assert all(in_interval(row) for row in rows)


def in_interval(row: HandoffRow) -> bool:
    low, high = row.interval
    return 0 <= low <= row.handoff_rate <= high <= 1


FILTERS = [
    (Filters(PERIOD, channel="crm"), {"helped"}),
    (Filters(PERIOD, intent="card_lost"), {"answered", "helped"}),
    (Filters(PERIOD, intent="none"), {"chinese"}),
    (Filters(PERIOD, language="zh"), {"chinese"}),
    (Filters(PERIOD, variant="a"), {"first", "again"}),
    (Filters(PERIOD, intent="greeting"), set()),
    (Filters(PERIOD, channel="crm", language="zh"), set()),
    (Filters(build_period(NOON, NOON + timedelta(minutes=1))), {"answered"}),
]


def test_filters_choose_conversations(database: Database) -> None:
    with database.write() as session:
        ids = tell(session)
        found = [{fact.id for fact in list_facts(session, filters)} for filters, _ in FILTERS]
        counted = [summarise(session, filters).conversations for filters, _ in FILTERS]
        session.rollback()
    expected = [{ids[name] for name in names} for _, names in FILTERS]
    assert found == expected
    assert counted == [len(names) for names in expected]


def test_intents_and_steps(database: Database) -> None:
    with database.write() as session:
        tell(session)
        intents, steps = intent_rows(session, ALL), step_rows(session, ALL)
        session.rollback()
    assert [(row.key, row.turns) for row in intents] == [
        ("card_limits", 2), ("card_lost", 2), ("greeting", 1), ("none", 1),
    ]  # fmt: skip
    assert intents[0] == IntentRow("card_limits", 2, 1 / 3, 0.8)
    assert steps == [StepRow("route", 6, 30.0, 60.0, 60.0)]
