"""The human route: the words that go with a handoff."""

from app.dialogue.endings import Ending
from app.dialogue.replies import REPLIES, say
from app.handoff.reasons import HandoffReason
from routing import RoutingDecision


def hand_off(decision: RoutingDecision, reason: HandoffReason, *, language: str) -> Ending:
    """Give the conversation to people, in words that fit what it is about."""
    return Ending("handoff", say(_words_for(decision, reason), language), handoff=reason)


def reason_of(decision: RoutingDecision) -> HandoffReason:
    """Why the router wants a person."""
    if decision.reason.startswith("filter:"):
        return HandoffReason.SAFETY
    if decision.intent == "speak_to_human":
        return HandoffReason.CUSTOMER_REQUEST
    if decision.reason.startswith("rule:"):
        return HandoffReason.RULE
    return HandoffReason.INTENT


def _words_for(decision: RoutingDecision, reason: HandoffReason) -> str:
    if decision.intent == "self_harm":
        return "handoff.self_harm"
    is_about_intent = reason in (HandoffReason.SAFETY, HandoffReason.RULE, HandoffReason.INTENT)
    by_queue, by_reason = f"handoff.{decision.queue}", f"handoff.{reason.value}"
    if is_about_intent and by_queue in REPLIES:
        return by_queue
    return by_reason if by_reason in REPLIES else "handoff"
