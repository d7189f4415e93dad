"""The degrade ladder: generation → knowledge → template and a person. Each step is recorded."""

import structlog

from app.dialogue.clarify import clarify
from app.dialogue.context import TurnContext
from app.dialogue.endings import Ending
from app.dialogue.general import answer_general
from app.dialogue.human import hand_off
from app.dialogue.knowledge import answer_knowledge
from app.dialogue.steps import Steps
from app.experiments.service import Arm
from app.generation.errors import GenerationError
from app.handoff.reasons import HandoffReason
from app.monitoring.metrics import GENERATION_REQUESTS
from app.parts import Parts
from routing import Route, RoutingDecision
from routing.policy import LANGUAGE_REASON

log = structlog.get_logger(__name__)
# at 0.75 the base answers 93 % of our golden questions and 1.7 % of texts that are out of scope
# and unknown to it (Chinese: 99 % and none; docs/experiments/LOG.md)
SURE_WITHOUT_INTENT = 0.75


def general_or_lower(
    parts: Parts,
    context: TurnContext,
    decision: RoutingDecision,
    arm: Arm | None,
    steps: Steps,
) -> Ending:
    """Generated words; when the pool is slow, full or gone, the next rung."""
    try:
        with steps.timing("generate") as step:
            ending = answer_general(parts, context, decision, arm)
            step["detail"] = parts.generator.name
        if ending.text:
            return ending
    except GenerationError as failure:
        GENERATION_REQUESTS.labels(outcome=type(failure).__name__).inc()
        log.warning("generation.failed", error=type(failure).__name__)
    return knowledge_or_lower(
        parts, context, decision, arm, steps, reason=HandoffReason.GENERATION_FAILED
    )


def knowledge_or_question(
    parts: Parts,
    context: TurnContext,
    decision: RoutingDecision,
    arm: Arm | None,
    steps: Steps,
) -> Ending:
    """Before the customer is asked what they mean: an article may say it, whatever the intent.

    So an article that was published today answers before any intent knows its words.
    """
    is_readable = not decision.reason.startswith(LANGUAGE_REASON)
    if is_readable and _is_no_request_for_action(decision):
        with steps.timing("retrieve") as step:
            ending = answer_knowledge(parts, context, decision, arm, least=SURE_WITHOUT_INTENT)
            step["outcome"] = "ok" if ending else "not sure"
        if ending is not None:
            return ending
    return clarify(parts, context, decision)


def _is_no_request_for_action(decision: RoutingDecision) -> bool:
    """Neither of the two best readings asks for an account action or a person."""
    if decision.out_of_scope:
        return True
    quiet = (Route.KNOWLEDGE, Route.GENERAL)
    return all(candidate.route in quiet for candidate in decision.candidates[:2])


def knowledge_or_lower(
    parts: Parts,
    context: TurnContext,
    decision: RoutingDecision,
    arm: Arm | None,
    steps: Steps,
    *,
    reason: HandoffReason = HandoffReason.NO_ANSWER,
) -> Ending:
    """A cited answer; when the knowledge base abstains, a template and a person."""
    with steps.timing("retrieve") as step:
        ending = answer_knowledge(parts, context, decision, arm)
        step["outcome"] = "ok" if ending else "abstained"
        step["detail"] = parts.knowledge.index_version
    if ending is not None:
        return ending
    with steps.timing("hand_off"):
        return hand_off(decision, reason, language=context.language)
