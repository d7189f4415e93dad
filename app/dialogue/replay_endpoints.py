"""Door of replays: one past decision, decided again. Nothing in its conversation changes."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy.orm import Session

from app.audit_trail import record
from app.auth.access import sees_staff_side
from app.auth.caller import Caller
from app.conversations.service import ConversationService
from app.dependencies import PartsDep
from app.dialogue.decision import candidates_data
from app.dialogue.endpoints import RouteReader
from app.dialogue.explanation import explain
from app.dialogue.replay import Change, PastTurn, Replayed, load_past_turn, replay
from app.dialogue.replay_schemas import (
    DifferenceRead,
    ReplayAnswer,
    ReplayedDecision,
    ReplayRequest,
)
from app.dialogue.repository import find_decision
from app.errors import BadInput, FieldError, Forbidden, NotFound, StateConflict
from app.idempotency import OnceDep
from app.parts import Parts
from app.rate_limits import CallerLimit
from models.errors import ModelError, RegistryError
from routing import IntentRouter, RoutingDecision, Taxonomy

router = APIRouter(tags=["Routing"], dependencies=[CallerLimit])
DecisionId = Annotated[str, Path(max_length=36)]


@router.post("/decisions/{decision_id}/replay")
def replay_decision(
    decision_id: DecisionId,
    body: ReplayRequest,
    caller: RouteReader,
    parts: PartsDep,
    once: OnceDep,
) -> ReplayAnswer:
    """Decide a past turn again, on another checkpoint or with other thresholds. Audited."""
    with parts.database.read() as session:
        once.replay_if_stored(session)
        past = _readable_turn(session, decision_id, caller)
    replayed = _replay(parts, past, body)
    answer = _view(replayed, parts.router.taxonomy)
    with parts.database.write() as session:
        record(
            session,
            "decision.replayed",
            actor=caller.actor,
            subject=answer.conversation_id,
            decision=decision_id,
            model_version=answer.new.model_version,
            changed=answer.changed,
        )
        once.keep(session, answer, status=200)
    return answer


def _readable_turn(session: Session, decision_id: str, caller: Caller) -> PastTurn:
    """Through the conversation: a decision of another's thread looks like none."""
    if not sees_staff_side(caller):
        raise Forbidden("Only staff and integrations that read conversations replay decisions.")
    found = find_decision(session, decision_id)
    if found is None:
        raise NotFound("No such decision.", code="decision_not_found")
    if found.conversation_id is not None:
        ConversationService(session).get(found.conversation_id, caller)
    return load_past_turn(session, found)


def _replay(parts: Parts, past: PastTurn, body: ReplayRequest) -> Replayed:
    change = Change(body.model_version, body.thresholds.chosen())
    try:
        return replay(
            past, change, router_for=partial(router_of, parts), settings=parts.settings.routing
        )
    except RegistryError as unknown:
        if body.model_version is None:
            raise StateConflict(
                "The checkpoint of this decision is not saved any more; name another one.",
                code="checkpoint_gone",
            ) from unknown
        problem = FieldError("model_version", "is not a saved checkpoint")
        raise BadInput("There is no such checkpoint.", errors=(problem,)) from unknown
    except ModelError as broken:
        raise StateConflict(
            "The checkpoint cannot be used: it is damaged, or made for another encoder.",
            code="checkpoint_refused",
        ) from broken


def router_of(parts: Parts, version: str) -> IntentRouter:
    """The serving router where it is that version, else a saved one."""
    return (
        parts.router if parts.router.classifier.version == version else parts.saved_router(version)
    )


def _view(replayed: Replayed, taxonomy: Taxonomy) -> ReplayAnswer:
    past = replayed.past
    return ReplayAnswer(
        decision_id=past.decision_id,
        conversation_id=past.context.conversation_id,
        message_seq=past.context.message_seq,
        changed=bool(replayed.differences),
        differences=[DifferenceRead.model_validate(item) for item in replayed.differences],
        old=_view_decision(past.decision, taxonomy),
        new=_view_decision(replayed.new, taxonomy),
    )


def _view_decision(decision: RoutingDecision, taxonomy: Taxonomy) -> ReplayedDecision:
    return ReplayedDecision(
        route=decision.route.value,
        outcome=decision.outcome.value,
        intent=decision.intent,
        confidence=round(decision.confidence, 6),
        margin=round(decision.margin, 6),
        out_of_scope=decision.out_of_scope,
        out_of_scope_score=round(decision.out_of_scope_score, 6),
        reason=decision.reason,
        language=decision.language,
        candidates=candidates_data(decision),
        thresholds=decision.thresholds.as_dict(),
        model_version=decision.model_version,
        explanation=explain(decision, taxonomy),
    )
