"""One request and its ending: an answer, a question or a person, by outcome and route."""

from app.dialogue.account import answer_account
from app.dialogue.clarify import ask_which_first
from app.dialogue.context import TurnContext
from app.dialogue.endings import Ending
from app.dialogue.human import hand_off, reason_of
from app.dialogue.ladder import general_or_lower, knowledge_or_lower, knowledge_or_question
from app.dialogue.replies import say
from app.dialogue.steps import Steps
from app.experiments.service import Arm
from app.parts import Parts
from routing import Outcome, Route, RoutingDecision
from routing.policy import MANY_REQUESTS


def answer_one(
    parts: Parts,
    context: TurnContext,
    decision: RoutingDecision,
    arm: Arm | None,
    steps: Steps,
) -> Ending:
    """What the decision leads to. Every branch is an answer, a question or a person."""
    match decision.outcome, decision.route:
        case Outcome.BLOCKED, _:
            return Ending("blocked", say("blocked", context.language))
        case Outcome.CLARIFY, _ if decision.reason == MANY_REQUESTS:
            return ask_which_first(parts, context, decision)
        case Outcome.CLARIFY, _:
            return knowledge_or_question(parts, context, decision, arm, steps)
        case (Outcome.HANDOFF, _) | (_, Route.HUMAN):
            return hand_off(decision, reason_of(decision), language=context.language)
        case Outcome.ANSWER, Route.ACCOUNT:
            with steps.timing("bank"):
                return answer_account(parts, context, decision)
        case Outcome.ANSWER, Route.KNOWLEDGE:
            return knowledge_or_lower(parts, context, decision, arm, steps)
        case _:
            return general_or_lower(parts, context, decision, arm, steps)
