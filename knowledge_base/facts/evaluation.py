"""Precision and recall of fact extraction on labelled texts. Knows no file and no rule."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge_base.facts.labels import Label
from knowledge_base.facts.types import Fact, FactKind


@dataclass(frozen=True, slots=True)
class FactScore:
    """How one kind was read."""

    labelled: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """Share of what was found that is labelled so."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what is labelled that was found."""
        return self.right / self.labelled if self.labelled else 1.0


@dataclass(frozen=True, slots=True)
class Judged:
    """Facts and labels of one document, paired."""

    right: tuple[Fact, ...]
    wrong: tuple[Fact, ...]
    missed: tuple[Label, ...]


def judge_facts(facts: Sequence[Fact], labels: Sequence[Label]) -> Judged:
    """Pair facts with labels: the same kind, overlapping words, the same value where one is said.

    An open label forgives a fact of its kind in the same sentence and is never missed.
    """
    waiting = [label for label in labels if not label.is_open]
    right: list[Fact] = []
    wrong: list[Fact] = []
    for fact in facts:
        match = next((label for label in waiting if _is_same(fact, label)), None)
        if match is not None:
            waiting.remove(match)
            right.append(fact)
        elif not any(_is_forgiven(fact, label) for label in labels):
            wrong.append(fact)
    return Judged(tuple(right), tuple(wrong), tuple(waiting))


def score_facts(judged: Iterable[Judged]) -> dict[FactKind, FactScore]:
    """Counts over all documents, by kind."""
    right: Counter[FactKind] = Counter()
    wrong: Counter[FactKind] = Counter()
    missed: Counter[FactKind] = Counter()
    for one in judged:
        right.update(fact.kind for fact in one.right)
        wrong.update(fact.kind for fact in one.wrong)
        missed.update(label.kind for label in one.missed)
    return {
        kind: FactScore(right[kind] + missed[kind], right[kind] + wrong[kind], right[kind])
        for kind in FactKind
        if right[kind] + wrong[kind] + missed[kind]
    }


def _is_same(fact: Fact, label: Label) -> bool:
    overlaps = fact.start < label.end and label.start < fact.end
    return fact.kind is label.kind and overlaps and label.normalised in (None, fact.normalised)


def _is_forgiven(fact: Fact, label: Label) -> bool:
    in_quote = fact.quote_start <= label.start <= fact.quote_start + len(fact.quote)
    return label.is_open and fact.kind is label.kind and in_quote
