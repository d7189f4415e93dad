"""Which conversations a number is about: period, channel, intent, language, variant -> WHERE."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from app.clock import utc_now
from app.db.conversation import ConversationRecord, MessageRecord, TurnRecord
from app.db.decision import DecisionRecord
from app.errors import BadInput, FieldError

DEFAULT_PERIOD = timedelta(days=30)
NONE = "none"  # the key of conversations without an intent, or outside every experiment
CHIT_CHAT = ("greeting", "thanks", "goodbye")  # never what a conversation is about

_NOT_EARLIER = FieldError("from", "must be earlier than `to`, and both within the calendar")


@dataclass(frozen=True, slots=True)
class Period:
    """From (included) to (excluded)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody asks to see."""

    period: Period
    channel: str | None = None
    intent: str | None = None
    language: str | None = None
    variant: str | None = None


def build_period(start: datetime | None, end: datetime | None) -> Period:
    """The last 30 days unless told otherwise; a moment without a zone is UTC."""
    try:
        until = _aware(end) if end is not None else utc_now()
        since = _aware(start) if start is not None else until - DEFAULT_PERIOD
    except OverflowError as far:  # at the ends of the calendar
        raise BadInput("The period is too far away.", errors=(_NOT_EARLIER,)) from far
    if since >= until:
        raise BadInput("The period is empty.", errors=(_NOT_EARLIER,))
    return Period(since, until)


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """WHERE over `conversations`: a customer wrote in the period, and every filter holds."""
    wanted: list[ColumnElement[bool]] = [_customer_wrote(filters.period)]
    for expression, value in (
        (ConversationRecord.channel, filters.channel),
        (conversation_intent(), filters.intent),
        (conversation_language(), filters.language),
        (conversation_variant(), filters.variant),
    ):
        if value is not None:
            wanted.append(expression.is_(None) if value == NONE else expression == value)
    return wanted


def first_message_at(period: Period) -> ScalarSelect[datetime]:
    """When the customer first wrote in the period."""
    return (
        select(func.min(MessageRecord.created_at))
        .where(
            MessageRecord.conversation_id == ConversationRecord.id,
            MessageRecord.author == "customer",
            MessageRecord.created_at >= period.start,
            MessageRecord.created_at < period.end,
        )
        .correlate(ConversationRecord)
        .scalar_subquery()
    )


def conversation_intent() -> ScalarSelect[str | None]:
    """The intent of the first decided turn that is not a greeting, thanks or goodbye."""
    return (
        select(DecisionRecord.intent)
        .join(TurnRecord, TurnRecord.decision_id == DecisionRecord.id)
        .where(
            TurnRecord.conversation_id == ConversationRecord.id,
            DecisionRecord.intent.is_not(None),
            DecisionRecord.intent.not_in(CHIT_CHAT),
        )
        .order_by(TurnRecord.message_seq)
        .limit(1)
        .correlate(ConversationRecord)
        .scalar_subquery()
    )


def conversation_language() -> ScalarSelect[str]:
    """The language of the customer's first message."""
    return (
        select(MessageRecord.language)
        .where(
            MessageRecord.conversation_id == ConversationRecord.id,
            MessageRecord.author == "customer",
        )
        .order_by(MessageRecord.seq)
        .limit(1)
        .correlate(ConversationRecord)
        .scalar_subquery()
    )


def conversation_variant() -> ScalarSelect[str | None]:
    """The variant of the first decision that was made under an experiment."""
    return (
        select(DecisionRecord.variant)
        .join(TurnRecord, TurnRecord.decision_id == DecisionRecord.id)
        .where(
            TurnRecord.conversation_id == ConversationRecord.id,
            DecisionRecord.variant.is_not(None),
        )
        .order_by(TurnRecord.message_seq)
        .limit(1)
        .correlate(ConversationRecord)
        .scalar_subquery()
    )


def _customer_wrote(period: Period) -> ColumnElement[bool]:
    return (
        select(MessageRecord.id)
        .where(
            MessageRecord.conversation_id == ConversationRecord.id,
            MessageRecord.author == "customer",
            MessageRecord.created_at >= period.start,
            MessageRecord.created_at < period.end,
        )
        .correlate(ConversationRecord)  # the outer query may read messages, too
        .exists()
    )


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
