"""How much of what a reader needs a summary says: recall of key facts, ROUGE-2, against baselines.

Every method gives as many units as the document has key facts, so that none wins by length.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean

from knowledge_base.facts.extraction import extract_facts
from knowledge_base.long_document import Unit, read_long_document
from knowledge_base.protocols import Embedder
from knowledge_base.sentences import text_size
from knowledge_base.summaries.extractive import summarise
from knowledge_base.summaries.golden import GoldenDocument, KeyFact
from knowledge_base.summaries.types import SummarySettings
from knowledge_base.tokens import tokenise

SEEDS = 20
METHODS = ("ours", "lead", "lead_of_sections", "random", "best_possible")
_FEWEST_WORDS = 4


@dataclass(frozen=True, slots=True)
class SummaryScore:
    """One method on one document."""

    key_facts: float  # share that one of the sentences says
    rouge_2: float  # share of the reference's word pairs
    words: float  # words, or Chinese characters, of the summary


def score_methods(
    golden: GoldenDocument, embedder: Embedder | None, settings: SummarySettings | None = None
) -> dict[str, SummaryScore]:
    """Every method on one document; random is a mean over seeds."""
    document = read_long_document(golden.text)
    count = len(golden.key_facts)
    ours = summarise(
        document,
        embedder=embedder,
        facts=extract_facts(document),
        sentences=count,
        settings=settings,
    )
    units = [unit for unit in document.units if text_size(unit.plain) >= _FEWEST_WORDS]
    scores = {
        "ours": _score(golden, [one.unit for one in ours.selected]),
        "lead": _score(golden, units[:count]),
        "lead_of_sections": _score(golden, _leads(units, count)),
        "best_possible": _score(golden, _best_possible(golden, units, count)),
    }
    drawn = [
        _score(golden, random.Random(seed).sample(units, min(count, len(units))))  # noqa: S311 -- a baseline
        for seed in range(SEEDS)
    ]
    scores["random"] = SummaryScore(
        *(mean(getattr(one, field) for one in drawn) for field in SummaryScore.__slots__)
    )
    return scores


def mean_scores(scores: Sequence[dict[str, SummaryScore]]) -> dict[str, dict[str, float]]:
    """The mean over documents, each counting the same."""
    return {
        method: {
            field: round(mean(getattr(one[method], field) for one in scores), 4)
            for field in SummaryScore.__slots__
        }
        for method in METHODS
    }


def _score(golden: GoldenDocument, units: Sequence[Unit]) -> SummaryScore:
    said = [unit.plain for unit in units]
    stated = mean(any(map(fact.is_stated_in, said)) for fact in golden.key_facts)
    reference = _pairs(fact.says for fact in golden.key_facts)
    found = _pairs(said)
    shared = sum((reference & found).values()) / max(1, sum(reference.values()))
    return SummaryScore(stated, shared, sum(map(text_size, said)))


def _pairs(sentences: Iterable[str]) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for sentence in sentences:
        words = tokenise(sentence)
        counted.update(pairwise(words))
    return counted


def _leads(units: Sequence[Unit], count: int) -> list[Unit]:
    """The first unit of every section, evenly spread, then the second ones."""
    ranks: Counter[int] = Counter()
    ranked: list[tuple[int, Unit]] = []
    for unit in units:
        ranked.append((ranks[unit.section], unit))
        ranks[unit.section] += 1
    chosen: list[Unit] = []
    for rank in range(max(ranks.values(), default=0)):
        level = [unit for own, unit in ranked if own == rank]
        room = count - len(chosen)
        step = max(1.0, len(level) / max(1, room))
        chosen += [level[int(number * step)] for number in range(min(room, len(level)))]
    return chosen


def _best_possible(golden: GoldenDocument, units: Sequence[Unit], count: int) -> list[Unit]:
    """Greedy cover of the key facts: what no choice of whole units can pass by much."""
    open_facts: list[KeyFact] = list(golden.key_facts)
    chosen: list[Unit] = []

    def gain(unit: Unit) -> int:
        return sum(fact.is_stated_in(unit.plain) for fact in open_facts)

    while open_facts and len(chosen) < count:
        best = max(units, key=gain)
        if not gain(best):
            break
        chosen.append(best)
        open_facts = [fact for fact in open_facts if not fact.is_stated_in(best.plain)]
    return chosen
