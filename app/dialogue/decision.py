"""One decision for an utterance, by filter, arm and router; /v1/route and turns share it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.banking.actions import AccountRequest
from app.content_filter import FilterAction
from app.db.decision import DecisionRecord
from app.dialogue.context import TurnContext
from app.dialogue.explanation import explanation_data
from app.errors import Unavailable
from app.experiments.overrides import CHECKPOINT
from app.experiments.service import Arm
from app.ids import new_id
from app.intent_models.dials import DIALS, house_dials
from app.monitoring.metrics import ROUTER_REJECTIONS
from app.parts import Parts
from models.account_model.answers import chooses_a_card, says_no, says_yes
from models.chinese import to_simplified
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
from routing.explanation import after_question, passed_filter, settled_by_filter

CONFIRMED, DECLINED = "confirmed", "declined"
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
    """The same with any router and dials: an open question, the filter's word, the router's."""
    decision = router.route(utterance_of(context), thresholds=thresholds)
    decision = apply_filter(decision, context.filter_action, context.filter_name)
    if decision.outcome is Outcome.BLOCKED or decision.reason.startswith(("filter:", "rule:")):
        return decision
    return _answer_to_our_question(router, context, decision)


def utterance_of(context: TurnContext) -> Utterance:
    """What the router reads of a turn."""
    past = tuple(past.text for past in context.history if past.author == "customer")
    return Utterance(context.text, context.locale, past)


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
    )


def keep_decision(
    session: Session,
    decision: RoutingDecision,
    *,
    conversation_id: str | None = None,
    turn_id: str | None = None,
    arm: Arm | None = None,
    situation: dict[str, Any] | None = None,
) -> DecisionRecord:
    """Store a decision with everything needed to explain or replay it."""
    row = DecisionRecord(
        id=new_id(),
        conversation_id=conversation_id,
        turn_id=turn_id,
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


def candidates_data(decision: RoutingDecision) -> list[dict[str, Any]]:
    return [
        {"intent": item.intent, "route": item.route.value, "confidence": round(item.confidence, 6)}
        for item in decision.candidates
    ]


def _answer_to_our_question(
    router: IntentRouter, context: TurnContext, decision: RoutingDecision
) -> RoutingDecision:
    """A message that answers what the assistant asked is read as that answer."""
    chosen = _chosen_option(router, context.text, context.clarify_options)
    if chosen is not None:
        return _as_intent(router, decision, chosen, reason="clarified")
    pending = context.pending_request
    reason = _answer_about(pending, context.text) if pending is not None else None
    if pending is None or reason is None:
        return _unanswered(context, decision)
    return _as_intent(router, decision, pending.action.value, reason=reason)


def _unanswered(context: TurnContext, decision: RoutingDecision) -> RoutingDecision:
    if not context.clarify_options and context.pending_request is None:
        return decision  # nothing had been asked, so nothing was checked
    return replace(decision, checks=after_question(decision.checks, decided=False))


def _answer_about(pending: AccountRequest, text: str) -> str | None:
    """What a message says about the open request; None when it is about something else."""
    if pending.awaits_confirmation:
        if says_yes(text):
            return CONFIRMED
        return DECLINED if says_no(text) else None
    return "slot" if chooses_a_card(text) else None


def _chosen_option(router: IntentRouter, text: str, options: Sequence[str]) -> str | None:
    words = _as_label(text.strip().rstrip(".!。！?？"))
    for name in options:
        intent = router.taxonomy.find(name)
        if intent and words in {_as_label(label) for label in intent.label.values()}:
            return name
    return None


def _as_label(text: str) -> str:
    """Alike in capitals and small letters, traditional and simplified characters."""
    return to_simplified(text).casefold()


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
        checks=after_question(decision.checks, decided=True, detail=reason),
    )
