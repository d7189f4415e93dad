"""One question that names the candidates in the customer's language; after two, a person."""

from app.dialogue.context import TurnContext
from app.dialogue.endings import Ending
from app.dialogue.human import hand_off
from app.dialogue.replies import TOPICS, say
from app.handoff.reasons import HandoffReason
from app.parts import Parts
from routing import RoutingDecision
from routing.policy import LANGUAGE_REASON

NAMED = 3  # the right intent is nearly always among the first three


def clarify(parts: Parts, context: TurnContext, decision: RoutingDecision) -> Ending:
    """Ask which of the best candidates is meant, or for other words when none fits."""
    if context.clarifications >= parts.settings.routing.max_clarifications:
        return hand_off(decision, HandoffReason.UNCLEAR, language=context.language)
    language = context.language
    person = say("talk_to_person", language)
    if decision.reason.startswith(LANGUAGE_REASON):
        return Ending("clarify", say("other_language", language), quick_replies=(person,))
    if decision.out_of_scope:
        names: tuple[str, ...] = TOPICS
        text = say("clarify_open", language)
    else:
        names = tuple(item.intent for item in decision.candidates[:NAMED])
        text = _question(parts, names, language)
    known = [parts.router.taxonomy.find(name) for name in names]
    labels = [intent.label[language] for intent in known if intent is not None]
    return Ending(
        "clarify",
        text,
        quick_replies=(*labels, person),
        clarify_options=names,
    )


def ask_which_first(parts: Parts, context: TurnContext, decision: RoutingDecision) -> Ending:
    """More requests than one reply can hold: all are named, the customer says which comes first."""
    language = context.language
    names = tuple(dict.fromkeys(item.intent for item in decision.candidates))
    labels = [parts.router.taxonomy.get(name).label[language] for name in names]
    return Ending(
        "clarify",
        say("which_first", language),
        quick_replies=(*labels, say("talk_to_person", language)),
        clarify_options=names,
    )


def _question(parts: Parts, names: tuple[str, ...], language: str) -> str:
    labels = [parts.router.taxonomy.get(name).label[language] for name in names[:2]]
    if len(labels) == 1:
        return say("clarify_one", language, first=labels[0])
    return say("clarify_two", language, first=labels[0], second=labels[1])
