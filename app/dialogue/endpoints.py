"""Doors of routing: decide a text, decide many, the taxonomy, why a message went where it went."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from app.audit_trail import record
from app.auth.access import sees_staff_side
from app.auth.caller import Caller, Scope
from app.auth.dependencies import CurrentCaller, require
from app.conversations.endpoints import ConversationId
from app.conversations.service import ConversationService
from app.dependencies import PartsDep, WriteSession
from app.dialogue.explanation import decision_from
from app.dialogue.explanation import explain as explain_decision
from app.dialogue.repository import ExplainedTurn, list_explained_turns
from app.dialogue.routing import arm_for_unit, decide_texts, keep_answers
from app.dialogue.schemas import (
    DecidedPart,
    DecisionFilter,
    DecisionList,
    DecisionRead,
    ExperimentRead,
    ExplainedRouteAnswer,
    IntentList,
    IntentRead,
    RouteAnswer,
    RouteBatchAnswer,
    RouteBatchRequest,
    RouteRequest,
)
from app.dialogue.shadowing import shadow_texts_after_commit
from app.errors import Forbidden
from app.idempotency import OnceDep
from app.rate_limits import CallerLimit
from routing import Taxonomy
from routing.taxonomy import LANGUAGES

router = APIRouter(tags=["Routing"], dependencies=[CallerLimit])
RouteReader = Annotated[Caller, Depends(require(Scope.ROUTE_READ))]
Explain = Annotated[bool, Query(description="Answer with what led to the decision as well.")]


@router.post("/route")
def route_text(
    body: RouteRequest,
    caller: RouteReader,
    parts: PartsDep,
    once: OnceDep,
    *,
    explain: Explain = False,
) -> ExplainedRouteAnswer | RouteAnswer:
    """Where this text would go, and why. Stores the decision, not the text."""
    with parts.database.read() as session:
        once.replay_if_stored(session)
    arm = arm_for_unit(parts, body.unit)
    history = [entry.text for entry in body.history if entry.author == "customer"]
    decided = decide_texts(parts, [body.text], locale=body.locale, history=history, arm=arm)
    with parts.database.write() as session:
        answer = keep_answers(
            session,
            decided,
            arm=arm,
            actor=caller.actor,
            explained_with=parts.router.taxonomy if explain else None,
        )[0]
        ids = [answer.decision_id]
        shadow_texts_after_commit(
            session, parts, ids, decided, locale=body.locale, history=history, arm=arm
        )
        once.keep(session, answer, status=200)
    return answer


@router.post("/route/batch")
def route_texts(
    body: RouteBatchRequest,
    caller: RouteReader,
    parts: PartsDep,
    once: OnceDep,
    *,
    explain: Explain = False,
) -> RouteBatchAnswer:
    """Up to 256 texts; answers in the same order."""
    with parts.database.read() as session:
        once.replay_if_stored(session)
    decided = decide_texts(parts, body.texts, locale=body.locale)
    with parts.database.write() as session:
        items = keep_answers(
            session,
            decided,
            arm=None,
            actor=caller.actor,
            explained_with=parts.router.taxonomy if explain else None,
        )
        ids = [item.decision_id for item in items]
        shadow_texts_after_commit(session, parts, ids, decided, locale=body.locale)
        answer = RouteBatchAnswer(items=items)
        once.keep(session, answer, status=200)
    return answer


@router.get("/intents")
def list_intents(_caller: RouteReader, parts: PartsDep) -> IntentList:
    """The taxonomy: what a customer can want, where it goes, and the level that it demands."""
    items = [
        IntentRead(
            name=intent.name,
            definition=intent.definition,
            route=intent.route.value,
            level=intent.level.value,
            queue=intent.queue,
            priority=intent.priority.value,
            label=intent.label,
            languages=list(LANGUAGES),
        )
        for intent in parts.router.taxonomy
    ]
    return IntentList(items=items)


@router.get("/conversations/{conversation_id}/decisions")
def list_decisions(
    conversation_id: ConversationId,
    caller: CurrentCaller,
    session: WriteSession,
    parts: PartsDep,
) -> DecisionList:
    """Why each message of a conversation went where it went. Reading it is audited."""
    conversation = ConversationService(session).get(conversation_id, caller)
    if not sees_staff_side(caller):
        raise Forbidden("Only staff and integrations see decisions.")
    record(session, "decisions.read", actor=caller.actor, subject=conversation.id)
    taxonomy = parts.router.taxonomy
    return DecisionList(
        items=[_view(item, taxonomy) for item in list_explained_turns(session, conversation.id)]
    )


def _view(explained: ExplainedTurn, taxonomy: Taxonomy) -> DecisionRead:
    decision, turn = explained.decision, explained.turn
    experiment = (
        ExperimentRead(key=decision.experiment_key, variant=decision.variant)
        if decision.experiment_key and decision.variant
        else None
    )
    return DecisionRead(
        id=decision.id,
        message_seq=turn.message_seq,
        route=decision.route,
        outcome=decision.outcome,
        intent=decision.intent,
        confidence=decision.confidence,
        margin=decision.margin,
        out_of_scope=decision.out_of_scope,
        out_of_scope_score=decision.out_of_scope_score,
        reason=decision.reason,
        language=decision.language,
        candidates=decision.candidates,
        thresholds=decision.thresholds,
        model_version=decision.model_version,
        filter=DecisionFilter(action=turn.filter_action, findings=turn.findings),
        context=decision.context,
        parts=[DecidedPart.model_validate(part) for part in explained.parts],
        experiment=experiment,
        steps=turn.steps,
        citations=explained.reply.citations if explained.reply else [],
        explanation=explain_decision(decision_from(decision), taxonomy),
        created_at=decision.created_at,
    )
