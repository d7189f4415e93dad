"""What a shadow would change: agreement, intents that move, outcomes that change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.intent_models.repository import Example, Pairing, ShadowRepository
from routing.intervals import wilson

MOST_MOVES = 20  # the commonest; the counts above them are complete


@dataclass(frozen=True, slots=True)
class Move:
    """From what was decided to what the shadow would have decided."""

    before: str | None
    after: str | None
    count: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A shadow and a live version on the same decisions."""

    shadow: str
    live: str
    decisions: int
    agreed: int
    agreement_low: float  # 95 % interval of the agreement rate
    agreement_high: float
    intents_moved: int
    outcomes_changed: int
    intents: tuple[Move, ...]
    outcomes: tuple[Move, ...]

    @property
    def agreement(self) -> float | None:
        """Share of decisions with the same intent, route and outcome; None without any."""
        return self.agreed / self.decisions if self.decisions else None


def measure_difference(session: Session, *, shadow: str, live: str) -> Difference:
    """Over everything that is stored of this pair of versions."""
    repository = ShadowRepository(session, shadow=shadow, live=live)
    pairings = repository.list_pairings()
    decisions = sum(pairing.count for pairing in pairings)
    agreed = sum(pairing.count for pairing in pairings if pairing.agrees)
    agreement = wilson(agreed, decisions)
    intents = _moved_intents(pairings)
    outcomes = _changed_outcomes(pairings)
    return Difference(
        shadow=shadow,
        live=live,
        decisions=decisions,
        agreed=agreed,
        agreement_low=agreement.low,
        agreement_high=agreement.high,
        intents_moved=intents.total(),
        outcomes_changed=outcomes.total(),
        intents=tuple(
            Move(*pair, count, tuple(repository.list_intent_examples(*pair)))
            for pair, count in intents.most_common(MOST_MOVES)
        ),
        outcomes=tuple(
            Move(*pair, count, tuple(repository.list_outcome_examples(*pair)))
            for pair, count in outcomes.most_common(MOST_MOVES)
        ),
    )


def _moved_intents(pairings: Sequence[Pairing]) -> Counter[tuple[str | None, str | None]]:
    found: Counter[tuple[str | None, str | None]] = Counter()
    for pairing in pairings:
        if pairing.live_intent != pairing.shadow_intent:
            found[pairing.live_intent, pairing.shadow_intent] += pairing.count
    return found


def _changed_outcomes(pairings: Sequence[Pairing]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for pairing in pairings:
        if pairing.live_outcome != pairing.shadow_outcome:
            found[pairing.live_outcome, pairing.shadow_outcome] += pairing.count
    return found
