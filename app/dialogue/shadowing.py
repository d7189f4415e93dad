"""Offer what was decided to the shadow checkpoint, once the decision is stored."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.content_filter import FilterResult
from app.db.after_commit import after_commit
from app.experiments.service import Arm
from app.intent_models.shadow import Offered
from app.parts import Parts
from routing import RoutingDecision, Utterance
from routing.policy import CONTEXT, MANY_REQUESTS, MUST_NOT_MISS

# where the intent model had the say; rules, the filter and our own questions decide alike
COMPARED = frozenset(
    {"classifier", "ambiguous", "out_of_scope", MUST_NOT_MISS, CONTEXT, MANY_REQUESTS}
)


def shadow_after_commit(
    session: Session,
    parts: Parts,
    decision_id: str,
    utterance: Utterance,
    decision: RoutingDecision,
    *,
    arm: Arm | None,
) -> None:
    """A comparison on the settings of the house: an arm that changes any is left out."""
    if decision.reason not in COMPARED or (arm is not None and arm.overrides):
        return
    offered = Offered(decision_id, utterance, decision)
    after_commit(session, lambda: parts.shadow.offer(offered))


def shadow_texts_after_commit(
    session: Session,
    parts: Parts,
    decision_ids: Sequence[str],
    decided: Sequence[tuple[FilterResult, RoutingDecision]],
    *,
    locale: str | None,
    history: Sequence[str] = (),
    arm: Arm | None = None,
) -> None:
    """The same for the texts of one stateless call."""
    for decision_id, (result, decision) in zip(decision_ids, decided, strict=True):
        utterance = Utterance(result.text, locale, tuple(history))
        shadow_after_commit(session, parts, decision_id, utterance, decision, arm=arm)
