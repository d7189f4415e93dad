"""The knowledge route: an answer from cited documents, or nothing."""

from app.dialogue.context import TurnContext
from app.dialogue.endings import Ending
from app.parts import Parts
from knowledge_base.types import Audience
from routing import Level, RoutingDecision


def answer_knowledge(
    parts: Parts, context: TurnContext, decision: RoutingDecision
) -> Ending | None:
    """None when the knowledge base abstains: the ladder goes on."""
    answer = parts.knowledge.answer(
        context.text,
        locale=context.language,
        audiences=audiences_for(context.level),
        intent=decision.intent,
    )
    if answer.text is None:
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
