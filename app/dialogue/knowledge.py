"""The knowledge route: an answer from cited documents, or nothing."""

from app.clock import utc_now
from app.dialogue.context import TurnContext
from app.dialogue.endings import Ending
from app.experiments.service import Arm
from app.knowledge.lookup import current_only
from app.parts import Parts
from knowledge_base.types import Answer, Audience
from routing import Level, Outcome, Route, RoutingDecision


def answer_knowledge(
    parts: Parts,
    context: TurnContext,
    decision: RoutingDecision,
    arm: Arm | None,
    *,
    least: float = 0.0,
) -> Ending | None:
    """None when the knowledge base abstains, or is less sure than `least` or an experiment says."""
    since = utc_now()
    answer = _ask(parts, context, decision)
    floor = max(least, float(arm.overrides.get("knowledge.min_confidence", 0.0)) if arm else 0.0)
    if answer.text is None or answer.confidence < floor:
        return None
    with parts.database.read() as session:  # an index may lag behind a deletion: the rows decide
        if not current_only(session, answer.citations, since=since):
            return None
    citations = tuple(
        {
            "document_id": citation.document_id,
            "version": citation.version,
            "chunk_id": citation.chunk_id,
            "title": citation.title,
            "quote": citation.quote,
            "url": citation.url,
        }
        for citation in answer.citations
    )
    return Ending("answer", answer.text, citations=citations)


def _ask(parts: Parts, context: TurnContext, decision: RoutingDecision) -> Answer:
    """Ask with the customer's words; then, where they name nothing, with the sure intent's too.

    "我的卡刷不了" shares no word with the article on declined cards, but its intent is sure.
    """
    intent = None if decision.out_of_scope else parts.router.taxonomy.find(decision.intent or "")
    words = decision.read_as or context.text
    questions = [words]
    if intent is not None and _is_sure_question(decision):
        questions.append(f"{intent.label[context.language]} {words}")
    answer = Answer(text=None, confidence=0.0)
    for question in questions:
        answer = parts.knowledge.answer(
            question,
            locale=context.language,
            audiences=audiences_for(context.level),
            intent=intent.name if intent else None,
        )
        if answer.text is not None:
            break
    return answer


def _is_sure_question(decision: RoutingDecision) -> bool:
    return decision.outcome is Outcome.ANSWER and decision.route is Route.KNOWLEDGE


def audiences_for(level: Level) -> tuple[Audience, ...]:
    """Customers who are known read what is written for customers."""
    if level is Level.ANONYMOUS:
        return (Audience.PUBLIC,)
    return (Audience.PUBLIC, Audience.CUSTOMERS)
