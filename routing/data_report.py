"""What a data set held and what became of it. Plain values for people; reads nothing."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

_EXAMPLES = 5
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Conflict:
    """One text under several labels, and what was done."""

    text: str
    labels: dict[str, int]  # label -> rows
    rows: list[str]
    resolution: str  # kept as LABEL | dropped


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two texts that differ in a few letters."""

    first: str
    second: str
    first_intent: str
    second_intent: str
    similarity: float

    @property
    def is_conflict(self) -> bool:
        return self.first_intent != self.second_intent


@dataclass(slots=True)
class DataReport:
    """Counts, reasons and examples; filled while reading."""

    source: str
    rows: int = 0
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)  # reason -> rows
    examples: dict[str, list[str]] = field(default_factory=dict)  # reason -> "where: text"
    conflicts: list[Conflict] = field(default_factory=list)  # the first of them
    conflict_texts: int = 0
    near_duplicates: list[NearDuplicate] = field(default_factory=list)  # the first of them
    near_duplicate_pairs: int = 0
    languages: dict[str, int] = field(default_factory=dict)
    intents: int = 0
    out_of_scope: int = 0
    smallest: dict[str, int] = field(default_factory=dict)  # the intents with the fewest texts
    sampled_share: float = 1.0
    warnings: list[str] = field(default_factory=list)

    def drop(self, reason: str, where: str, text: str) -> None:
        self.dropped[reason] += 1
        shown = self.examples.setdefault(reason, [])
        if len(shown) < _EXAMPLES:
            shown.append(f"{where}: {text[:80]}")

    def conflict(self, found: Conflict) -> None:
        self.conflict_texts += 1
        if len(self.conflicts) < _SHOWN:
            self.conflicts.append(found)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"dropped": dict(self.dropped)}

    def summary(self) -> str:
        """A few lines for the terminal."""
        lines = [
            f"data: {self.source}: {self.rows:,} rows, {self.kept:,} kept, {self.intents} intents, "
            f"{self.out_of_scope} out of scope, languages "
            + ", ".join(f"{name} {count}" for name, count in self.languages.items())
        ]
        lines += [f"  dropped {count:,}: {why}" for why, count in sorted(self.dropped.items())]
        if self.conflict_texts:
            lines.append(f"  {self.conflict_texts} texts stood under several labels")
        if self.near_duplicate_pairs:
            lines.append(f"  {self.near_duplicate_pairs} pairs of near-duplicates")
        return "\n".join(lines + [f"  note: {warning}" for warning in self.warnings])
