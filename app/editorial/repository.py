"""All SQL of the editors' tools: questions without a good answer, what was cited, draft sources."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.analytics.filters import Period
from app.db.conversation import CsatRecord, MessageRecord, TurnRecord
from app.db.decision import DecisionRecord
from app.db.document import DocumentRecord
from app.db.editorial import DraftSourceRecord, MessageCitationRecord, MessageRatingRecord
from app.db.people import CustomerRecord
from app.db.repository import Repository
from app.editorial.questions import Lack, Question

LOW_CSAT = 2  # a rating up to here is a bad one
MOST_BEFORE = 100  # messages before an answer, among which its question is looked for
Reply = aliased(MessageRecord)


@dataclass(frozen=True, slots=True)
class IntentCount:
    """How the questions of one intent in one language went."""

    intent: str
    language: str
    questions: int
    answered: int
    abstained: int
    rated_down: int


@dataclass(frozen=True, slots=True)
class VersionCount:
    """What customers made of the answers that cite one version."""

    version: int
    cited: int
    helpful: int
    not_helpful: int


@dataclass(frozen=True, slots=True)
class VersionCsat:
    """Ratings of the conversations in which one version was cited."""

    version: int
    rated: int
    mean: float


class EditorialRepository(Repository[DraftSourceRecord]):
    record = DraftSourceRecord

    def list_unanswered(
        self, period: Period, *, locale: str | None, limit: int
    ) -> Sequence[Question]:
        """Newest first: the knowledge route found nothing, or no intent fitted; nothing cited."""
        lack = case((DecisionRecord.out_of_scope, "out_of_scope"), else_="abstained")
        query = (
            select(
                MessageRecord.id,
                MessageRecord.conversation_id,
                MessageRecord.text,
                MessageRecord.language,
                MessageRecord.created_at,
                DecisionRecord.intent,
                lack,
            )
            .select_from(DecisionRecord)
            .join(TurnRecord, TurnRecord.id == DecisionRecord.turn_id)
            .join(MessageRecord, MessageRecord.id == TurnRecord.message_id)
            .outerjoin(Reply, Reply.turn_id == TurnRecord.id)
            .where(
                _within(DecisionRecord.created_at, period),
                _lacks_answer(),
                ~_cites(Reply),
            )
        )
        return self._questions(query, locale, limit)

    def list_low_rated(
        self, period: Period, *, locale: str | None, limit: int
    ) -> Sequence[Question]:
        """Newest first: answered with sources, and the answer or its conversation rated badly."""
        rated_down = MessageRatingRecord.helpful.is_(False)
        bad_csat = and_(CsatRecord.rating <= LOW_CSAT, MessageRatingRecord.id.is_(None))
        query = (
            select(
                MessageRecord.id,
                MessageRecord.conversation_id,
                MessageRecord.text,
                MessageRecord.language,
                MessageRecord.created_at,
                DecisionRecord.intent,
                case((rated_down, "rated_down"), else_="low_csat"),
            )
            .select_from(Reply)
            .join(TurnRecord, TurnRecord.id == Reply.turn_id)
            .join(MessageRecord, MessageRecord.id == TurnRecord.message_id)
            .outerjoin(DecisionRecord, DecisionRecord.id == TurnRecord.decision_id)
            .outerjoin(MessageRatingRecord, MessageRatingRecord.message_id == Reply.id)
            .outerjoin(CsatRecord, CsatRecord.conversation_id == Reply.conversation_id)
            .where(_within(Reply.created_at, period), _cites(Reply), or_(rated_down, bad_csat))
        )
        return self._questions(query, locale, limit)

    def count_by_intent(self, period: Period, intents: Collection[str]) -> Sequence[IntentCount]:
        """Questions of these intents by language; a message with several requests counts each."""
        cited = _cites(Reply)
        down = and_(cited, MessageRatingRecord.helpful.is_(False))
        asked = and_(DecisionRecord.route == "knowledge", DecisionRecord.outcome == "answer")
        rows = self.session.execute(
            select(
                DecisionRecord.intent,
                MessageRecord.language,
                func.count(),
                _total(cited),
                _total(and_(asked, ~cited)),
                _total(down),
            )
            .select_from(DecisionRecord)
            .join(TurnRecord, TurnRecord.id == DecisionRecord.turn_id)
            .join(MessageRecord, MessageRecord.id == TurnRecord.message_id)
            .outerjoin(Reply, Reply.turn_id == TurnRecord.id)
            .outerjoin(MessageRatingRecord, MessageRatingRecord.message_id == Reply.id)
            .where(
                _within(DecisionRecord.created_at, period),
                DecisionRecord.intent.in_(intents),
                ~DecisionRecord.out_of_scope,
                TurnRecord.ending.in_(("answer", "clarify", "handoff")),
            )
            .group_by(DecisionRecord.intent, MessageRecord.language)
        )
        return [IntentCount(str(row[0]), *row[1:]) for row in rows]

    def cited_documents(self, period: Period) -> set[str]:
        """Documents of which some version was cited in the period."""
        rows = self.session.scalars(
            select(MessageCitationRecord.document_id)
            .where(_within(MessageCitationRecord.created_at, period))
            .distinct()
        )
        return set(rows)

    def count_by_version(self, document_id: str) -> Sequence[VersionCount]:
        """Newest version first; versions that were never cited are missing."""
        rows = self.session.execute(
            select(
                MessageCitationRecord.version,
                func.count(),
                _total(MessageRatingRecord.helpful.is_(True)),
                _total(MessageRatingRecord.helpful.is_(False)),
            )
            .outerjoin(
                MessageRatingRecord,
                MessageRatingRecord.message_id == MessageCitationRecord.message_id,
            )
            .where(MessageCitationRecord.document_id == document_id)
            .group_by(MessageCitationRecord.version)
            .order_by(MessageCitationRecord.version.desc())
        )
        return [VersionCount(*row) for row in rows]

    def csat_by_version(self, document_id: str) -> dict[int, VersionCsat]:
        """Each conversation counts once for a version, however often it cites it."""
        conversations = (
            select(MessageCitationRecord.version, MessageCitationRecord.conversation_id)
            .where(MessageCitationRecord.document_id == document_id)
            .distinct()
            .subquery()
        )
        rows = self.session.execute(
            select(conversations.c.version, func.count(), func.avg(CsatRecord.rating))
            .join(CsatRecord, CsatRecord.conversation_id == conversations.c.conversation_id)
            .group_by(conversations.c.version)
        )
        return {row[0]: VersionCsat(row[0], row[1], float(row[2])) for row in rows}

    def list_thread_before(self, conversation_id: str, seq: int) -> Sequence[MessageRecord]:
        """What customer and agents said last before a message, in order; no notes or activities."""
        newest_first = self.session.scalars(
            select(MessageRecord)
            .where(
                MessageRecord.conversation_id == conversation_id,
                MessageRecord.seq < seq,
                MessageRecord.kind == "text",
                MessageRecord.author.in_(("customer", "agent")),
            )
            .order_by(MessageRecord.seq.desc())
            .limit(MOST_BEFORE)
        ).all()
        return newest_first[::-1]

    def find_intent_of(self, message_id: str) -> str | None:
        """What the router took a customer's message for; None where it did not fit."""
        return self.session.scalar(
            select(DecisionRecord.intent)
            .join(TurnRecord, TurnRecord.decision_id == DecisionRecord.id)
            .where(TurnRecord.message_id == message_id, ~DecisionRecord.out_of_scope)
        )

    def find_customer_name(self, customer_id: str | None) -> str | None:
        return self.session.scalar(
            select(CustomerRecord.name).where(CustomerRecord.id == customer_id)
        )

    def find_draft_of(self, message_id: str) -> DraftSourceRecord | None:
        """The document that an answer became already; a deleted one does not count."""
        return self.session.scalar(
            select(DraftSourceRecord)
            .join(DocumentRecord, DocumentRecord.id == DraftSourceRecord.document_id)
            .where(DraftSourceRecord.message_id == message_id, DocumentRecord.deleted_at.is_(None))
            .order_by(DraftSourceRecord.document_id)
            .limit(1)
        )

    def _questions(self, query: Select[Any], locale: str | None, limit: int) -> Sequence[Question]:
        if locale is not None:
            query = query.where(MessageRecord.language == locale)
        rows = self.session.execute(query.order_by(MessageRecord.id.desc()).limit(limit))
        return [_question(*row) for row in rows]


def _question(
    message_id: str,
    conversation_id: str,
    text: str,
    language: str,
    asked_at: datetime,
    intent: str | None,
    lack: str,
) -> Question:
    """A row as a question; where no intent fitted, the best guess is worth nothing."""
    known = None if lack == Lack.OUT_OF_SCOPE else intent
    lacks = frozenset({Lack(lack)})
    return Question(message_id, conversation_id, text, language, asked_at, known, lacks)


def _within(moment: SQLColumnExpression[datetime], period: Period) -> ColumnElement[bool]:
    return and_(moment >= period.start, moment < period.end)


def _lacks_answer() -> ColumnElement[bool]:
    """Articles were asked, or nothing fitted; what a person held meanwhile is theirs."""
    found_nothing = and_(
        DecisionRecord.route == "knowledge",
        DecisionRecord.outcome == "answer",
        TurnRecord.ending.in_(("answer", "clarify", "handoff")),
    )
    not_understood = and_(
        DecisionRecord.out_of_scope, TurnRecord.ending.in_(("clarify", "handoff"))
    )
    return or_(found_nothing, not_understood)


def _cites(message: type[MessageRecord]) -> ColumnElement[bool]:
    return exists().where(MessageCitationRecord.message_id == message.id)


def _total(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
