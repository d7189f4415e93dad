"""The one writing transaction of a turn, under the job's fence and the conversation's lock."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from app.audit_trail import SYSTEM, record
from app.auth.step_up import withdraw_codes
from app.banking.actions import ACTIONS
from app.clock import utc_now
from app.conversations.endings import PERSON, end_turn
from app.conversations.repository import ConversationRepository
from app.conversations.service import ConversationService, Reply
from app.conversations.state import assistant_may_speak
from app.conversations.verification import request_code
from app.db.conversation import ConversationRecord, TurnRecord
from app.dialogue.context import TurnContext
from app.dialogue.decision import keep_parts, utterance_of
from app.dialogue.endings import Ending
from app.dialogue.open_request import agenda_of, go_on, remember
from app.dialogue.order import offer_next_turn
from app.dialogue.replies import say
from app.dialogue.shadowing import shadow_after_commit
from app.dialogue.situation import situation_of
from app.dialogue.steps import Steps
from app.errors import RateLimited
from app.experiments.service import Arm, log_exposure
from app.handoff.reasons import HandoffReason
from app.handoff.service import HandoffService
from app.jobs.runner import JobRun
from app.monitoring.metrics import TURN_SECONDS
from app.parts import Parts
from routing import RoutingDecision


def conclude(
    parts: Parts,
    run: JobRun,
    context: TurnContext,
    decision: RoutingDecision,
    arm: Arm | None,
    ending: Ending,
    steps: Steps,
) -> None:
    """Write decision, reply, handoff, events and audit together, once, or not at all."""
    with run.finishing() as session:
        conversation = ConversationRepository(session).lock(context.conversation_id)
        turn = session.get_one(TurnRecord, context.turn_id)
        kept = keep_parts(
            session,
            decision,
            conversation_id=conversation.id,
            turn_id=turn.id,
            arm=arm,
            situation=situation_of(context),
        )[0]
        turn.decision_id = kept.id
        shadow_after_commit(session, parts, kept.id, utterance_of(context), decision, arm=arm)
        if arm is not None:
            log_exposure(session, arm, conversation.id)
        if assistant_may_speak(conversation.status):
            ending = keep_open_request(session, parts, conversation, ending, context.language)
            ending = with_code(session, parts, conversation, ending, turn_id=turn.id)
            _remember_question(conversation, ending)
            _speak(session, conversation, context, ending, decision_id=kept.id)
            _hand_over(session, conversation, context, decision, ending)
            said = ending.kind
        else:  # a person took over meanwhile: the assistant keeps silent
            note_what_was_done(session, conversation, ending)
            said = PERSON
        turn.steps = steps.taken
        record_performed(session, conversation, ending)
        end_turn(session, turn, said, decision=kept.id, route=decision.route.value)
        offer_next_turn(session, turn)
        seconds = (utc_now() - turn.created_at).total_seconds()
    TURN_SECONDS.labels(route=decision.route.value, outcome=ending.kind).observe(seconds)


def record_performed(session: Session, conversation: ConversationRecord, ending: Ending) -> None:
    """What was read or changed at the bank leaves a trace, said or unsaid."""
    for request in ending.performed:
        record(
            session,
            "account.action_performed",
            actor=SYSTEM,
            subject=conversation.id,
            action_name=request.action.value,
        )


def note_what_was_done(session: Session, conversation: ConversationRecord, ending: Ending) -> None:
    """A change at the bank is stated in the thread even when a person has taken over meanwhile."""
    if any(ACTIONS[request.action].changes for request in ending.performed):
        ConversationService(session).add_activity(conversation, ending.text)


def keep_open_request(
    session: Session,
    parts: Parts,
    conversation: ConversationRecord,
    ending: Ending,
    language: str,
) -> Ending:
    """What stays open is kept with the conversation and offered again; called under its lock."""
    settings, now = parts.settings.routing, utc_now()
    keep_open = timedelta(minutes=settings.open_request_minutes)
    before = agenda_of(conversation.details, now=now, keep_open=keep_open)
    if ending.closes_request and before.current is not None:
        withdraw_codes(session, conversation.id, before.current.request.action.value)
    ending, agenda = go_on(
        ending, before, now=now, most_turns=settings.open_request_turns, language=language
    )
    conversation.details = remember(conversation.details, ending, agenda)
    return ending


def end_silently(run: JobRun, context: TurnContext, steps: Steps) -> None:
    """A person holds the conversation: their attention is the message's ending."""
    with run.finishing() as session:
        turn = session.get_one(TurnRecord, context.turn_id)
        turn.steps = steps.taken
        end_turn(session, turn, PERSON)
        offer_next_turn(session, turn)


def with_code(
    session: Session,
    parts: Parts,
    conversation: ConversationRecord,
    ending: Ending,
    *,
    turn_id: str | None,
) -> Ending:
    """Make and send the code that the answer waits for; too many codes end with a person."""
    if ending.step_up is None or ending.step_up_customer is None:
        return ending
    try:
        challenge = request_code(
            session,
            parts,
            conversation,
            action=ending.step_up.action.value,
            customer=ending.step_up_customer,
            actor=SYSTEM,
            turn_id=turn_id,
            request=ending.step_up.as_dict(),
        )
    except RateLimited:
        language = "zh" if conversation.locale.startswith("zh") else "en"
        text = say("too_many_codes", language)
        return Ending("handoff", text, handoff=HandoffReason.TECHNICAL)
    return replace(ending, text=ending.text.replace("{sent_to}", challenge.sent_to))


def _remember_question(conversation: ConversationRecord, ending: Ending) -> None:
    """What the assistant asked, so that the next message can be read as the answer."""
    is_question = ending.kind == "clarify" and ending.pending is None
    conversation.clarifications = conversation.clarifications + 1 if is_question else 0
    details = dict(conversation.details)
    details["clarify_options"] = list(ending.clarify_options)
    conversation.details = details


def _speak(
    session: Session,
    conversation: ConversationRecord,
    context: TurnContext,
    ending: Ending,
    *,
    decision_id: str,
) -> None:
    reply = Reply(
        text=ending.text,
        language=context.language,
        citations=list(ending.citations),
        quick_replies=list(ending.quick_replies),
        cards=list(ending.cards),
        generated=ending.generated,
        decision_id=decision_id,
    )
    ConversationService(session).append_reply(conversation, reply, turn_id=context.turn_id)


def _hand_over(
    session: Session,
    conversation: ConversationRecord,
    context: TurnContext,
    decision: RoutingDecision,
    ending: Ending,
) -> None:
    if ending.handoff is None:
        return
    by = ending.handed_over_by or decision
    HandoffService(session).request(
        conversation,
        reason=ending.handoff,
        actor=SYSTEM,
        queue=by.queue,
        priority=by.priority.value,
        intent=by.intent,
        language=context.language,
    )
