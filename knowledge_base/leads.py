"""How well the opening of an article fits a question. Knows the order of chunks, no ranking.

An opening says what the whole article is about; a later chunk is read in its light.
"""

from collections.abc import Mapping

import numpy as np

from knowledge_base.index_version import IndexVersion
from knowledge_base.protocols import Ids, Vectors
from knowledge_base.types import Chunk


def lead_scores(
    index: IndexVersion, found: Mapping[int, float], question: Vectors, *, readable: Ids
) -> dict[int, float]:
    """For every chunk found, the cosine of its article's first chunk; its own where that is unread.

    `question` has the shape (1, dimension); `readable` are the sorted numbers of the chunks with
    vectors that take part.
    """
    firsts = {number: number - ordinal(index.chunks[number]) for number in found}
    wanted = np.array(sorted(set(firsts.values()) - found.keys()), dtype=np.int64)
    wanted = wanted[_is_among(wanted, readable)]
    cosines = index.vectors.vectors(wanted) @ question[0] if len(wanted) else ()
    known = dict(found) | {
        int(number): float(cosine) for number, cosine in zip(wanted, cosines, strict=True)
    }
    return {number: known.get(first, found[number]) for number, first in firsts.items()}


def ordinal(chunk: Chunk) -> int:
    """The place of a chunk in its document, from 0."""
    return int(chunk.chunk_id.rsplit(":", 1)[-1])


def _is_among(numbers: Ids, ordered: Ids) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    places = np.searchsorted(ordered, numbers)
    places[places == len(ordered)] = 0
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = ordered[places] == numbers
    return found
