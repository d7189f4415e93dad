"""One customer message and its ending: the story that the product exists for, top to bottom."""

from datetime import timedelta

from app.dialogue.answering import answer_one
from app.dialogue.conclusion import conclude, end_silently
from app.dialogue.context import TurnContext, load_context
from app.dialogue.decision import decide
from app.dialogue.endings import Ending
from app.dialogue.output import filter_ending
from app.dialogue.replies import say
from app.dialogue.several import answer_several
from app.dialogue.steps import Steps
from app.experiments.service import Arm, arm_for
from app.jobs.runner import JobRun
from app.parts import Parts
from app.realtime.events import TransientType
from app.realtime.publish import announce
from routing import RoutingDecision

MASKED_CODE = "[one-time code]"  # all that the filter leaves of a code typed into the chat


def handle_turn(parts: Parts, run: JobRun, turn_id: str) -> None:
    """Bring a turn to its one ending: an answer, a clarifying question, or a person.

    The message was filtered and stored before (`conversations.service`). This reads first, works
    without locks, and writes once at the end; run twice, it still ends the turn once.
    """
    steps = Steps()
    keep_open = timedelta(minutes=parts.settings.routing.open_request_minutes)
    with steps.timing("load"), run.reading() as session:
        context = load_context(session, turn_id, keep_open=keep_open)
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
    """What the decision leads to: the one request's ending, or that of several together."""
    if context.text.strip() == MASKED_CODE:
        return Ending("answer", say("code_not_accepted", context.language))
    if decision.parts:
        return answer_several(parts, context, decision, arm, steps)
    return answer_one(parts, context, decision, arm, steps)
