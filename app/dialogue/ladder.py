"""The degrade ladder: generation → knowledge → template and a person. Each step is recorded."""

import structlog

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
from routing import RoutingDecision

log = structlog.get_logger(__name__)


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
