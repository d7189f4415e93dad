"""From one person's correction to a label that two people agreed to. Knows nothing about HTTP."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.audit_trail import record
from app.auth.caller import Integration, Staff
from app.clock import utc_now
from app.db.decision import DecisionRecord
from app.db.label import LabelRecord
from app.errors import BadInput, FieldError, NotFound, StateConflict
from app.labels.neighbours import Findings, examine
from app.labels.repository import OUT_OF_SCOPE, DecidedMessage, LabelRepository
from app.labels.training_set import text_key
from routing.dataset import LONGEST_TEXT
from routing.policy import CONTEXT, MANY_REQUESTS

Person = Staff | Integration


@dataclass(frozen=True, slots=True)
class Skipped:
    """A label that was not accepted among many, and why."""

    id: str
    reason: str


class LabelService:
    """What people do with labels, by one person."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session = session
        self.person = person
        self.labels = LabelRepository(session)

    def correct(
        self,
        decision_id: str,
        *,
        intent: str | None,
        is_right: bool,
        note: str | None,
        intents: Collection[str],
    ) -> tuple[LabelRecord, bool]:
        """What the message of a decision meant; the label, and whether it is a new one.

        Saying the same twice changes nothing. Another word supersedes one that still waits; one
        that was accepted stays in force until the new one is accepted.
        """
        decided = self.labels.lock_decided(decision_id, self.person)
        if decided is None:
            raise NotFound("No such decision of a conversation.", code="decision_not_found")
        wanted = _decided_intent(decided) if is_right else _known_intent(intent, intents)
        history = self.labels.list_of_decision(decision_id)
        same = self._said_already(history, wanted)
        if same is not None:
            return same, False
        label = self.add(decided, wanted, note=note)
        self._supersede([row for row in history if row.status == "pending"], by=label)
        return label, True

    def add(
        self,
        decided: DecidedMessage,
        intent: str | None,
        *,
        note: str | None = None,
        suggestion_id: str | None = None,
    ) -> LabelRecord:
        """A label that waits for review, with where it comes from."""
        decision, message = decided.decision, decided.message
        before = None if decision.out_of_scope else decision.intent
        kind = "suggested" if suggestion_id else "confirmed" if before == intent else "corrected"
        label = self.labels.add(
            LabelRecord(
                decision_id=decision.id,
                conversation_id=message.conversation_id,
                kind=kind,
                text=message.text,
                original_text=message.text,
                normalised=text_key(message.text),
                language=decision.language,
                channel=decided.channel,
                intent=intent,
                decided_intent=decision.intent,
                decided_out_of_scope=decision.out_of_scope,
                decided_reason=self._reason_of(decision),
                model_version=decision.model_version,
                note=note,
                labelled_by=str(self.person.actor),
                labelled_by_name=self.person.name,
                suggestion_id=suggestion_id,
            )
        )
        self._record("label.created", label, kind=kind, decision=decision.id, was=decision.intent)
        return label

    def _reason_of(self, decision: DecisionRecord) -> str:
        """The decision's, or that its message says more than this intent, or too little alone."""
        if self.labels.is_one_of_several(decision):
            return MANY_REQUESTS
        return CONTEXT if decision.context else decision.reason

    def accept(
        self,
        label_id: str,
        *,
        text: str | None,
        note: str | None,
        despite_conflict: bool,
        base: Path | None,
    ) -> LabelRecord:
        """A second person agrees, with the text edited where it must not be learnt as it stands."""
        label = self._lock_for_review(label_id)
        if label.status == "accepted" and (text is None or text == label.text):
            return label
        self._require_pending(label)
        if text is not None and text != label.text:
            self._edit(label, text)
        if len(label.text) > LONGEST_TEXT:
            raise StateConflict(
                f"The text has {len(label.text)} characters, at most {LONGEST_TEXT} can be "
                "learnt: shorten it.",
                code="label_too_long",
            )
        findings = examine(self.labels, [label], base=base)[label.id]
        if findings.conflict == "same" and not despite_conflict:
            raise StateConflict(
                "This text is labelled otherwise: look at the conflict, then accept despite it.",
                code="label_conflict",
            )
        self._accept(label, note=note, despite=findings.conflict)
        return label

    def accept_many(
        self, label_ids: Sequence[str], *, base: Path | None
    ) -> tuple[list[LabelRecord], list[Skipped]]:
        """Those of the list that nothing speaks against; the others stay where they are."""
        rows = {label_id: self.labels.lock(label_id) for label_id in dict.fromkeys(label_ids)}
        findings = self.examine([row for row in rows.values() if row is not None], base=base)
        accepted: list[LabelRecord] = []
        skipped: list[Skipped] = []
        for label_id, label in rows.items():
            reason = "label_not_found"
            if label is not None:
                reason = self._against(label, findings[label_id])
            if label is None or reason:
                skipped.append(Skipped(label_id, reason))
                continue
            self._accept(label, note=None, despite=None)
            accepted.append(label)
        return accepted, skipped

    def reject(self, label_id: str, *, note: str | None) -> LabelRecord:
        """A second person disagrees: kept, never learnt."""
        label = self._lock_for_review(label_id)
        if label.status != "rejected":
            self._require_pending(label)
            self._review(label, "rejected", note)
            self._record("label.rejected", label)
        return label

    def examine(self, rows: Sequence[LabelRecord], *, base: Path | None) -> dict[str, Findings]:
        return examine(self.labels, rows, base=base)

    def _said_already(
        self, history: Sequence[LabelRecord], wanted: str | None
    ) -> LabelRecord | None:
        """This person's own last word on the decision, if it is the same and still stands."""
        last = history[0] if history else None
        if last is None or last.status not in ("pending", "accepted"):
            return None
        is_own = last.labelled_by == str(self.person.actor)
        return last if is_own and last.intent == wanted else None

    def _lock_for_review(self, label_id: str) -> LabelRecord:
        label = self.labels.lock(label_id)
        if label is None:
            raise NotFound("No such label.", code="label_not_found")
        if label.labelled_by == str(self.person.actor):
            raise StateConflict(
                "Another person must review this label.", code="second_person_required"
            )
        return label

    def _require_pending(self, label: LabelRecord) -> None:
        if label.status != "pending":
            raise StateConflict(f"The label is {label.status}.", code="label_not_pending")

    def _against(self, label: LabelRecord, findings: Findings) -> str:
        """What speaks against accepting it among many; empty when nothing does."""
        if label.status != "pending":
            return "label_not_pending"
        if label.labelled_by == str(self.person.actor):
            return "second_person_required"
        if len(label.text) > LONGEST_TEXT:
            return "label_too_long"
        if findings.conflict is not None:
            return "label_conflict"
        return "needs_context" if findings.needs_context else ""

    def _edit(self, label: LabelRecord, text: str) -> None:
        label.text, label.normalised = text, text_key(text)
        label.edited_by, label.edited_at = str(self.person.actor), utc_now()
        self._record("label.edited", label)

    def _accept(self, label: LabelRecord, *, note: str | None, despite: str | None) -> None:
        self._review(label, "accepted", note)
        alike = [
            other
            for other in self.labels.list_accepted_alike(label)
            if other.decision_id == label.decision_id or other.intent != label.intent
        ]
        self._record("label.accepted", label, despite_conflict=despite)
        self._supersede(alike, by=label)

    def _review(self, label: LabelRecord, status: str, note: str | None) -> None:
        label.status, label.review_note = status, note
        label.reviewed_by = str(self.person.actor)
        label.reviewed_by_name, label.reviewed_at = self.person.name, utc_now()
        self.session.flush()

    def _supersede(self, rows: Sequence[LabelRecord], *, by: LabelRecord) -> None:
        for row in rows:
            self._record("label.superseded", row, by=by.id, was_status=row.status)
            row.status, row.superseded_by_id = "superseded", by.id
        self.session.flush()

    def _record(self, action: str, label: LabelRecord, **details: Any) -> None:  # noqa: ANN401 - ids and states
        record(
            self.session,
            action,
            actor=self.person.actor,
            subject=label.id,
            intent=label.intent or OUT_OF_SCOPE,
            **details,
        )


def _decided_intent(decided: DecidedMessage) -> str | None:
    decision = decided.decision
    if decision.out_of_scope:
        return None
    if decision.intent is None:
        raise StateConflict(
            "The decision names no intent that could be right: say which one it is.",
            code="nothing_to_confirm",
        )
    return decision.intent


def _known_intent(intent: str | None, intents: Collection[str]) -> str | None:
    if intent == OUT_OF_SCOPE:
        return None
    if intent is None or intent not in intents:
        problem = FieldError("intent", f"must be an intent of the taxonomy, or {OUT_OF_SCOPE}")
        raise BadInput("There is no such intent.", errors=(problem,))
    return intent
