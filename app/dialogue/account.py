"""The account route: read the request, demand the level, act through the guard, report."""

from dataclasses import replace

from app.auth.step_up import reached_level
from app.banking.actions import ACTION_NAMES, ACTIONS, AccountAction, AccountRequest
from app.banking.client import BankingError, BankUnavailable, UnknownCustomer
from app.banking.guard import Grant, LevelTooLow
from app.db.conversation import ConversationRecord
from app.dialogue.account_replies import AccountReply, purpose_of, reply_to
from app.dialogue.context import TurnContext
from app.dialogue.decision import CONFIRMED, DECLINED
from app.dialogue.endings import Ending
from app.dialogue.human import hand_off
from app.dialogue.replies import say
from app.handoff.reasons import HandoffReason
from app.parts import Parts
from models.account_model.answers import refuses_a_change
from routing import RoutingDecision


def answer_account(parts: Parts, context: TurnContext, decision: RoutingDecision) -> Ending:
    """Do what was asked, or say what is missing: a sign-in, a code, a card."""
    if decision.reason == DECLINED or _is_refused(context, decision):
        return Ending("answer", say("nothing_changed", context.language))
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
    if decision.reason == CONFIRMED and context.pending_request is not None:
        return replace(context.pending_request, awaits_confirmation=False, is_confirmed=True)
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
    pending = _still_open(request, reply)
    return Ending(
        "clarify" if pending else "answer",
        reply.text,
        cards=reply.cards,
        quick_replies=reply.quick_replies,
        own_values=reply.own_values,
        performed=None if pending else request,
        pending=pending,
    )


def _still_open(request: AccountRequest, reply: AccountReply) -> AccountRequest | None:
    """The request to remember when the reply asks for a card or for a yes."""
    if reply.asks_to_confirm is not None:
        return replace(request, card_ending=reply.asks_to_confirm, awaits_confirmation=True)
    return request if reply.asks_for_slot else None


def _is_refused(context: TurnContext, decision: RoutingDecision) -> bool:
    """The words of a change, but against it: nothing is done."""
    is_change = decision.intent in ACTION_NAMES and ACTIONS[AccountAction(decision.intent)].changes
    return is_change and refuses_a_change(context.text)


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
    is_blocking = request.action in (AccountAction.CARD_FREEZE, AccountAction.CARD_LOST)
    words = "sign_in.card" if is_blocking else "sign_in"
    person = say("talk_to_person", language)
    return Ending("answer", say(words, language), quick_replies=(person,))


def _bank_is_away(language: str) -> Ending:
    text = say("handoff.bank_unavailable", language)
    return Ending("handoff", text, handoff=HandoffReason.BANK_UNAVAILABLE)
