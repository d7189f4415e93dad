"""Records as reviewers see them."""

from typing import Any

from app.db.label import IntentSuggestionRecord, LabelRecord, TrainingRunRecord
from app.labels.neighbours import Findings, Neighbour
from app.labels.repository import OUT_OF_SCOPE
from app.labels.schemas import (
    CorrectionRead,
    LabelRead,
    NeighbourRead,
    PersonRead,
    RunRead,
    SuggestionRead,
)
from app.labels.service import Person

STEADY = 1.5  # one half of the period may hold so many times the other and still be steady


def view_correction(row: LabelRecord) -> CorrectionRead:
    return CorrectionRead(**_correction(row))


def view_label(row: LabelRecord, findings: Findings, person: Person) -> LabelRead:
    is_own = row.labelled_by == str(person.actor)
    return LabelRead(
        **_correction(row),
        conversation_id=row.conversation_id,
        text=row.text,
        original_text=row.original_text,
        language=row.language,
        channel=row.channel,
        decided_reason=row.decided_reason,
        model_version=row.model_version,
        edited_by=row.edited_by,
        edited_at=row.edited_at,
        review_note=row.review_note,
        duplicate=findings.is_duplicate,
        conflict=findings.conflict,
        needs_context=findings.needs_context,
        placeholders=list(findings.placeholders),
        neighbours=[_neighbour(neighbour) for neighbour in findings.neighbours],
        reviewable=row.status == "pending" and not is_own,
    )


def view_run(row: TrainingRunRecord) -> RunRead:
    return RunRead(
        id=row.id,
        state=row.state,
        step=row.step,
        progress=row.progress,
        requested_by=PersonRead(actor=row.requested_by, name=row.requested_by_name),
        seed=row.seed,
        data=row.data,
        version=row.version,
        base_version=row.base_version,
        report=row.report,
        reason=row.reason,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def view_suggestion(row: IntentSuggestionRecord) -> SuggestionRead:
    return SuggestionRead(
        id=row.id,
        status=row.status,
        language=row.language,
        name=row.name,
        texts=row.texts,
        size=row.size,
        earlier=row.earlier,
        recent=row.recent,
        trend=trend_of(row.earlier, row.recent),
        nearest_intent=row.nearest_intent,
        nearest_similarity=row.nearest_similarity,
        period_from=row.period_from,
        period_to=row.period_to,
        updated_at=row.updated_at,
        closed_by=_person(row.closed_by, row.closed_by_name),
        closed_at=row.closed_at,
        labelled_as=row.labelled_as,
    )


def trend_of(earlier: int, recent: int) -> str:
    """Whether the second half of the period brought more than the first."""
    if recent > STEADY * max(earlier, 1):
        return "rising"
    return "falling" if earlier > STEADY * max(recent, 1) else "steady"


def _correction(row: LabelRecord) -> dict[str, Any]:
    return {
        "id": row.id,
        "decision_id": row.decision_id,
        "kind": row.kind,
        "status": row.status,
        "intent": row.intent or OUT_OF_SCOPE,
        "decided_intent": row.decided_intent,
        "labelled_by": PersonRead(actor=row.labelled_by, name=row.labelled_by_name),
        "created_at": row.created_at,
        "reviewed_by": _person(row.reviewed_by, row.reviewed_by_name),
        "reviewed_at": row.reviewed_at,
        "superseded_by": row.superseded_by_id,
        "note": row.note,
    }


def _person(actor: str | None, name: str | None) -> PersonRead | None:
    return None if actor is None else PersonRead(actor=actor, name=name or actor)


def _neighbour(found: Neighbour) -> NeighbourRead:
    return NeighbourRead(
        source=found.source,
        label_id=found.label_id,
        status=found.status,
        text=found.text,
        intent=found.intent or OUT_OF_SCOPE,
        similarity=round(found.similarity, 3),
        agrees=found.agrees,
    )
