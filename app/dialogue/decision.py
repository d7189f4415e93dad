"""One decision for an utterance, by filter, arm and router; /v1/route and turns share it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.content_filter import FilterAction
from app.db.decision import DecisionRecord
from app.dialogue.context import TurnContext
from app.dialogue.explanation import explanation_data
from app.dialogue.own_question import read_as_answer
from app.errors import Unavailable
from app.experiments.overrides import CHECKPOINT
from app.experiments.service import Arm
from app.ids import new_id
from app.intent_models.dials import DIALS, house_dials
from app.monitoring.metrics import ROUTER_REJECTIONS
from app.parts import Parts
from routing import (
    IntentRouter,
    Outcome,
    Priority,
    Route,
    RoutingDecision,
    Thresholds,
    Utterance,
)
from routing.errors import RouterOverloaded
from routing.explanation import passed_filter, settled_by_filter

# what the content filter escalates, with the queue that takes it
ESCALATIONS = {
    "self_harm": ("self_harm", "care"),
    "fraud_in_progress": ("fraud_report", "fraud"),
    "threat": (None, "care"),
}


class RouterBusy(Unavailable):
    code = "router_overloaded"
    title = "Too many messages wait to be routed"


def decide(parts: Parts, context: TurnContext, arm: Arm | None) -> RoutingDecision:
    """Where this turn goes, with the router and the dials of today."""
    with serving(parts, arm) as (router, thresholds):
        return decide_with(router, context, thresholds)


def decide_with(
    router: IntentRouter, context: TurnContext, thresholds: Thresholds
) -> RoutingDecision:
    """The same with any router and dials: the filter's word, a rule's, our question, the router."""
    decision = router.route(utterance_of(context), thresholds=thresholds)
    decision = apply_filter(decision, context.filter_action, context.filter_name)
    if decision.outcome is Outcome.BLOCKED or decision.reason.startswith(("filter:", "rule:")):
        return decision
    return read_as_answer(router, context, decision, thresholds)


def utterance_of(context: TurnContext) -> Utterance:
    """What the router reads of a turn."""
    past = tuple(past.text for past in context.history if past.author == "customer")
    return Utterance(context.text, context.locale, past, context.previous_intent)


@contextmanager
def serving(parts: Parts, arm: Arm | None) -> Iterator[tuple[IntentRouter, Thresholds]]:
    """The router on the checkpoint that serves this arm, and its dials, held until the end.

    RouterBusy when too many utterances wait for the intent model.
    """
    checkpoint = arm.overrides.get(CHECKPOINT) if arm else None
    try:
        with parts.router.hold(str(checkpoint) if checkpoint else None) as router:
            yield router, thresholds_for(parts, arm, router=router)
    except RouterOverloaded as full:
        ROUTER_REJECTIONS.inc()
        raise RouterBusy("Try again in a moment.", retry_after=1) from full


def thresholds_for(
    parts: Parts, arm: Arm | None, *, router: IntentRouter | None = None
) -> Thresholds:
    """The checkpoint's dials, then the settings', then the experiment's."""
    serves = router or parts.router
    dials = house_dials(serves.classifier.thresholds, parts.settings.routing)
    overrides: Mapping[str, Any] = arm.overrides if arm else {}
    changed = {
        name: float(overrides[f"routing.{name}"])
        for name in DIALS
        if f"routing.{name}" in overrides
    }
    return replace(dials, **changed)


def apply_filter(decision: RoutingDecision, action: str, name: str | None) -> RoutingDecision:
    """What the content filter demands overrides the router; the scores stay visible."""
    if action == FilterAction.BLOCK:
        return replace(
            decision,
            outcome=Outcome.BLOCKED,
            reason=f"filter:{name}",
            rule=None,
            checks=settled_by_filter(name),
            parts=(),
        )
    if action != FilterAction.ESCALATE:
        return passed_filter(decision)
    intent, queue = ESCALATIONS.get(name or "", (None, "care"))
    return replace(
        decision,
        route=Route.HUMAN,
        outcome=Outcome.HANDOFF,
        intent=intent or decision.intent,
        out_of_scope=False,
        reason=f"filter:{name}",
        queue=queue,
        priority=Priority.URGENT,
        rule=None,
        checks=settled_by_filter(name),
        parts=(),
    )


def keep_decision(
    session: Session,
    decision: RoutingDecision,
    *,
    conversation_id: str | None = None,
    turn_id: str | None = None,
    arm: Arm | None = None,
    part: int = 0,
    situation: dict[str, Any] | None = None,
) -> DecisionRecord:
    """Store a decision with everything needed to explain or replay it."""
    row = DecisionRecord(
        id=new_id(),
        conversation_id=conversation_id,
        turn_id=turn_id,
        part=part,
        context=decision.context,
        route=decision.route.value,
        outcome=decision.outcome.value,
        intent=decision.intent,
        confidence=decision.confidence,
        margin=decision.margin,
        out_of_scope=decision.out_of_scope,
        out_of_scope_score=decision.out_of_scope_score,
        reason=decision.reason,
        language=decision.language,
        candidates=candidates_data(decision),
        thresholds=decision.thresholds.as_dict(),
        model_version=decision.model_version,
        queue=decision.queue,
        priority=decision.priority.value,
        experiment_key=arm.experiment_key if arm else None,
        variant=arm.variant if arm else None,
        situation=situation,
        # a decision without a turn keeps nothing of the customer's text, not even a rule's words
        **explanation_data(decision, keeps_words=turn_id is not None),
    )
    session.add(row)
    session.flush()
    return row


def keep_parts(
    session: Session,
    decision: RoutingDecision,
    *,
    conversation_id: str | None = None,
    turn_id: str | None = None,
    arm: Arm | None = None,
    situation: dict[str, Any] | None = None,
) -> list[DecisionRecord]:
    """One row for each request of a message, in the order in which they are handled.

    The situation is the message's: it stays with the first row, which a replay decides again.
    """
    decisions = [part.decision for part in decision.parts] or [decision]
    return [
        keep_decision(
            session,
            one,
            conversation_id=conversation_id,
            turn_id=turn_id,
            arm=arm,
            part=place,
            situation=situation if place == 0 else None,
        )
        for place, one in enumerate(decisions)
    ]


def candidates_data(decision: RoutingDecision) -> list[dict[str, Any]]:
    return [
        {"intent": item.intent, "route": item.route.value, "confidence": round(item.confidence, 6)}
        for item in decision.candidates
    ]
