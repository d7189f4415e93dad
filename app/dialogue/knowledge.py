"""The knowledge route: an answer from cited documents, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.clock import utc_now
from app.dialogue.context import TurnContext
from app.dialogue.endings import Ending
from app.dialogue.follow_up import readings
from app.dialogue.phrasing import phrase
from app.experiments.service import Arm
from app.knowledge.lookup import current_only
from app.parts import Parts
from knowledge_base.types import Abstention, Answer, Audience, Citation
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
    asked = _ask(parts, context, decision)
    answer = asked.answer
    floor = max(least, float(arm.overrides.get("knowledge.min_confidence", 0.0)) if arm else 0.0)
    if answer.text is None or answer.confidence < floor:
        return None
    with parts.database.read() as session:  # an index may lag behind a deletion: the rows decide
        if not current_only(session, answer.citations, since=since):
            return None
    phrased = phrase(parts, context, asked.question, answer)
    if phrased is None:
        return Ending("answer", answer.text, citations=_stored(answer.citations))
    if phrased.text is None:  # a model that read the passages finds no answer in them
        return None
    return Ending("answer", phrased.text, citations=_stored(phrased.citations), generated=True)


def _stored(citations: Sequence[Citation]) -> tuple[dict[str, Any], ...]:
    """Citations as a message keeps them: whoever reads it later sees what the answer rests on."""
    return tuple(
        {
            "document_id": citation.document_id,
            "version": citation.version,
            "chunk_id": citation.chunk_id,
            "chunk_hash": citation.chunk_hash,
            "title": citation.title,
            "quote": citation.quote,
            "url": citation.url,
        }
        for citation in citations
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question that was answered, or the last one that was not."""

    question: str
    answer: Answer


def _ask(parts: Parts, context: TurnContext, decision: RoutingDecision) -> _Asked:
    """Ask with the customer's words, read in context; then with the sure intent's name too.

    "我的卡刷不了" shares no word with the article on declined cards, but its intent is sure.
    """
    intent = None if decision.out_of_scope else parts.router.taxonomy.find(decision.intent or "")
    questions = readings(
        context.text, context.history, language=context.language, read_as=decision.read_as
    )
    if intent is not None and _is_sure_question(decision):
        questions.append(f"{intent.label[context.language]} {questions[0]}")
    asked = _Asked(questions[0], Answer(text=None, confidence=0.0))
    for question in questions:
        answer = parts.knowledge.answer(
            question,
            locale=context.language,
            audiences=audiences_for(context.level),
            intent=intent.name if intent else None,
        )
        asked = _Asked(question, answer)
        if answer.text is not None or answer.abstention is Abstention.CONFLICT:
            break
    return asked


def _is_sure_question(decision: RoutingDecision) -> bool:
    return decision.outcome is Outcome.ANSWER and decision.route is Route.KNOWLEDGE


def audiences_for(level: Level) -> tuple[Audience, ...]:
    """Customers who are known read what is written for customers."""
    if level is Level.ANONYMOUS:
        return (Audience.PUBLIC,)
    return (Audience.PUBLIC, Audience.CUSTOMERS)
