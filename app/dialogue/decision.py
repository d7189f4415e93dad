"""One decision for an utterance, by filter, arm and router; /v1/route and turns share it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.banking.actions import ACTIONS
from app.config import RoutingSettings
from app.content_filter import FilterAction
from app.db.decision import DecisionRecord
from app.dialogue.context import TurnContext
from app.dialogue.open_request import OpenRequest
from app.experiments.service import Arm
from app.ids import new_id
from app.parts import Parts
from models.account_model.open_requests import Answer, first_clause, read_answer
from routing import (
    IntentRouter,
    Outcome,
    Priority,
    Route,
    RoutedPart,
    RoutingDecision,
    Thresholds,
    Utterance,
)
from routing.context import Reading
from routing.settling import MAX_PARTS

DIALS = ("accept", "reject", "margin", "out_of_scope")
# what the content filter escalates, with the queue that takes it
ESCALATIONS = {
    "self_harm": ("self_harm", "care"),
    "fraud_in_progress": ("fraud_report", "fraud"),
    "threat": (None, "care"),
}


def decide(parts: Parts, context: TurnContext, arm: Arm | None) -> RoutingDecision:
    """Where this turn goes: the filter's word, a rule's, an open question's, then the router's."""
    said_before = tuple(past.text for past in context.history if past.author == "customer")
    utterance = Utterance(context.text, context.locale, said_before, context.previous_intent)
    thresholds = thresholds_for(parts, arm)
    decision = parts.router.route(utterance, thresholds=thresholds)
    decision = apply_filter(decision, context.filter_action, context.filter_name)
    if decision.outcome is Outcome.BLOCKED or decision.reason.startswith(("filter:", "rule:")):
        return decision
    chosen = _chosen_option(parts.router, context.text, context.clarify_options)
    if chosen is not None:
        return _as_intent(parts.router, decision, chosen, reason="clarified")
    if context.open_request is None:
        return decision
    return _about_open_request(parts.router, context, context.open_request, decision)


def thresholds_for(parts: Parts, arm: Arm | None) -> Thresholds:
    """The checkpoint's dials, then the settings', then the experiment's."""
    dials = _with_settings(parts.router.classifier.thresholds, parts.settings.routing)
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
        return replace(decision, outcome=Outcome.BLOCKED, reason=f"filter:{name}", parts=())
    if action != FilterAction.ESCALATE:
        return decision
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
) -> list[DecisionRecord]:
    """One row for each request of a message, in the order in which they are handled."""
    decisions = [part.decision for part in decision.parts] or [decision]
    return [
        keep_decision(
            session, one, conversation_id=conversation_id, turn_id=turn_id, arm=arm, part=place
        )
        for place, one in enumerate(decisions)
    ]


def candidates_data(decision: RoutingDecision) -> list[dict[str, Any]]:
    return [
        {"intent": item.intent, "route": item.route.value, "confidence": round(item.confidence, 6)}
        for item in decision.candidates
    ]


def _with_settings(dials: Thresholds, settings: RoutingSettings) -> Thresholds:
    chosen = {name: getattr(settings, name) for name in DIALS}
    return replace(dials, **{name: value for name, value in chosen.items() if value is not None})


def _about_open_request(
    router: IntentRouter, context: TurnContext, opened: OpenRequest, decision: RoutingDecision
) -> RoutingDecision:
    """A message that answers what the assistant waits for is read as that answer."""
    action = opened.request.action
    about_card = ACTIONS[action].needs_card
    if decision.context == Reading.CORRECTION and decision.intent == action.value:
        return decision  # "no, I meant the credit card": the same request, put right
    clauses = first_clause(context.text)
    if clauses is not None:
        lead = read_answer(clauses[0], opened.waits_for, about_card=about_card)
        if lead in (Answer.CANCELLED, Answer.DECLINED, Answer.SLOT):
            rest = router.route(Utterance(clauses[1], context.locale))
            if _asks_something_else(rest, action.value, lead):
                said = _as_intent(router, decision, action.value, reason=lead.value)
                more = rest.parts or (RoutedPart(clauses[1], rest),)
                parts = (RoutedPart(clauses[0], said), *more)[:MAX_PARTS]
                return replace(said, parts=parts)
    answer = read_answer(context.text, opened.waits_for, about_card=about_card)
    if answer is None:
        return decision
    return _as_intent(router, decision, action.value, reason=answer.value)


def _asks_something_else(rest: RoutingDecision, action: str, lead: Answer) -> bool:
    """Whether the rest of a refusal is a request; "no, leave it" and its reasons are none."""
    is_sure = rest.outcome in (Outcome.ANSWER, Outcome.HANDOFF) and rest.route is not Route.GENERAL
    return is_sure and (rest.intent != action or lead is Answer.SLOT)


def _chosen_option(router: IntentRouter, text: str, options: Sequence[str]) -> str | None:
    words = text.strip().casefold().rstrip(".!。！?？")
    for name in options:
        intent = router.taxonomy.find(name)
        if intent and words in {label.casefold() for label in intent.label.values()}:
            return name
    return None


def _as_intent(
    router: IntentRouter, decision: RoutingDecision, name: str, *, reason: str
) -> RoutingDecision:
    intent = router.taxonomy.find(name)
    if intent is None:
        return decision
    is_human = intent.route is Route.HUMAN
    return replace(
        decision,
        route=intent.route,
        outcome=Outcome.HANDOFF if is_human else Outcome.ANSWER,
        intent=intent.name,
        out_of_scope=False,
        reason=reason,
        queue=intent.queue,
        priority=intent.priority,
        context=None,
        read_as=None,
        slots_from=None,
        parts=(),
    )
