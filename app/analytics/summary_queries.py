"""How a period went: volume, handoffs, containment, ratings, routes, days, response time."""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.analytics.facts import ConversationFacts, list_facts
from app.analytics.filters import Filters, conditions
from app.analytics.statistics import share
from app.db.conversation import ConversationRecord, MessageRecord, TurnRecord
from app.db.decision import DecisionRecord

ASSISTANT_ENDINGS = ("answer", "clarify", "handoff", "blocked")


@dataclass(frozen=True, slots=True)
class RouteShare:
    """Turns that took one route."""

    key: str
    turns: int
    share: float


@dataclass(frozen=True, slots=True)
class Day:
    """Conversations by the UTC day of their first message in the period."""

    day: str
    conversations: int
    handoffs: int
    handoff_rate: float


@dataclass(frozen=True, slots=True)
class Ratings:
    """CSAT of the period's conversations."""

    average: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of a period."""

    conversations: int
    messages: int
    turns: int
    handoffs: int
    handoff_rate: float
    containment_rate: float
    resolved: int
    csat: Ratings
    by_route: tuple[RouteShare, ...]
    by_day: tuple[Day, ...]
    median_response_ms: float | None


def summarise(session: Session, filters: Filters) -> Summary:
    """Count the conversations in which a customer wrote in the period."""
    facts = list_facts(session, filters)
    handoffs = sum(fact.is_handed_off for fact in facts)
    return Summary(
        conversations=len(facts),
        messages=_count_messages(session, filters),
        turns=_count_turns(session, filters),
        handoffs=handoffs,
        handoff_rate=share(handoffs, len(facts)),
        containment_rate=share(sum(fact.is_contained for fact in facts), len(facts)),
        resolved=sum(fact.resolved_at is not None for fact in facts),
        csat=_ratings(facts),
        by_route=_routes(session, filters),
        by_day=_days(facts),
        median_response_ms=_median_response(session, filters),
    )


def _ratings(facts: Iterable[ConversationFacts]) -> Ratings:
    ratings = [fact.rating for fact in facts if fact.rating is not None]
    return Ratings(statistics.fmean(ratings) if ratings else None, len(ratings))


def _days(facts: Sequence[ConversationFacts]) -> tuple[Day, ...]:
    conversations = Counter(fact.day for fact in facts)
    handoffs = Counter(fact.day for fact in facts if fact.is_handed_off)
    return tuple(
        Day(day, count, handoffs[day], share(handoffs[day], count))
        for day, count in sorted(conversations.items())
    )


def _count_messages(session: Session, filters: Filters) -> int:
    """Texts that anybody wrote in the period; notes and activities are not messages."""
    statement = (
        select(func.count())
        .select_from(MessageRecord)
        .join(ConversationRecord, ConversationRecord.id == MessageRecord.conversation_id)
        .where(
            MessageRecord.kind == "text",
            MessageRecord.created_at >= filters.period.start,
            MessageRecord.created_at < filters.period.end,
            *conditions(filters),
        )
    )
    return session.scalar(statement) or 0


def _count_turns(session: Session, filters: Filters) -> int:
    statement = (
        select(func.count())
        .select_from(TurnRecord)
        .join(ConversationRecord, ConversationRecord.id == TurnRecord.conversation_id)
        .where(
            TurnRecord.created_at >= filters.period.start,
            TurnRecord.created_at < filters.period.end,
            *conditions(filters),
        )
    )
    return session.scalar(statement) or 0


def _routes(session: Session, filters: Filters) -> tuple[RouteShare, ...]:
    statement = (
        select(DecisionRecord.route, func.count())
        .join(TurnRecord, TurnRecord.decision_id == DecisionRecord.id)
        .join(ConversationRecord, ConversationRecord.id == TurnRecord.conversation_id)
        .where(
            TurnRecord.created_at >= filters.period.start,
            TurnRecord.created_at < filters.period.end,
            *conditions(filters),
        )
        .group_by(DecisionRecord.route)
    )
    counts = {row[0]: row[1] for row in session.execute(statement)}
    total = sum(counts.values())
    by_volume = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(RouteShare(route, turns, share(turns, total)) for route, turns in by_volume)


def _median_response(session: Session, filters: Filters) -> float | None:
    """From a customer message to the assistant's ending; a person's reply is not counted."""
    statement = (
        select(TurnRecord.created_at, TurnRecord.ended_at)
        .join(ConversationRecord, ConversationRecord.id == TurnRecord.conversation_id)
        .where(
            TurnRecord.created_at >= filters.period.start,
            TurnRecord.created_at < filters.period.end,
            TurnRecord.ending.in_(ASSISTANT_ENDINGS),
            *conditions(filters),
        )
    )
    times = [
        (ended - began).total_seconds() * 1000
        for began, ended in session.execute(statement)
        if ended is not None
    ]
    return round(statistics.median(times), 3) if times else None
