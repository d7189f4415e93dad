"""A message that answers what the assistant asked: an offered option, or the open request."""

from collections.abc import Sequence
from dataclasses import replace

from app.banking.actions import ACTIONS
from app.dialogue.context import TurnContext
from app.dialogue.open_request import OpenRequest
from models.account_model.open_requests import Answer, first_clause, read_answer
from models.chinese import to_simplified
from routing import IntentRouter, Outcome, Route, RoutedPart, RoutingDecision, Thresholds, Utterance
from routing.context import Reading
from routing.explanation import after_question, noted, passed_filter
from routing.requests import MAX_PARTS, is_urgent


def read_as_answer(
    router: IntentRouter, context: TurnContext, decision: RoutingDecision, thresholds: Thresholds
) -> RoutingDecision:
    """The decision for the answer; the router's own where the message is about something else."""
    chosen = _chosen_option(router, context.text, context.clarify_options)
    if chosen is not None:
        return _as_intent(router, decision, chosen, reason="clarified")
    if context.open_request is None:
        return _unanswered(decision) if context.clarify_options else decision
    found = _about_open_request(router, context, context.open_request, decision, thresholds)
    return _unanswered(decision) if found is None else found


def _unanswered(decision: RoutingDecision) -> RoutingDecision:
    """Something had been asked, and the message is no answer to it."""
    return noted(decision, lambda made: after_question(made, decided=False))


def _about_open_request(
    router: IntentRouter,
    context: TurnContext,
    opened: OpenRequest,
    decision: RoutingDecision,
    thresholds: Thresholds,
) -> RoutingDecision | None:
    """A message that answers what the assistant waits for is read as that answer."""
    action = opened.request.action
    if decision.context == Reading.CORRECTION and decision.intent == action.value:
        return None  # "no, I meant the credit card": the same request, put right
    if not is_urgent(decision):
        several = _answer_and_more(router, context, opened, decision, thresholds)
        if several is not None:
            return several
    about_card = ACTIONS[action].needs_card
    answer = read_answer(context.text, opened.waits_for, about_card=about_card)
    if answer is None:
        return None
    return _as_intent(router, decision, action.value, reason=answer.value)


def _answer_and_more(
    router: IntentRouter,
    context: TurnContext,
    opened: OpenRequest,
    decision: RoutingDecision,
    thresholds: Thresholds,
) -> RoutingDecision | None:
    """ "No, show me my balance": what is said about the open request, and another request."""
    clauses = first_clause(context.text)
    if clauses is None:
        return None
    action = opened.request.action
    about_card = ACTIONS[action].needs_card
    lead = read_answer(clauses[0], opened.waits_for, about_card=about_card)
    if lead not in (Answer.CANCELLED, Answer.DECLINED, Answer.SLOT):
        return None
    routed = router.route(Utterance(clauses[1], context.locale), thresholds=thresholds)
    rest = _unanswered(passed_filter(routed))
    if not _asks_something_else(rest, action.value, lead):
        return None
    said = _as_intent(router, decision, action.value, reason=lead.value)
    more = rest.parts or (RoutedPart(clauses[1], rest),)
    parts = (RoutedPart(clauses[0], said), *more)[:MAX_PARTS]
    # what must not be missed comes first, here as everywhere
    ordered = tuple(sorted(parts, key=lambda part: not is_urgent(part.decision)))
    return replace(ordered[0].decision, parts=ordered)


def _asks_something_else(rest: RoutingDecision, action: str, lead: Answer) -> bool:
    """Whether the rest of a refusal is a request; "no, leave it" and its reasons are none."""
    is_sure = rest.outcome in (Outcome.ANSWER, Outcome.HANDOFF) and rest.route is not Route.GENERAL
    return is_sure and (rest.intent != action or lead is Answer.SLOT)


def _chosen_option(router: IntentRouter, text: str, options: Sequence[str]) -> str | None:
    words = _as_label(text.strip().rstrip(".!。！?？"))
    for name in options:
        intent = router.taxonomy.find(name)
        if intent and words in {_as_label(label) for label in intent.label.values()}:
            return name
    return None


def _as_label(text: str) -> str:
    """Alike in capitals and small letters, traditional and simplified characters."""
    return to_simplified(text).casefold()


def _as_intent(
    router: IntentRouter, decision: RoutingDecision, name: str, *, reason: str
) -> RoutingDecision:
    intent = router.taxonomy.find(name)
    if intent is None:
        return decision
    is_human = intent.route is Route.HUMAN
    return replace(
        decision,
        route=intent.route,
        outcome=Outcome.HANDOFF if is_human else Outcome.ANSWER,
        intent=intent.name,
        out_of_scope=False,
        reason=reason,
        queue=intent.queue,
        priority=intent.priority,
        context=None,
        read_as=None,
        slots_from=None,
        parts=(),
        checks=after_question(decision.checks, decided=True, detail=reason),
    )
