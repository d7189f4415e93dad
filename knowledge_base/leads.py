"""How well the opening of an article fits a question. Knows the order of chunks, no ranking.

An opening says what the whole article is about; a later chunk is read in its light.
"""

from collections.abc import Callable, Mapping

import numpy as np

from knowledge_base.protocols import Vectors
from knowledge_base.snapshot import Snapshot
from knowledge_base.types import Chunk


def lead_scores(
    index: Snapshot,
    found: Mapping[int, float],
    question: Vectors,
    *,
    chunk: Callable[[int], Chunk],
) -> dict[int, float]:
    """For every chunk found, the cosine of its article's first chunk; its own where that has none.

    `question` has the shape (1, dimension); `chunk` gives the chunk of a number.
    """
    firsts = {number: number - ordinal(chunk(number)) for number in found}
    wanted = np.array(sorted(set(firsts.values()) - found.keys()), dtype=np.int64)
    cosines = index.cosines(question, wanted)
    known = dict(found) | {
        int(number): float(cosine)
        for number, cosine in zip(wanted, cosines, strict=True)
        if not np.isnan(cosine)
    }
    return {number: known.get(first, found[number]) for number, first in firsts.items()}


def ordinal(chunk: Chunk) -> int:
    """The place of a chunk in its document, from 0."""
    return int(chunk.chunk_id.rsplit(":", 1)[-1])
