"""What a run found: frozen values that become JSON. Knows no model and no statistics."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from routing.fairness.statistics import Rate

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were served right, asked back, or served wrongly."""

    right: int
    asked: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Line:
    """One perturbation in one language."""

    perturbation: str
    family: str
    language: str
    n: int
    flips: dict[str, Rate]  # by aspect, and "any"
    before: Counts
    after: Counts
    harmed: int  # right before, not right after
    helped: int
    urgent_lost: int  # rightly urgent before, not urgent after
    difference: float  # share served right, after minus before
    p_harm: float  # exact McNemar
    p_harm_holm: float  # over all lines of the run
    p_equivalent: float  # TOST
    is_equivalent: bool  # at 5 %, within the margin


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """All perturbations of a family in one language; intervals allow for shared seeds."""

    family: str
    language: str
    pairs: int
    seeds: int
    design_effect: float  # of the route flips
    flips: dict[str, Rate]  # route and any
    harmed: int
    helped: int
    urgent_lost: int
    difference: float


@dataclass(frozen=True, slots=True)
class Flip:
    """One pair that was not treated alike."""

    perturbation: str
    family: str
    language: str
    wished: str | None
    seed: str
    before: str
    after: str
    aspects: tuple[str, ...]
    was: str  # intent · outcome · reason
    became: str
    severity: int
    cause: str


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """Everything measured in one run."""

    seeds: dict[str, int]
    base: dict[str, Counts]  # the unchanged seeds, by language
    pairs: int
    margin: float
    random_seed: int
    lines: tuple[Line, ...]
    families: tuple[FamilyLine, ...]
    causes: dict[str, int]  # flips by cause, most first
    worst: tuple[Flip, ...]
    data_digest: str
    model_version: str = ""
    has_filter: bool = False
    seconds: float = 0.0
    format: int = FORMAT

    def with_facts(self, *, model_version: str, has_filter: bool, seconds: float) -> Self:
        """The same with what the comparison could not know."""
        return replace(self, model_version=model_version, has_filter=has_filter, seconds=seconds)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)

    def line(self, perturbation: str, language: str) -> Line:
        """One line; KeyError where the suite has none such."""
        for line in self.lines:
            if (line.perturbation, line.language) == (perturbation, language):
                return line
        raise KeyError((perturbation, language))
