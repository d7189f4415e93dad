"""The account route: read the request, demand the level, act through the guard, report."""

from dataclasses import replace

from app.auth.step_up import reached_level
from app.banking.actions import ACTION_NAMES, ACTIONS, AccountAction, AccountRequest
from app.banking.client import BankingError, BankUnavailable, UnknownCustomer
from app.banking.guard import ActionResult, CardChanged, Grant, LevelTooLow
from app.db.conversation import ConversationRecord
from app.dialogue.account_replies import AccountReply, purpose_of, reply_to
from app.dialogue.context import TurnContext
from app.dialogue.endings import Ending
from app.dialogue.human import hand_off
from app.dialogue.open_request import carry_over
from app.dialogue.replies import say
from app.handoff.reasons import HandoffReason
from app.parts import Parts
from models.account_model.answers import refuses_a_change
from models.account_model.open_requests import Answer
from routing import RoutingDecision


def answer_account(parts: Parts, context: TurnContext, decision: RoutingDecision) -> Ending:
    """Do what was asked, or say what is missing: a sign-in, a code, a card."""
    if decision.reason == Answer.CANCELLED:
        purpose = purpose_of(AccountAction(decision.intent or ""), context.language)
        text = say("request_cancelled", context.language, purpose=purpose)
        return Ending("answer", text, closes_request=True)
    if decision.reason == Answer.DECLINED or _is_refused(context, decision):
        text = say("nothing_changed", context.language)
        return Ending("answer", text, closes_request=decision.reason == Answer.DECLINED)
    request = read_request(parts, context, decision)
    if request is None:
        return hand_off(decision, HandoffReason.UNSUPPORTED_ACTION, language=context.language)
    if context.external_id is None:
        return _ask_to_sign_in(request, context.language)
    with parts.database.read() as session:  # closed before the bank is called
        conversation = session.get_one(ConversationRecord, context.conversation_id)
        level = reached_level(session, conversation, request.action.value)
    grant = Grant(context.external_id, request.action, level)
    return perform(parts, request, grant, language=context.language, key=context.bank_key)


def read_request(
    parts: Parts, context: TurnContext, decision: RoutingDecision
) -> AccountRequest | None:
    """Action and slots; what was said before fills what this message leaves open."""
    opened = context.open_request.request if context.open_request is not None else None
    if opened is not None and decision.reason in (Answer.CONFIRMED, Answer.RESUMED):
        return replace(
            opened, awaits_confirmation=False, is_confirmed=decision.reason == Answer.CONFIRMED
        )
    words = decision.slots_from or context.text
    fresh = parts.account_reader.read(words, intent=decision.intent or "")
    before = opened or (context.last_request if decision.context is not None else None)
    if fresh is None or before is None or before.action is not fresh.action:
        return fresh
    return carry_over(fresh, before, words)


def perform(
    parts: Parts, request: AccountRequest, grant: Grant, *, language: str, key: str
) -> Ending:
    """Call the bank through the guard; every failure ends in words or a person."""
    try:
        result = parts.bank.perform(request, grant, key=key)
    except LevelTooLow:
        return _ask_for_code(parts, request, grant, language=language)
    except UnknownCustomer:
        return _ask_to_sign_in(request, language)
    except BankUnavailable:
        return _bank_is_away(language)
    reply = reply_to(result, language)
    pending = _still_open(request, reply)
    done = _as_done(request, result)
    return Ending(
        "clarify" if pending else "answer",
        reply.text,
        cards=reply.cards,
        quick_replies=reply.quick_replies,
        own_values=reply.own_values,
        performed=() if pending else (done,),
        pending=pending,
    )


def _still_open(request: AccountRequest, reply: AccountReply) -> AccountRequest | None:
    """The request to remember when the reply asks for a card or for a yes."""
    if reply.asks_to_confirm is not None:
        return replace(request, card_ending=reply.asks_to_confirm, awaits_confirmation=True)
    return request if reply.asks_for_slot else None


def _as_done(request: AccountRequest, result: ActionResult) -> AccountRequest:
    """With the card that was changed: a later "and the other one" is another."""
    if not isinstance(result, CardChanged):
        return request
    return replace(request, card_ending=result.card.ending, card_kind=result.card.kind)


def _is_refused(context: TurnContext, decision: RoutingDecision) -> bool:
    """The words of a change, but against it: nothing is done."""
    is_change = decision.intent in ACTION_NAMES and ACTIONS[AccountAction(decision.intent)].changes
    return is_change and refuses_a_change(decision.slots_from or context.text)


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
    text = say(words, language)
    return Ending("answer", text, quick_replies=(person,), needs_sign_in=True)


def _bank_is_away(language: str) -> Ending:
    text = say("handoff.bank_unavailable", language)
    return Ending("handoff", text, handoff=HandoffReason.BANK_UNAVAILABLE)
