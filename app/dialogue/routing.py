"""The stateless decision for an integration: the same filter, router and record as a turn."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.auth.repository import CredentialRepository
from app.content_filter import FilterResult, inspect
from app.db.decision import DecisionRecord
from app.dialogue.decision import (
    apply_filter,
    candidates_data,
    keep_parts,
    serving,
)
from app.dialogue.explanation import explain
from app.dialogue.schemas import (
    CandidateRead,
    ExperimentRead,
    ExplainedRouteAnswer,
    FilterRead,
    FindingRead,
    PartRead,
    RouteAnswer,
)
from app.experiments.service import Arm, arm_for, log_exposure
from app.parts import Parts
from routing import RoutingDecision, Taxonomy, Utterance
from routing.context import Reading


def arm_for_unit(parts: Parts, unit: str | None) -> Arm | None:
    """The running experiment's arm for a customer whom the integration names by their reference.

    A customer that we know keeps the arm of their conversations.
    """
    if unit is None:
        return None
    with parts.database.read() as session:
        known = CredentialRepository(session).find_customer(unit)
        return arm_for(session, customer_id=known.id if known else unit, conversation_id=unit)


def decide_texts(
    parts: Parts,
    texts: Sequence[str],
    *,
    locale: str | None,
    history: Sequence[str] = (),
    arm: Arm | None = None,
) -> list[tuple[FilterResult, RoutingDecision]]:
    """Filter and route texts; the classifier sees them in one batch, masked."""
    filtered = [inspect(text) for text in texts]
    utterances = [Utterance(result.text, locale, tuple(history)) for result in filtered]
    with serving(parts, arm) as (router, thresholds):
        decisions = router.route_many(utterances, thresholds=thresholds)
    return [
        (result, apply_filter(decision, result.action.value, result.name))
        for result, decision in zip(filtered, decisions, strict=True)
    ]


def keep_answers(
    session: Session,
    decided: Sequence[tuple[FilterResult, RoutingDecision]],
    *,
    arm: Arm | None,
    actor: Actor,
    explained_with: Taxonomy | None = None,
) -> list[RouteAnswer]:
    """Store the decisions and shape the answers; one audit event for the call."""
    answers = [
        view_answer(keep_parts(session, decision, arm=arm), result, decision, arm)
        for result, decision in decided
    ]
    if explained_with is not None:
        answers = [
            ExplainedRouteAnswer(**dict(answer), explanation=explain(decision, explained_with))
            for answer, (_, decision) in zip(answers, decided, strict=True)
        ]
    if arm is not None:
        log_exposure(session, arm, None)
    record(
        session,
        "route.decided",
        actor=actor,
        subject=answers[0].decision_id,
        decisions=len(answers),
    )
    return answers


def view_answer(
    kept: Sequence[DecisionRecord], result: FilterResult, decision: RoutingDecision, arm: Arm | None
) -> RouteAnswer:
    return RouteAnswer(
        decision_id=kept[0].id,
        route=decision.route.value,
        outcome=decision.outcome.value,
        intent=decision.intent,
        confidence=round(decision.confidence, 6),
        margin=round(decision.margin, 6),
        out_of_scope=decision.out_of_scope,
        out_of_scope_score=round(decision.out_of_scope_score, 6),
        language=decision.language,
        candidates=[CandidateRead(**item) for item in candidates_data(decision)],
        reason=decision.reason,
        thresholds=decision.thresholds.as_dict(),
        model_version=decision.model_version,
        filter=FilterRead(
            action=result.action.value,
            findings=[
                FindingRead(type=item.type.value, start=item.start, end=item.end)
                for item in result.findings
            ],
            text=result.text,
        ),
        context=Reading(decision.context).value if decision.context else None,
        parts=_view_parts(kept, decision),
        experiment=ExperimentRead(key=arm.experiment_key, variant=arm.variant) if arm else None,
    )


def _view_parts(kept: Sequence[DecisionRecord], decision: RoutingDecision) -> list[PartRead]:
    return [
        PartRead(
            decision_id=row.id,
            text=part.text,
            route=row.route,
            outcome=row.outcome,
            intent=row.intent,
            confidence=round(row.confidence, 6),
            reason=row.reason,
        )
        for row, part in zip(kept, decision.parts, strict=False)
    ]
