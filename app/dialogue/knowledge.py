"""The knowledge route: an answer from cited documents, or nothing."""

from app.dialogue.context import TurnContext
from app.dialogue.endings import Ending
from app.experiments.service import Arm
from app.knowledge.lookup import current_only
from app.parts import Parts
from knowledge_base.types import Audience
from routing import Level, RoutingDecision


def answer_knowledge(
    parts: Parts,
    context: TurnContext,
    decision: RoutingDecision,
    arm: Arm | None,
    *,
    least: float = 0.0,
) -> Ending | None:
    """None when the knowledge base abstains, or is less sure than `least` or an experiment says."""
    floor = max(least, float(arm.overrides.get("knowledge.min_confidence", 0.0)) if arm else 0.0)
    answer = parts.knowledge.answer(
        context.text,
        locale=context.language,
        audiences=audiences_for(context.level),
        intent=None if decision.out_of_scope else decision.intent,
    )
    if answer.text is None or answer.confidence < floor:
        return None
    with parts.database.read() as session:  # an index may lag behind a deletion: the rows decide
        if not current_only(session, answer.citations):
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


def audiences_for(level: Level) -> tuple[Audience, ...]:
    """Customers who are known read what is written for customers."""
    if level is Level.ANONYMOUS:
        return (Audience.PUBLIC,)
    return (Audience.PUBLIC, Audience.CUSTOMERS)
