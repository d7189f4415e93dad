"""How real traffic went by language and channel, from stored decisions. Pure counting."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from routing.fairness.statistics import Rate, rate

# to see 5 points at a base of 90 % with 80 % power; smaller slices are shown, not judged
SMALLEST_JUDGED = 680
FOUR_FIFTHS = 0.8


class Served(NamedTuple):
    """One decided turn."""

    decision_id: str
    language: str
    channel: str
    outcome: str  # answer | clarify | handoff | blocked


@dataclass(frozen=True, slots=True)
class Slice:
    """One language, or one channel."""

    by: str
    key: str
    turns: int
    answer: Rate
    clarify: Rate
    handoff: Rate
    blocked: Rate
    accuracy: Rate  # of the decisions that people checked; n = 0 where nobody did
    is_large_enough: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """The worst slice against the best of those that are large enough."""

    by: str
    measure: str
    worst: str
    best: str
    points: float
    ratio: float  # four-fifths rule: below 0.8 deserves a look


@dataclass(frozen=True, slots=True)
class SliceReport:
    """All slices of a period, and where they lie apart."""

    slices: tuple[Slice, ...]
    gaps: tuple[Gap, ...] = field(default=())


def report(served: Iterable[Served], checked: Mapping[str, bool]) -> SliceReport:
    """Slices by language and by channel; `checked` says which decisions people found right."""
    rows = list(served)
    slices = tuple(one for by in ("language", "channel") for one in _slices(rows, checked, by))
    return SliceReport(slices, tuple(_gaps(slices)))


def _slices(rows: list[Served], checked: Mapping[str, bool], by: str) -> list[Slice]:
    groups: dict[str, list[Served]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, by)].append(row)
    return [_slice(by, key, groups[key], checked) for key in sorted(groups)]


def _slice(by: str, key: str, rows: list[Served], checked: Mapping[str, bool]) -> Slice:
    n = len(rows)
    outcomes = Counter(row.outcome for row in rows)
    known = [checked[row.decision_id] for row in rows if row.decision_id in checked]
    return Slice(
        by=by,
        key=key,
        turns=n,
        answer=rate(outcomes["answer"], n),
        clarify=rate(outcomes["clarify"], n),
        handoff=rate(outcomes["handoff"], n),
        blocked=rate(outcomes["blocked"], n),
        accuracy=rate(sum(known), len(known)),
        is_large_enough=n >= SMALLEST_JUDGED,
    )


def _gaps(slices: Iterable[Slice]) -> Iterable[Gap]:
    large: dict[str, list[Slice]] = defaultdict(list)
    for one in slices:
        if one.is_large_enough:
            large[one.by].append(one)
    for by, group in large.items():
        if len(group) < 2:
            continue
        worst = min(group, key=lambda one: one.answer.share)
        best = max(group, key=lambda one: one.answer.share)
        low, high = worst.answer.share, best.answer.share
        yield Gap(by, "answer", worst.key, best.key, high - low, low / high if high else 1.0)
