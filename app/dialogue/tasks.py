"""Jobs of the dialogue: run a turn, resume the answer that waited for a code."""

from sqlalchemy.orm import Session

from app.audit_trail import SYSTEM
from app.auth.step_up import reached_level
from app.banking.guard import Grant
from app.clock import utc_now
from app.conversations.endings import PERSON, end_turn
from app.conversations.repository import ConversationRepository
from app.conversations.service import RUN_TURN, ConversationService, Reply
from app.conversations.state import assistant_may_speak
from app.conversations.verification import RESUME_ACCOUNT
from app.db.conversation import ConversationRecord, MessageRecord, TurnRecord
from app.db.credential import StepUpChallengeRecord
from app.db.people import CustomerRecord
from app.dialogue.account import perform
from app.dialogue.conclusion import (
    keep_open_request,
    note_what_was_done,
    record_performed,
    with_code,
)
from app.dialogue.decision import RouterBusy
from app.dialogue.open_request import request_from
from app.dialogue.order import has_earlier_open_turn, offer_next_turn
from app.dialogue.output import filter_ending
from app.dialogue.replies import say
from app.dialogue.turn import handle_turn
from app.handoff.reasons import HandoffReason
from app.handoff.service import HandoffService
from app.jobs.registry import job
from app.jobs.runner import JobRun, Postponed
from app.parts import Parts

TURN_TIME_LIMIT = 60.0  # seconds: above the generator's deadline with the ladder below it
WAIT_FOR_EARLIER_SECONDS = 1.0  # at most: the earlier turn's end offers the next one at once
OVERLOAD_BUDGET_SECONDS = 10.0  # a message that finds the router full waits so long, then a person
TRY_AGAIN_SECONDS = 0.5


def hand_over_lost_turn(_parts: Parts, session: Session, turn_id: str) -> None:
    """The last attempt failed: nobody is left in silence."""
    turn = session.get_one(TurnRecord, turn_id)
    conversation = ConversationRepository(session).lock(turn.conversation_id)
    if turn.ending is not None:
        return
    was_told = _apologise_and_hand_over(session, conversation, turn_id=turn.id)
    end_turn(session, turn, "handoff" if was_told else PERSON)
    offer_next_turn(session, turn)


def _apologise_and_hand_over(
    session: Session, conversation: ConversationRecord, *, turn_id: str | None
) -> bool:
    """False when a person holds the conversation already: then nothing need be said."""
    if not assistant_may_speak(conversation.status):
        return False
    language = "zh" if conversation.locale.startswith("zh") else "en"
    reply = Reply(text=say("handoff.technical", language), language=language)
    ConversationService(session).append_reply(conversation, reply, turn_id=turn_id)
    HandoffService(session).request(
        conversation, reason=HandoffReason.TECHNICAL, actor=SYSTEM, priority="high"
    )
    return True


@job(
    RUN_TURN,
    lane="turns",
    time_limit=TURN_TIME_LIMIT,
    attempts=4,
    when_buried=hand_over_lost_turn,
)
def run_turn(parts: Parts, run: JobRun, *, turn_id: str) -> None:
    """One customer message, end to end, after the messages before it."""
    with run.reading() as session:
        must_wait = has_earlier_open_turn(session, turn_id)
    if must_wait:
        raise Postponed(WAIT_FOR_EARLIER_SECONDS)
    try:
        handle_turn(parts, run, turn_id)
    except RouterBusy as busy:
        _wait_or_hand_over(parts, run, turn_id, busy)


def _wait_or_hand_over(parts: Parts, run: JobRun, turn_id: str, busy: RouterBusy) -> None:
    """The router is full: later is no failed attempt, but a customer does not wait for ever."""
    with run.reading() as session:
        waited = utc_now() - session.get_one(TurnRecord, turn_id).created_at
    if waited.total_seconds() < OVERLOAD_BUDGET_SECONDS:
        raise Postponed(TRY_AGAIN_SECONDS) from busy
    with run.finishing() as session:
        hand_over_lost_turn(parts, session, turn_id)


def hand_over_lost_answer(_parts: Parts, session: Session, challenge_id: str) -> None:
    """The code was right, but the answer failed for good: a person gives it."""
    challenge = session.get_one(StepUpChallengeRecord, challenge_id)
    conversation = ConversationRepository(session).lock(challenge.conversation_id)
    _apologise_and_hand_over(session, conversation, turn_id=None)


@job(
    RESUME_ACCOUNT,
    lane="turns",
    time_limit=TURN_TIME_LIMIT,
    attempts=4,
    when_buried=hand_over_lost_answer,
)
def resume_account(parts: Parts, run: JobRun, *, challenge_id: str) -> None:
    """The code was right: do what was asked before it."""
    with run.reading() as session:
        challenge = session.get_one(StepUpChallengeRecord, challenge_id)
        conversation = session.get_one(ConversationRecord, challenge.conversation_id)
        customer = session.get_one(CustomerRecord, conversation.customer_id)
        level = reached_level(session, conversation, challenge.action)
        language = _language_of(session, challenge, conversation)
        may_speak = assistant_may_speak(conversation.status)
    if not may_speak:
        return
    request = request_from(challenge.request)
    grant = Grant(customer.external_id, request.action, level)
    ending = perform(parts, request, grant, language=language, key=challenge_id)
    ending = filter_ending(parts, ending)
    with run.finishing() as session:
        locked = ConversationRepository(session).lock(conversation.id)
        record_performed(session, locked, ending)
        if not assistant_may_speak(locked.status):
            note_what_was_done(session, locked, ending)
            return
        ending = keep_open_request(session, parts, locked, ending, language)
        ending = with_code(session, parts, locked, ending, turn_id=challenge.turn_id)
        reply = Reply(
            text=ending.text,
            language=language,
            cards=list(ending.cards),
            quick_replies=list(ending.quick_replies),
        )
        ConversationService(session).append_reply(locked, reply, turn_id=None)
        if ending.handoff is not None:
            HandoffService(session).request(locked, reason=ending.handoff, actor=SYSTEM)


def _language_of(
    session: Session, challenge: StepUpChallengeRecord, conversation: ConversationRecord
) -> str:
    """The language in which the customer asked; without a question, the conversation's."""
    if challenge.turn_id is None:
        return "zh" if conversation.locale.startswith("zh") else "en"
    turn = session.get_one(TurnRecord, challenge.turn_id)
    return session.get_one(MessageRecord, turn.message_id).language
