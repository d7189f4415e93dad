"""A past turn once more, on another checkpoint or with other dials. Reads; writes nothing.

The text is the stored, masked message with the thread before it and the open request of then.
Rules, taxonomy and policy are those of the running code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from app.config import RoutingSettings
from app.db.decision import DecisionRecord
from app.dialogue.context import TurnContext, load_context
from app.dialogue.decision import decide_with
from app.dialogue.explanation import decision_from
from app.dialogue.situation import put_back
from app.errors import StateConflict
from app.intent_models.dials import house_dials
from routing import IntentRouter, RoutingDecision

COMPARED = ("route", "outcome", "intent", "reason", "context", "confidence")
# the same text in another batch differs in the last bits of its scores
SAME_CONFIDENCE = 5e-4
RouterFor = Callable[[str], IntentRouter]


class NotReplayable(StateConflict):
    code = "decision_not_replayable"
    title = "This decision cannot be replayed"


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A decision with everything that it was made from."""

    decision_id: str
    decision: RoutingDecision
    context: TurnContext


@dataclass(frozen=True, slots=True)
class Change:
    """What a replay does differently; nothing at all gives the same decision again."""

    model_version: str | None = None
    dials: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that came out otherwise."""

    field: str
    old: str | float | None
    new: str | float | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """The decision of then, the decision of the replay, and how they differ."""

    past: PastTurn
    new: RoutingDecision
    differences: tuple[Difference, ...]


def load_past_turn(session: Session, row: DecisionRecord) -> PastTurn:
    """A turn as it stood; NotReplayable where the text or the situation was not kept."""
    if row.turn_id is None:
        raise NotReplayable(
            "A decision of /v1/route keeps no text: send the text again.",
            code="decision_without_text",
        )
    if row.part > 0:
        raise NotReplayable("One of several requests: replay the first decision of its message.")
    if row.situation is None:
        raise NotReplayable("The decision is older than what a replay needs to know.")
    # whatever is open now, the request that was open then is put back
    now = load_context(session, row.turn_id, keep_open=timedelta(0))
    context = put_back(now, row.situation)
    return PastTurn(row.id, decision_from(row), context)


def replay(
    past: PastTurn, change: Change, *, router_for: RouterFor, settings: RoutingSettings
) -> Replayed:
    """Decide a past turn again.

    On the same checkpoint the dials of then apply, on another one its own with the operator's;
    `change.dials` replaces single ones.
    """
    version = change.model_version or past.decision.model_version
    router = router_for(version)
    dials = past.decision.thresholds
    if version != past.decision.model_version:
        dials = house_dials(router.classifier.thresholds, settings)
    new = decide_with(router, past.context, replace(dials, **change.dials))
    return Replayed(past, new, compare(past.decision, new))


def compare(old: RoutingDecision, new: RoutingDecision) -> tuple[Difference, ...]:
    """What differs, in the order of `COMPARED`."""
    return tuple(
        Difference(name, _shown(getattr(old, name)), _shown(getattr(new, name)))
        for name in COMPARED
        if not _is_same(getattr(old, name), getattr(new, name))
    )


def _shown(fact: str | float | None) -> str | float | None:
    return round(fact, 6) if isinstance(fact, float) else fact


def _is_same(old: object, new: object) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return abs(old - new) < SAME_CONFIDENCE
    return old == new
