"""What many replays add up to: counts with their n, moves, and each change. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.dialogue.replay import COMPARED, Replayed
from routing import RoutingDecision


@dataclass(slots=True)
class ReplayReport:
    """Grows by one past turn at a time."""

    turns: int = 0  # replayed
    changed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)  # why -> turns that were not replayed
    by_field: Counter[str] = field(default_factory=Counter)  # what differs -> turns
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)  # where it went, then and now
    changes: list[dict[str, Any]] = field(default_factory=list)

    def add(self, replayed: Replayed) -> None:
        self.turns += 1
        if not replayed.differences:
            return
        self.changed += 1
        self.by_field.update(difference.field for difference in replayed.differences)
        old, new = replayed.past.decision, replayed.new
        if way_of(old) != way_of(new):
            self.moves[way_of(old), way_of(new)] += 1
        self.changes.append(
            {
                "decision_id": replayed.past.decision_id,
                "conversation_id": replayed.past.context.conversation_id,
                "message_seq": replayed.past.context.message_seq,
                "old": _facts(old),
                "new": _facts(new),
            }
        )

    def as_dict(self, **about: object) -> Mapping[str, Any]:
        """For a file: `about` says what was replayed on what."""
        return {
            **about,
            "turns": self.turns,
            "changed": self.changed,
            "skipped": dict(self.skipped),
            "by_field": {name: self.by_field[name] for name in COMPARED},
            "moves": [
                {"from": old, "to": new, "turns": count}
                for (old, new), count in self.moves.most_common()
            ],
            "changes": self.changes,
        }


def way_of(decision: RoutingDecision) -> str:
    """Route and outcome in one word: `knowledge/answer`."""
    return f"{decision.route.value}/{decision.outcome.value}"


def _facts(decision: RoutingDecision) -> dict[str, Any]:
    return {
        "route": decision.route.value,
        "outcome": decision.outcome.value,
        "intent": decision.intent,
        "reason": decision.reason,
        "confidence": round(decision.confidence, 4),
        "model_version": decision.model_version,
    }
