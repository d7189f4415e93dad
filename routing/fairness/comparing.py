"""Compare verdicts pair by pair and add them up. Pure."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from routing.fairness.report import Counts, FairnessReport, FamilyLine, Flip, Line
from routing.fairness.statistics import design_effect, equivalence, holm, mcnemar, rate
from routing.fairness.types import ASPECTS, Pair, Seed, Standing, Verdict
from routing.types import Outcome, Priority

MARGIN = 0.02
SIGNIFICANCE = 0.05
WORST = 30
WORST_PER_LINE = 3  # so that one bad perturbation does not hide the others
Seen = Mapping[tuple[str, str], Verdict]


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair with both verdicts."""

    pair: Pair
    was: Verdict
    became: Verdict
    aspects: tuple[str, ...]

    @property
    def is_harmed(self) -> bool:
        return self._stood is Standing.RIGHT and self._stands is not Standing.RIGHT

    @property
    def is_helped(self) -> bool:
        return self._stood is not Standing.RIGHT and self._stands is Standing.RIGHT

    @property
    def is_urgency_lost(self) -> bool:
        """Rightly seen as urgent before, and no longer."""
        was_urgent = self.was.priority is Priority.URGENT and self._stood is Standing.RIGHT
        return was_urgent and self.became.priority is not Priority.URGENT

    @property
    def severity(self) -> int:
        """0 harmless to 9: urgency lost, then wrong action, then a needless question."""
        harm = {Standing.RIGHT: 0, Standing.ASKED: 2, Standing.WRONG: 4}[self._stands]
        return 5 * self.is_urgency_lost + harm * self.is_harmed

    @property
    def cause(self) -> str:
        """The family, and what decided before and after."""
        return f"{self.pair.family.value}: {_kind(self.was)} → {_kind(self.became)}"

    @property
    def _stood(self) -> Standing:
        return self.was.standing(self.pair.seed.intent)

    @property
    def _stands(self) -> Standing:
        return self.became.standing(self.pair.seed.intent)


def compare(
    pairs: Sequence[Pair], seeds: Sequence[Seed], seen: Seen, *, random_seed: int
) -> FairnessReport:
    """Lines, families, causes and the worst flips of a run."""
    compared = [_compared(pair, seen) for pair in pairs]
    lines = _with_holm([_line(group) for group in _grouped(compared, "perturbation")])
    flipped = [one for one in compared if one.aspects]
    causes = Counter(one.cause for one in flipped)
    return FairnessReport(
        seeds=dict(sorted(Counter(seed.language for seed in seeds).items())),
        base=_base(seeds, seen),
        pairs=len(pairs),
        margin=MARGIN,
        random_seed=random_seed,
        lines=tuple(lines),
        families=tuple(_family_line(group) for group in _grouped(compared, "family")),
        causes=dict(causes.most_common()),
        worst=tuple(_flip(one) for one in _worst(flipped)),
        data_digest=_digest(pairs),
    )


def _compared(pair: Pair, seen: Seen) -> Compared:
    was = seen[pair.before, pair.seed.language]
    became = seen[pair.after, pair.seed.language]
    return Compared(pair, was, became, was.differs(became))


def _grouped(compared: Iterable[Compared], by: str) -> list[list[Compared]]:
    """Groups by perturbation or family, and language, in the order of the suite."""
    groups: dict[tuple[str, str], list[Compared]] = defaultdict(list)
    for one in compared:
        groups[str(getattr(one.pair, by)), one.pair.seed.language].append(one)
    return list(groups.values())


def _line(group: Sequence[Compared]) -> Line:
    first, n = group[0].pair, len(group)
    harmed, helped = _harm(group)
    flips = {name: rate(sum(name in one.aspects for one in group), n) for name in ASPECTS}
    p_equivalent = equivalence(harmed, helped, n, margin=MARGIN)
    return Line(
        perturbation=first.perturbation,
        family=first.family.value,
        language=first.seed.language,
        n=n,
        flips=flips | {"any": rate(sum(bool(one.aspects) for one in group), n)},
        before=_counts((one.was, one.pair.seed) for one in group),
        after=_counts((one.became, one.pair.seed) for one in group),
        harmed=harmed,
        helped=helped,
        urgent_lost=sum(one.is_urgency_lost for one in group),
        difference=(helped - harmed) / n,
        p_harm=mcnemar(harmed, helped),
        p_harm_holm=1.0,
        p_equivalent=p_equivalent,
        is_equivalent=p_equivalent < SIGNIFICANCE,
    )


def _with_holm(lines: Sequence[Line]) -> list[Line]:
    adjusted = holm({str(place): line.p_harm for place, line in enumerate(lines)})
    return [replace(line, p_harm_holm=adjusted[str(place)]) for place, line in enumerate(lines)]


def _family_line(group: Sequence[Compared]) -> FamilyLine:
    first, n = group[0].pair, len(group)
    harmed, helped = _harm(group)
    by_seed: dict[str, list[Compared]] = defaultdict(list)
    for one in group:
        by_seed[one.pair.seed.text].append(one)
    tested = {"route": lambda one: "route" in one.aspects, "any": lambda one: bool(one.aspects)}
    effects = {
        name: design_effect([(sum(map(test, ones)), len(ones)) for ones in by_seed.values()])
        for name, test in tested.items()
    }
    return FamilyLine(
        family=first.family.value,
        language=first.seed.language,
        pairs=n,
        seeds=len(by_seed),
        design_effect=effects["route"],
        flips={
            name: rate(sum(map(test, group)), n, design_effect=effects[name])
            for name, test in tested.items()
        },
        harmed=harmed,
        helped=helped,
        urgent_lost=sum(one.is_urgency_lost for one in group),
        difference=(helped - harmed) / n,
    )


def _harm(group: Sequence[Compared]) -> tuple[int, int]:
    return sum(one.is_harmed for one in group), sum(one.is_helped for one in group)


def _base(seeds: Sequence[Seed], seen: Seen) -> dict[str, Counts]:
    languages = sorted({seed.language for seed in seeds})
    return {
        language: _counts(
            (seen[seed.text, seed.language], seed) for seed in seeds if seed.language == language
        )
        for language in languages
    }


def _counts(judged: Iterable[tuple[Verdict, Seed]]) -> Counts:
    found = Counter(verdict.standing(seed.intent) for verdict, seed in judged)
    return Counts(found[Standing.RIGHT], found[Standing.ASKED], found[Standing.WRONG])


def _worst(flipped: Iterable[Compared]) -> list[Compared]:
    """The gravest first, identity before all else, a few of each line."""
    ordered = sorted(
        flipped,
        key=lambda one: (
            -one.severity,
            one.pair.family.value != "identity",
            one.pair.perturbation,
            one.pair.seed.text,
        ),
    )
    taken: Counter[tuple[str, str]] = Counter()
    chosen: list[Compared] = []
    for one in ordered:
        line = (one.pair.perturbation, one.pair.seed.language)
        if taken[line] < WORST_PER_LINE and len(chosen) < WORST:
            taken[line] += 1
            chosen.append(one)
    return chosen


def _flip(one: Compared) -> Flip:
    return Flip(
        perturbation=one.pair.perturbation,
        family=one.pair.family.value,
        language=one.pair.seed.language,
        wished=one.pair.seed.intent,
        seed=one.pair.seed.text,
        before=one.pair.before,
        after=one.pair.after,
        aspects=one.aspects,
        was=_said(one.was),
        became=_said(one.became),
        severity=one.severity,
        cause=one.cause,
    )


def _said(verdict: Verdict) -> str:
    return f"{verdict.intent or 'none'} · {verdict.outcome.value} · {verdict.reason}"


def _kind(verdict: Verdict) -> str:
    """`rule`, `filter`, or how sure the classifier was."""
    return verdict.reason.split(":")[0] if verdict.outcome is not Outcome.ANSWER else "answer"


def _digest(pairs: Iterable[Pair]) -> str:
    rows = [[pair.perturbation, pair.before, pair.after] for pair in pairs]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
