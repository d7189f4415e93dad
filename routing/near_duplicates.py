"""Texts that differ in a few letters: every pair, exactly. Pure: no model, no file.

Similar is, whose character n-grams overlap (Jaccard). Two sets at 0.8 or more must share one of the
rarest fifth of their n-grams, so only those are looked up (prefix filtering: Bayardo, Ma & Srikant,
"Scaling up all pairs similarity search", WWW 2007).
"""

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from routing.language import has_cjk
from routing.utterances import normalise

SIMILAR = 0.8  # Jaccard similarity from which two texts are near-duplicates
_MOST_LOOKED_UP = 500  # texts that share an n-gram; a template of thousands is cut there

Shingles = frozenset[int]


def shingles(text: str) -> Shingles:
    """Hashed character n-grams of the normalised text: four letters, or two Chinese characters."""
    padded = f" {normalise(text)} "
    size = 2 if has_cjk(padded) else 4
    grams = {padded[i : i + size] for i in range(max(1, len(padded) - size + 1))}
    return frozenset(zlib.crc32(gram.encode()) for gram in grams)


def find_pairs(texts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """(place, later place, similarity) of every pair of near-duplicates."""
    grams = [shingles(text) for text in texts]
    rarity = Counter(gram for found in grams for gram in found)
    index: dict[int, list[int]] = defaultdict(list)
    for place in sorted(range(len(grams)), key=lambda place: (len(grams[place]), place)):
        mine = grams[place]
        rarest = sorted(mine, key=lambda gram: (rarity[gram], gram))[: _prefix(len(mine))]
        others = {other for gram in rarest for other in index[gram][-_MOST_LOOKED_UP:]}
        for other in sorted(others):
            similarity = _similarity(mine, grams[other])
            if similarity >= SIMILAR:
                yield min(place, other), max(place, other), similarity
        for gram in rarest:
            index[gram].append(place)


def join_pairs(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Connected components: for each place the smallest place that it is joined with."""
    parent = list(range(count))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for first, second in pairs:
        a, b = root(first), root(second)
        parent[max(a, b)] = min(a, b)
    return [root(place) for place in range(count)]


def _prefix(size: int) -> int:
    """How many of the rarest n-grams a similar text must share one of."""
    return size - ceil(SIMILAR * size) + 1


def _similarity(larger: Shingles, smaller: Shingles) -> float:
    """Jaccard: shared n-grams over all; 0 where the sizes alone rule it out."""
    if len(smaller) < SIMILAR * len(larger):
        return 0.0
    shared = len(larger & smaller)
    return shared / (len(larger) + len(smaller) - shared)
