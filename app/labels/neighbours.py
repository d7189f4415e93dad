"""What a reviewer must see beside a label: equal and near texts, in the store and in training."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.content_filter.placeholders import placeholders_of
from app.db.label import LabelRecord
from app.labels.repository import LabelRepository
from routing.dataset import OWN_DATA, LabelledUtterance, load_utterances, normalise
from routing.likeness import SAME, TextIndex

SHOWN = 5
# what a decision says about its message alone; any other reason needed the turns before
_SELF_CONTAINED = re.compile(
    r"classifier|must_not_miss|ambiguous|out_of_scope|language:.*|rule:.*|filter:.*"
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A text like a label's, and what it is labelled as."""

    source: str  # label | training
    label_id: str | None
    status: str | None
    text: str
    intent: str | None
    similarity: float
    agrees: bool

    @property
    def is_same_text(self) -> bool:
        return self.similarity >= SAME


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that a reviewer should know before saying yes."""

    neighbours: tuple[Neighbour, ...]
    placeholders: tuple[str, ...]
    needs_context: bool

    @property
    def is_duplicate(self) -> bool:
        return any(n.is_same_text and n.agrees for n in self.neighbours)

    @property
    def conflict(self) -> str | None:
        """`same`: this very text is labelled otherwise; `near`: one that reads almost like it."""
        against = [n for n in self.neighbours if not n.agrees]
        if any(n.is_same_text for n in against):
            return "same"
        return "near" if against else None


def examine(
    labels: LabelRepository, rows: Sequence[LabelRecord], *, base: Path | None
) -> dict[str, Findings]:
    """The findings of each label, by its id."""
    by_language: dict[str, list[LabelRecord]] = defaultdict(list)
    for row in rows:
        by_language[row.language].append(row)
    found: dict[str, Findings] = {}
    for language, chosen in by_language.items():
        near_base = _near_training(chosen, language, base or OWN_DATA)
        near_labels = _near_labels(chosen, labels.list_in_force(language), language)
        for row, in_base, in_store in zip(chosen, near_base, near_labels, strict=True):
            together = sorted([*in_store, *in_base], key=lambda n: (n.agrees, -n.similarity))
            found[row.id] = Findings(
                tuple(together[: 2 * SHOWN]), placeholders_of(row.text), needs_context(row)
            )
    return found


def needs_context(row: LabelRecord) -> bool:
    """Whether the words alone do not say what was meant ("yes", "the second one")."""
    return _SELF_CONTAINED.fullmatch(row.decided_reason) is None


def _near_training(rows: Sequence[LabelRecord], language: str, base: Path) -> list[list[Neighbour]]:
    utterances, index = _training_index(base, _stamp(base), language)
    found = index.like([row.text for row in rows], limit=SHOWN)
    return [
        [
            Neighbour(
                "training",
                None,
                None,
                utterances[like.place].text,
                utterances[like.place].intent,
                _similarity(row.text, utterances[like.place].text, like.similarity),
                utterances[like.place].intent == row.intent,
            )
            for like in likes
        ]
        for row, likes in zip(rows, found, strict=True)
    ]


def _near_labels(
    rows: Sequence[LabelRecord], store: Sequence[LabelRecord], language: str
) -> list[list[Neighbour]]:
    index = TextIndex([other.text for other in store], language=language)
    found = index.like([row.text for row in rows], limit=SHOWN + 2)
    return [
        [
            Neighbour(
                "label",
                store[like.place].id,
                store[like.place].status,
                store[like.place].text,
                store[like.place].intent,
                _similarity(row.text, store[like.place].text, like.similarity),
                store[like.place].intent == row.intent,
            )
            for like in likes
            if store[like.place].id != row.id
        ][:SHOWN]
        for row, likes in zip(rows, found, strict=True)
    ]


def _similarity(text: str, other: str, cosine: float) -> float:
    """1 for the same text only: what shares every piece need not be the same."""
    return 1.0 if normalise(text) == normalise(other) else min(cosine, SAME - 0.001)


def _stamp(base: Path) -> int:
    files = [base] if base.is_file() else sorted(base.glob("*.jsonl"))
    return max((path.stat().st_mtime_ns for path in files), default=0)


@lru_cache(maxsize=4)
def _training_index(
    base: Path, _stamp: int, language: str
) -> tuple[list[LabelledUtterance], TextIndex]:
    """Built once for each state of the files: the second look costs milliseconds."""
    rows = [row for row in load_utterances(base) if row.language == language]
    return rows, TextIndex([row.text for row in rows], language=language)
