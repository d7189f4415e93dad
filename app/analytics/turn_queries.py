"""What the turns say: volume and confidence of each intent, time of each step."""

import statistics
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.analytics.filters import NONE, Filters, conditions
from app.analytics.statistics import percentile, share
from app.db.conversation import ConversationRecord, TurnRecord
from app.db.decision import DecisionRecord


@dataclass(frozen=True, slots=True)
class IntentRow:
    """One intent over all turns of the period, greetings included."""

    key: str
    turns: int
    share: float
    mean_confidence: float


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the turn, in milliseconds."""

    key: str
    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


def intent_rows(session: Session, filters: Filters) -> list[IntentRow]:
    """Intents by volume."""
    statement = _in_period(
        select(DecisionRecord.intent, DecisionRecord.confidence)
        .select_from(TurnRecord)
        .join(DecisionRecord, TurnRecord.decision_id == DecisionRecord.id),
        filters,
    )
    found: dict[str, list[float]] = defaultdict(list)
    for intent, confidence in session.execute(statement):
        found[intent or NONE].append(confidence)
    total = sum(map(len, found.values()))
    rows = [
        IntentRow(key, len(values), share(len(values), total), statistics.fmean(values))
        for key, values in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.turns, row.key))


def step_rows(session: Session, filters: Filters) -> list[StepRow]:
    """Steps by name, with percentiles of their time."""
    statement = _in_period(select(TurnRecord.steps).select_from(TurnRecord), filters)
    found: dict[str, list[float]] = defaultdict(list)
    for steps in session.scalars(statement):
        for step in steps:
            found[step["step"]].append(float(step["milliseconds"]))
    return [_step_row(key, sorted(times)) for key, times in sorted(found.items())]


def _step_row(key: str, times: list[float]) -> StepRow:
    return StepRow(key, len(times), *(percentile(times, part) for part in (0.5, 0.95, 0.99)))


def _in_period(statement: Select[*tuple[Any, ...]], filters: Filters) -> Select[*tuple[Any, ...]]:
    return statement.join(
        ConversationRecord, ConversationRecord.id == TurnRecord.conversation_id
    ).where(
        TurnRecord.created_at >= filters.period.start,
        TurnRecord.created_at < filters.period.end,
        *conditions(filters),
    )
