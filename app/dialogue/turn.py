"""One customer message and its ending: the story that the product exists for, top to bottom."""

from app.dialogue.account import answer_account
from app.dialogue.conclusion import conclude, end_silently
from app.dialogue.context import TurnContext, load_context
from app.dialogue.decision import decide
from app.dialogue.endings import Ending
from app.dialogue.human import hand_off, reason_of
from app.dialogue.ladder import general_or_lower, knowledge_or_lower, knowledge_or_question
from app.dialogue.output import filter_ending
from app.dialogue.replies import say
from app.dialogue.steps import Steps
from app.experiments.service import Arm, arm_for
from app.jobs.runner import JobRun
from app.parts import Parts
from app.realtime.events import TransientType
from app.realtime.publish import announce
from routing import Outcome, Route, RoutingDecision

MASKED_CODE = "[one-time code]"  # all that the filter leaves of a code typed into the chat


def handle_turn(parts: Parts, run: JobRun, turn_id: str) -> None:
    """Bring a turn to its one ending: an answer, a clarifying question, or a person.

    The message was filtered and stored before (`conversations.service`). This reads first, works
    without locks, and writes once at the end; run twice, it still ends the turn once.
    """
    steps = Steps()
    with steps.timing("load"), run.reading() as session:
        context = load_context(session, turn_id)
    if context.has_ended:
        return
    if context.held_by_person:
        end_silently(run, context, steps)
        return
    working = {"turn_id": turn_id}
    announce(parts.bus, context.conversation_id, TransientType.ASSISTANT_WORKING, working)
    with steps.timing("assign"):
        arm = _experiment_arm(parts, context)
    with steps.timing("classify"):
        decision = decide(parts, context, arm)
    ending = _find_ending(parts, context, decision, arm, steps)
    with steps.timing("filter_output"):
        ending = filter_ending(parts, ending)
    conclude(parts, run, context, decision, arm, ending, steps)


def _experiment_arm(parts: Parts, context: TurnContext) -> Arm | None:
    """The arm of the one running experiment that applies; sticky for the unit."""
    with parts.database.read() as session:
        return arm_for(
            session, customer_id=context.customer_id, conversation_id=context.conversation_id
        )


def _find_ending(
    parts: Parts,
    context: TurnContext,
    decision: RoutingDecision,
    arm: Arm | None,
    steps: Steps,
) -> Ending:
    """What the decision leads to. Every branch is an answer, a question or a person."""
    if context.text.strip() == MASKED_CODE:
        return Ending("answer", say("code_not_accepted", context.language))
    match decision.outcome, decision.route:
        case Outcome.BLOCKED, _:
            return Ending("blocked", say("blocked", context.language))
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
