"""Summarise a long document in its own words, every sentence an exact span. Knows no web, no model.

Importance is LexRank centrality with the place and the facts of a sentence beside it; redundancy is
kept out by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998); every major part has
seats by its size.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from knowledge_base.facts.types import Fact, FactKind
from knowledge_base.long_document import LongDocument, Unit, UnitKind
from knowledge_base.protocols import Embedder
from knowledge_base.sentences import text_size
from knowledge_base.summaries.centrality import Floats, lexrank, similarities
from knowledge_base.summaries.sections import major_parts, share_seats, size_of_parts
from knowledge_base.summaries.types import ExtractiveSummary, Selected, SummarySettings
from knowledge_base.tokens import tokenise

DEFAULT_SENTENCES = 12
MOST_SENTENCES = 60
_FEWEST_WORDS = 4
_NO_STATEMENT = re.compile(r"[?？:：]\s*$")
_TELLING = frozenset(FactKind) - {FactKind.URL, FactKind.EMAIL, FactKind.PHONE, FactKind.PERIOD}
_ENOUGH_FACTS = 2  # more in one sentence add nothing


def summarise(
    document: LongDocument,
    *,
    embedder: Embedder | None,
    facts: Sequence[Fact] = (),
    sentences: int = DEFAULT_SENTENCES,
    is_excluded: Callable[[str], bool] = lambda _text: False,
    settings: SummarySettings | None = None,
) -> ExtractiveSummary:
    """At most so many units in reading order; fewer where the document has fewer.

    Without an embedder that reads the language, likeness is that of words alone. `is_excluded` is
    asked about the words of a unit before it may be chosen. The same input gives the same summary.
    """
    settings = settings or SummarySettings()
    candidates = _candidates(document, is_excluded, settings.most_candidates)
    if not candidates:
        return ExtractiveSummary(document, ())
    similarity = similarities(
        [unit.plain for unit in candidates], embedder, dense_share=settings.dense_share
    )
    scores = _scores(document, candidates, similarity, facts, settings)
    parts = major_parts(document)
    count = min(sentences, len(candidates))
    seats = share_seats(_present(document, candidates), count)
    choice = _Choice(scores, similarity, settings.diversity)
    for part, own in sorted(seats.items(), key=lambda item: -item[1]):
        choice.take([n for n, unit in enumerate(candidates) if parts[unit.section] == part], own)
    choice.take(range(len(candidates)), count - len(choice.taken))  # of parts with too few
    selected = (Selected(candidates[n], float(scores[n])) for n in sorted(choice.taken))
    return ExtractiveSummary(document, tuple(selected))


def _candidates(
    document: LongDocument, is_excluded: Callable[[str], bool], most: int
) -> list[Unit]:
    """Units that say something alone; the same words a second time are none."""
    seen: set[str] = set()
    found: list[Unit] = []
    for unit in document.units:
        words = " ".join(unit.plain.casefold().split())
        if words in seen or text_size(words) < _FEWEST_WORDS or _NO_STATEMENT.search(words):
            continue
        seen.add(words)
        if not is_excluded(unit.plain):
            found.append(unit)
    return found if len(found) <= most else _most_typical(found, most)


def _most_typical(units: list[Unit], most: int) -> list[Unit]:
    """A first cut in linear time: units whose words are frequent in the document."""
    tokens = [set(tokenise(unit.plain)) for unit in units]
    counts = Counter(token for words in tokens for token in words)
    weight = [sum(np.log1p(counts[token]) for token in words) for words in tokens]
    kept = sorted(range(len(units)), key=lambda number: -weight[number])[:most]
    return [units[number] for number in sorted(kept)]


def _present(document: LongDocument, candidates: Sequence[Unit]) -> dict[tuple[str, ...], int]:
    """Sizes of the parts that have a candidate."""
    parts = major_parts(document)
    sizes = size_of_parts(document, parts)
    present = {parts[unit.section] for unit in candidates}
    return {part: size for part, size in sizes.items() if part in present}


def _scores(
    document: LongDocument,
    units: Sequence[Unit],
    similarity: Floats,
    facts: Sequence[Fact],
    settings: SummarySettings,
) -> Floats:
    """One number for each candidate: (n,)."""
    telling = Counter(fact.quote_start for fact in facts if fact.kind in _TELLING)
    leads = {unit.section: unit.start for unit in reversed(document.units)}
    scores = settings.centrality * lexrank(similarity, damping=settings.damping)
    for number, unit in enumerate(units):
        scores[number] += settings.lead * (unit.start == leads[unit.section])
        scores[number] += settings.facts * min(telling[unit.start], _ENOUGH_FACTS) / _ENOUGH_FACTS
        scores[number] += settings.row * (unit.kind is UnitKind.ROW)
    return scores


class _Choice:
    """MMR: important, and unlike what was taken before."""

    def __init__(
        self,
        scores: Floats,
        similarity: Floats,
        diversity: float,
    ) -> None:
        self.taken: list[int] = []
        self._similarity = similarity
        self._diversity = diversity
        self._scores = (1 - diversity) * scores
        self._nearest = np.zeros(len(scores), dtype=np.float32)

    def take(self, members: Iterable[int], count: int) -> None:
        """The best so many of these; of equal ones the earlier."""
        waiting = [number for number in members if number not in set(self.taken)]
        for _ in range(min(count, len(waiting))):
            best = max(waiting, key=lambda number: (self._gain(number), -number))
            waiting.remove(best)
            self.taken.append(best)
            self._nearest = np.maximum(self._nearest, self._similarity[:, best])

    def _gain(self, number: int) -> float:
        return float(self._scores[number] - self._diversity * self._nearest[number])
