"""All SQL that compares a shadow's decisions with those that were made."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.db.decision import DecisionRecord
from app.db.shadow import ShadowDecisionRecord

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Pairing:
    """How often a decision of one kind met a shadow's of another."""

    live_intent: str | None
    shadow_intent: str | None
    live_outcome: str
    shadow_outcome: str
    agrees: bool
    count: int


@dataclass(frozen=True, slots=True)
class Example:
    """A decision to look at; the conversation is None for a stateless one."""

    decision_id: str
    conversation_id: str | None


class ShadowRepository:
    """Pairs of one shadow version with one live version."""

    def __init__(self, session: Session, *, shadow: str, live: str) -> None:
        self.session = session
        self._versions = (
            ShadowDecisionRecord.shadow_version == shadow,
            ShadowDecisionRecord.live_version == live,
        )

    def list_pairings(self) -> Sequence[Pairing]:
        """Every combination that occurred, with its count."""
        columns = (
            DecisionRecord.intent,
            ShadowDecisionRecord.intent,
            DecisionRecord.outcome,
            ShadowDecisionRecord.outcome,
            ShadowDecisionRecord.agrees,
        )
        rows = self.session.execute(
            select(*columns, func.count())
            .join(DecisionRecord, DecisionRecord.id == ShadowDecisionRecord.decision_id)
            .where(*self._versions)
            .group_by(*columns)
        )
        return [Pairing(*row) for row in rows]

    def list_intent_examples(self, live: str | None, shadow: str | None) -> Sequence[Example]:
        """The latest decisions whose intent moved in this way."""
        return self._examples(
            DecisionRecord.intent.is_not_distinct_from(live),
            ShadowDecisionRecord.intent.is_not_distinct_from(shadow),
        )

    def list_outcome_examples(self, live: str, shadow: str) -> Sequence[Example]:
        """The latest decisions whose outcome changed in this way."""
        return self._examples(
            DecisionRecord.outcome == live, ShadowDecisionRecord.outcome == shadow
        )

    def _examples(self, *conditions: ColumnElement[bool]) -> Sequence[Example]:
        rows = self.session.execute(
            select(DecisionRecord.id, DecisionRecord.conversation_id)
            .join(ShadowDecisionRecord, ShadowDecisionRecord.decision_id == DecisionRecord.id)
            .where(*self._versions, *conditions)
            .order_by(ShadowDecisionRecord.id.desc())
            .limit(EXAMPLES)
        )
        return [Example(*row) for row in rows]
