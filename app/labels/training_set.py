"""Base utterances and accepted labels become one training set. Pure; nothing is dropped unsaid."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from routing.dataset import LabelledUtterance, normalise

FEWEST_TO_HOLD_OUT = 25  # labels; with fewer every one is learnt
HELD_OUT_OF = 5  # one in so many labels is kept for measuring, in every run the same ones


@dataclass(frozen=True, slots=True)
class AcceptedLabel:
    """What a second person agreed to."""

    id: str
    text: str
    intent: str | None
    language: str

    @property
    def utterance(self) -> LabelledUtterance:
        return LabelledUtterance(self.text, self.intent, self.language)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rows of which only one can be learnt, or none; `kind` says what was done."""

    kind: str  # base_replaced | labels_disagree | unknown_intent | in_evaluation_set
    text: str
    label_id: str
    label_intent: str | None
    other_intent: str | None = None


@dataclass(slots=True)
class TrainingSet:
    """What will be learnt, what is kept for measuring, and what stood in the way."""

    learnt: list[LabelledUtterance] = field(default_factory=list)
    held_out: list[LabelledUtterance] = field(default_factory=list)
    label_ids: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    base_rows: int = 0
    duplicates: int = 0  # labels that say what the base says already

    def facts(self) -> dict[str, Any]:
        """Counts and conflicts, as plain JSON."""
        return {
            "base_rows": self.base_rows,
            "learnt_rows": len(self.learnt),
            "labels": len(self.label_ids),
            "held_out_labels": len(self.held_out),
            "duplicates": self.duplicates,
            "conflicts": [asdict(conflict) for conflict in self.conflicts],
        }


def text_key(text: str) -> str:
    """The same for texts that differ only in case, width, punctuation and spaces."""
    return hashlib.sha256(normalise(text).encode("utf-8", "replace")).hexdigest()


def build_training_set(
    base: Sequence[LabelledUtterance],
    labels: Sequence[AcceptedLabel],
    *,
    intents: Collection[str],
    evaluated: Iterable[str] = (),
) -> TrainingSet:
    """A label replaces the base row of its text; labels that disagree are both left out.

    `evaluated` are texts that models are measured on: they are never learnt.
    """
    found = TrainingSet(base_rows=len(base))
    usable = _without_conflicts(labels, intents, {normalise(text) for text in evaluated}, found)
    replaced = _keep_base(base, usable, found)
    _add_labels(usable, replaced, found)
    return found


def _without_conflicts(
    labels: Sequence[AcceptedLabel],
    intents: Collection[str],
    evaluated: Collection[str],
    found: TrainingSet,
) -> dict[str, AcceptedLabel]:
    said: dict[str, list[AcceptedLabel]] = defaultdict(list)
    for label in labels:
        key = normalise(label.text)
        if label.intent is not None and label.intent not in intents:
            found.conflicts.append(_conflict("unknown_intent", label))
        elif key in evaluated:
            found.conflicts.append(_conflict("in_evaluation_set", label))
        else:
            said[key].append(label)
    usable: dict[str, AcceptedLabel] = {}
    for key, same in said.items():
        if len({label.intent for label in same}) == 1:
            usable[key] = same[0]
            found.label_ids += [label.id for label in same]
        else:
            votes = Counter(label.intent for label in same)
            for label in same:
                other = next(intent for intent in votes if intent != label.intent)
                found.conflicts.append(_conflict("labels_disagree", label, other))
    return usable


def _keep_base(
    base: Sequence[LabelledUtterance], usable: dict[str, AcceptedLabel], found: TrainingSet
) -> set[str]:
    """Base rows except those that a label contradicts; the keys of labels that add nothing."""
    nothing_new: set[str] = set()
    for row in base:
        label = usable.get(row.normalised)
        if label is not None and label.intent != row.intent:
            found.conflicts.append(_conflict("base_replaced", label, row.intent))
            continue
        if label is not None:
            nothing_new.add(row.normalised)
            found.duplicates += 1
        found.learnt.append(row)
    return nothing_new


def _add_labels(
    usable: dict[str, AcceptedLabel], nothing_new: set[str], found: TrainingSet
) -> None:
    holds_out = len(usable) >= FEWEST_TO_HOLD_OUT
    for key, label in usable.items():
        if key in nothing_new:
            continue
        is_kept_back = holds_out and int(text_key(label.text)[:8], 16) % HELD_OUT_OF == 0
        (found.held_out if is_kept_back else found.learnt).append(label.utterance)


def _conflict(kind: str, label: AcceptedLabel, other: str | None = None) -> Conflict:
    return Conflict(kind, label.text, label.id, label.intent, other)
