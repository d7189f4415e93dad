"""Where people were needed: handoff rate by intent, channel, language, variant, reason or day."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app.analytics.facts import ConversationFacts, list_facts
from app.analytics.filters import NONE, Filters
from app.analytics.statistics import share, wilson_interval

MAX_DRILL = 50


class GroupBy(StrEnum):
    """What the rows are."""

    INTENT = "intent"
    CHANNEL = "channel"
    LANGUAGE = "language"
    VARIANT = "variant"
    REASON = "reason"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class HandoffRow:
    """One group; the ids are those of conversations that were handed off."""

    key: str
    conversations: int
    handoffs: int
    handoff_rate: float
    interval: tuple[float, float]
    conversation_ids: tuple[str, ...]


KEYS: dict[GroupBy, Callable[[ConversationFacts], str]] = {
    GroupBy.INTENT: lambda fact: fact.intent or NONE,
    GroupBy.CHANNEL: lambda fact: fact.channel,
    GroupBy.LANGUAGE: lambda fact: fact.language,
    GroupBy.VARIANT: lambda fact: fact.variant or NONE,
    GroupBy.DAY: lambda fact: fact.day,
}


def handoff_rows(session: Session, filters: Filters, group_by: GroupBy) -> list[HandoffRow]:
    """One row for each group: days in order, everything else by handoffs."""
    facts = list_facts(session, filters)
    rows = _by_reason(facts) if group_by is GroupBy.REASON else _by_key(facts, KEYS[group_by])
    if group_by is GroupBy.DAY:
        return sorted(rows, key=lambda row: row.key)
    return sorted(rows, key=lambda row: (-row.handoffs, -row.conversations, row.key))


def _by_key(
    facts: Sequence[ConversationFacts], key_of: Callable[[ConversationFacts], str]
) -> list[HandoffRow]:
    groups: dict[str, list[ConversationFacts]] = defaultdict(list)
    for fact in facts:
        groups[key_of(fact)].append(fact)
    return [
        _row(key, [fact for fact in group if fact.is_handed_off], whole=len(group))
        for key, group in groups.items()
    ]


def _by_reason(facts: Sequence[ConversationFacts]) -> list[HandoffRow]:
    """A reason exists only where there was a handoff: its share is of all conversations."""
    groups: dict[str, list[ConversationFacts]] = defaultdict(list)
    for fact in facts:
        if fact.handoff_reason is not None:
            groups[fact.handoff_reason].append(fact)
    return [_row(reason, group, whole=len(facts)) for reason, group in groups.items()]


def _row(key: str, handed_off: Sequence[ConversationFacts], *, whole: int) -> HandoffRow:
    count = len(handed_off)
    ids = tuple(fact.id for fact in handed_off[:MAX_DRILL])
    return HandoffRow(key, whole, count, share(count, whole), wilson_interval(count, whole), ids)
