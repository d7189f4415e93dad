"""The risk-coverage dial: "at most 2 % wrong routes" becomes thresholds, with a proof.

Learn then Test (Angelopoulos, Bates, Candès, Jordan & Lei, arXiv 2110.01052) with fixed-sequence
testing: thresholds are tried from strict to loose, in an order that no label decides. For each one,
"its error rate exceeds the promise" is rejected while the exact binomial tail of its wrong answers
is small enough; the last one rejected is taken. Several sequences start at several strictnesses
and share the level (Bonferroni), since the strictest thresholds answer too few texts to prove
anything. The error rate among answered texts is Geifman & El-Yaniv's selective risk (NeurIPS 2017).
The promise holds with `CONFIDENCE` over the draw of the held-out texts, for texts like them: an
out-of-scope text that is answered is wrong, and counts at the share that it has in the data.
"""

import random
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from scipy.stats import binom

from routing.intervals import exact, upper_bound
from routing.thresholds import CUT, Observation, choose_reject, choose_thresholds
from routing.types import Thresholds

PROMISES = (0.01, 0.02, 0.05, 0.10)
DEFAULT_PROMISE = 0.02
CONFIDENCE = 0.90
# strict to loose; a lead of half the accepted confidence over the runner-up is demanded beside it
_ACCEPTS = tuple(
    [round(0.999 - step / 1000, 3) for step in range(10)]
    + [round(0.985 - step / 200, 3) for step in range(18)]
    + [round(0.89 - step / 50, 3) for step in range(35)]
)
_STARTS = (0.99, 0.95, 0.85, 0.65)
_CUTS = (CUT, 0.75, 0.5)  # the model's own cut may be tightened, never loosened
_FEWEST_TO_TUNE = 400  # observations; with fewer all of them are needed for the proof
_FEWEST_STRANGERS = 30
_TUNING_SHARE = 0.25
_FEWEST_ANSWERED = 300  # held out; with fewer, thresholds without a proof say too little


@dataclass(frozen=True, slots=True)
class DialRow:
    """One promise, the thresholds that keep it, and what they cost on held-out text."""

    promised: float
    thresholds: dict[str, float]
    is_proven: bool  # False: too little held-out text; the thresholds only look right
    coverage: float  # share of in-scope texts that are answered
    risk: float  # share of the answered texts that take a wrong route
    risk_low: float  # exact 95 % interval
    risk_high: float
    answered: int
    wrong: int
    bound: float  # the error rate is below this with the stated confidence
    strangers_answered: float

    @property
    def is_usable(self) -> bool:
        """Proven, or kept on enough held-out texts that it is the best there is."""
        return self.is_proven or self.answered >= _FEWEST_ANSWERED


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One threshold of the whole curve."""

    accept: float
    coverage: float
    risk: float
    answered: int


@dataclass(frozen=True, slots=True)
class Dial:
    """Everything that moves the dial later without training."""

    promised: float  # chosen in training
    confidence: float
    held_out: int
    strangers: int
    rows: tuple[DialRow, ...]
    curve: tuple[CurvePoint, ...]

    @property
    def chosen(self) -> DialRow:
        return next(row for row in self.rows if row.promised == self.promised)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def summary(self) -> str:
        """A table for the terminal."""
        lines = [
            f"dial: {self.held_out:,} held-out texts, {self.strangers} of them out of scope; "
            f"a promise holds with {self.confidence:.0%} confidence"
        ]
        for row in self.rows:
            mark = "chosen" if row.promised == self.promised else ""
            if mark and not row.is_usable:
                mark = "wished for: until there is more, thresholds whose answers bring most"
            lines.append(
                f"  at most {row.promised:>5.1%} wrong routes: coverage {row.coverage:6.1%}, "
                f"held-out {row.risk:.2%} [{row.risk_low:.2%}, {row.risk_high:.2%}] of "
                f"{row.answered:,}, accept {row.thresholds['accept']:.3f} "
                f"{'' if row.is_proven else 'NOT PROVEN: too little data '}{mark}".rstrip()
            )
        return "\n".join(lines)


def build_dial(
    seen: Sequence[Observation],
    *,
    promised: float = DEFAULT_PROMISE,
    confidence: float = CONFIDENCE,
    seed: int = 0,
) -> Dial:
    """The table of promises. `is_correct` of an observation means: the right route."""
    tuning, proof = _divide(seen, seed)
    rows = tuple(
        _row(tuning, proof, promise, confidence) for promise in sorted({*PROMISES, promised})
    )
    chosen = next(row for row in rows if row.promised == promised)
    cut, reject = chosen.thresholds["out_of_scope"], chosen.thresholds["reject"]
    return Dial(
        promised=promised,
        confidence=confidence,
        held_out=len(proof),
        strangers=sum(o.is_stranger for o in proof),
        rows=rows,
        curve=tuple(_curve(proof, cut, reject)),
    )


def measure_row(seen: Sequence[Observation], row: DialRow, *, confidence: float) -> DialRow:
    """The same thresholds on other texts: fresh ones, or those of one language."""
    dials = Thresholds(**row.thresholds)
    answered = [o for o in seen if is_answered(o, dials)]
    wrong = sum(not o.is_correct for o in answered)
    share = exact(wrong, len(answered))
    inside = sum(not o.is_stranger for o in seen)
    strangers = len(seen) - inside
    known = sum(not o.is_stranger for o in answered)
    return replace(
        row,
        coverage=known / inside if inside else 0.0,
        risk=share.value,
        risk_low=share.low,
        risk_high=share.high,
        answered=len(answered),
        wrong=wrong,
        bound=upper_bound(wrong, len(answered), confidence=confidence) if answered else 1.0,
        strangers_answered=(len(answered) - known) / strangers if strangers else 0.0,
    )


def thresholds_at(dial: Mapping[str, Any], promised: float) -> Thresholds:
    """The thresholds of a stored dial: the loosest promise that is no looser than the wish.

    Below the strictest row the strictest is used: the service may be more careful, never less.
    """
    rows = sorted(dial.get("rows", ()), key=lambda row: float(row["promised"]))
    if not rows:
        raise ValueError("this checkpoint has no dial: train again, or unset the promise")
    kept = [row for row in rows if float(row["promised"]) <= promised + 1e-9]
    return Thresholds(**(kept[-1] if kept else rows[0])["thresholds"])


def is_answered(seen: Observation, dials: Thresholds) -> bool:
    """What the policy answers without asking back."""
    return (
        seen.score <= dials.out_of_scope
        and seen.confidence >= max(dials.reject, dials.accept)
        and seen.margin >= dials.margin
    )


def _divide(
    seen: Sequence[Observation], seed: int
) -> tuple[Sequence[Observation], Sequence[Observation]]:
    """(texts to choose the out-of-scope cut on, texts for the proof); disjoint."""
    strangers = sum(o.is_stranger for o in seen)
    if len(seen) < _FEWEST_TO_TUNE or strangers < _FEWEST_STRANGERS:
        return (), seen
    shuffled = list(seen)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 -- a split, not a secret
    border = round(_TUNING_SHARE * len(shuffled))
    return shuffled[:border], shuffled[border:]


def _row(
    tuning: Sequence[Observation],
    proof: Sequence[Observation],
    promise: float,
    confidence: float,
) -> DialRow:
    reject = choose_reject(tuning or proof)
    cut = max(_CUTS, key=lambda c: (_reach(tuning, c, reject, promise), c)) if tuning else CUT
    accept = _prove(_Counts(proof, cut, reject), promise, 1 - confidence)
    proven = accept is not None
    if accept is None:
        accept = _looks_right(_Counts(proof, cut, reject), promise)
    dials = _dials(accept, cut, reject)
    empty = DialRow(promise, dials.as_dict(), proven, 0.0, 0.0, 0.0, 1.0, 0, 0, 1.0, 0.0)
    return measure_row(proof, empty, confidence=confidence)


class _Counts:
    """How many texts each accept threshold answers, and how many of them wrongly."""

    def __init__(self, seen: Sequence[Observation], cut: float, reject: float) -> None:
        familiar = [o for o in seen if o.score <= cut and o.confidence >= reject]
        self._all = sorted(_strength(o) for o in familiar)
        self._wrong = sorted(_strength(o) for o in familiar if not o.is_correct)

    def at(self, accept: float) -> tuple[int, int]:
        """(answered, wrong)."""
        return (
            len(self._all) - bisect_left(self._all, accept),
            len(self._wrong) - bisect_left(self._wrong, accept),
        )


def _strength(seen: Observation) -> float:
    """The strictest accept threshold that still answers: confidence, or twice the lead."""
    return min(seen.confidence, 2 * seen.margin)


def _prove(counts: _Counts, promise: float, level: float) -> float | None:
    """The loosest threshold that a sequence reaches; None where none proves anything."""
    reached: list[float] = []
    for start in _STARTS:
        for accept in (value for value in _ACCEPTS if value <= start):
            answered, wrong = counts.at(accept)
            if float(binom.cdf(wrong, answered, promise)) > level / len(_STARTS):
                break
            reached.append(accept)
    return min(reached, default=None)


def _looks_right(counts: _Counts, promise: float) -> float:
    """Without proof: one more wrong answer than seen must still fit the promise."""
    for accept in reversed(_ACCEPTS):
        answered, wrong = counts.at(accept)
        if wrong + 1 <= promise * (answered + 1):
            return accept
    return _ACCEPTS[0]


def _reach(seen: Sequence[Observation], cut: float, reject: float, promise: float) -> int:
    """In-scope texts that a cut lets be answered at the promised error rate."""
    counts = _Counts(seen, cut, reject)
    best = 0
    for accept in _ACCEPTS:
        answered, wrong = counts.at(accept)
        if wrong <= promise * answered:
            best = answered
    return best


def _dials(accept: float, cut: float, reject: float) -> Thresholds:
    return Thresholds(
        accept=accept, reject=min(reject, accept), margin=round(accept / 2, 4), out_of_scope=cut
    )


def _curve(seen: Sequence[Observation], cut: float, reject: float) -> Iterator[CurvePoint]:
    everything = _Counts(seen, cut, reject)
    inside = [o for o in seen if not o.is_stranger]
    known = _Counts(inside, cut, reject)
    for accept in _ACCEPTS:
        answered, wrong = everything.at(accept)
        coverage = known.at(accept)[0] / len(inside) if inside else 0.0
        yield CurvePoint(accept, coverage, wrong / answered if answered else 0.0, answered)


def default_thresholds(dial: Dial, seen: Sequence[Observation]) -> Thresholds:
    """The chosen row's; where held-out texts are too few for it, those whose answers bring most."""
    return (
        Thresholds(**dial.chosen.thresholds) if dial.chosen.is_usable else choose_thresholds(seen)
    )
