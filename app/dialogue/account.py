"""The account route: read the request, demand the level, act through the guard, report."""

from app.auth.step_up import reached_level
from app.banking.actions import ACTIONS, AccountRequest
from app.banking.client import BankingError, BankUnavailable, UnknownCustomer
from app.banking.guard import Grant, LevelTooLow
from app.db.conversation import ConversationRecord
from app.dialogue.account_replies import purpose_of, reply_to
from app.dialogue.context import TurnContext
from app.dialogue.endings import Ending
from app.dialogue.human import hand_off
from app.dialogue.replies import say
from app.handoff.reasons import HandoffReason
from app.parts import Parts
from routing import RoutingDecision


def answer_account(parts: Parts, context: TurnContext, decision: RoutingDecision) -> Ending:
    """Do what was asked, or say what is missing: a sign-in, a code, a card."""
    request = read_request(parts, context, decision)
    if request is None:
        return hand_off(decision, HandoffReason.UNSUPPORTED_ACTION, language=context.language)
    if context.external_id is None:
        return _ask_to_sign_in(request, context.language)
    with parts.database.read() as session:  # closed before the bank is called
        conversation = session.get_one(ConversationRecord, context.conversation_id)
        level = reached_level(session, conversation, request.action.value)
    grant = Grant(context.external_id, request.action, level)
    return perform(parts, request, grant, language=context.language, key=context.turn_id)


def read_request(
    parts: Parts, context: TurnContext, decision: RoutingDecision
) -> AccountRequest | None:
    """Action and slots; what was said before fills what this message leaves open."""
    fresh = parts.account_reader.read(context.text, intent=decision.intent or "")
    before = context.pending_request
    if fresh is None or before is None or before.action is not fresh.action:
        return fresh
    return AccountRequest(
        action=fresh.action,
        card_ending=fresh.card_ending or before.card_ending,
        card_kind=fresh.card_kind or before.card_kind,
        account_kind=fresh.account_kind or before.account_kind,
        count=fresh.count or before.count,
    )


def perform(
    parts: Parts, request: AccountRequest, grant: Grant, *, language: str, key: str
) -> Ending:
    """Call the bank through the guard; every failure ends in words or a person."""
    try:
        reply = reply_to(parts.bank.perform(request, grant, key=key), language)
    except LevelTooLow:
        return _ask_for_code(parts, request, grant, language=language)
    except UnknownCustomer:
        return _ask_to_sign_in(request, language)
    except BankUnavailable:
        return _bank_is_away(language)
    return Ending(
        "clarify" if reply.asks_for_slot else "answer",
        reply.text,
        cards=reply.cards,
        quick_replies=reply.quick_replies,
        own_values=reply.own_values,
        performed=None if reply.asks_for_slot else request,
        pending=request if reply.asks_for_slot else None,
    )


def _ask_for_code(parts: Parts, request: AccountRequest, grant: Grant, *, language: str) -> Ending:
    """The code itself is made and sent when the turn is concluded."""
    try:
        customer = parts.bank.get_customer(grant.customer_id)
    except BankingError:
        return _bank_is_away(language)
    text = say(
        "step_up", language, purpose=purpose_of(request.action, language), sent_to="{sent_to}"
    )
    return Ending("answer", text, step_up=request, step_up_customer=customer)


def _ask_to_sign_in(request: AccountRequest, language: str) -> Ending:
    """A visitor with a lost card must not be left with a sign-in form alone."""
    words = "sign_in.card" if ACTIONS[request.action].changes else "sign_in"
    person = say("talk_to_person", language)
    return Ending("answer", say(words, language), quick_replies=(person,))


def _bank_is_away(language: str) -> Ending:
    text = say("handoff.bank_unavailable", language)
    return Ending("handoff", text, handoff=HandoffReason.BANK_UNAVAILABLE)
