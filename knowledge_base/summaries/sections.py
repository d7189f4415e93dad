"""Which parts a document has, and how many sentences of a summary each may have. Pure."""

from collections.abc import Mapping, Sequence

from knowledge_base.long_document import LongDocument
from knowledge_base.sentences import text_size

Part = tuple[str, ...]


def major_parts(document: LongDocument) -> list[Part]:
    """For each section the part that it belongs to: the headings down to where they differ."""
    paths = [section.headings for section in document.sections]
    depth = 1
    deepest = max((len(path) for path in paths), default=0)
    while depth < deepest and len({path[:depth] for path in paths}) == 1:
        depth += 1
    return [path[:depth] for path in paths]


def size_of_parts(document: LongDocument, parts: Sequence[Part]) -> dict[Part, int]:
    """Words, or Chinese characters, in each part, in reading order."""
    sizes: dict[Part, int] = {}
    for unit in document.units:
        part = parts[unit.section]
        sizes[part] = sizes.get(part, 0) + text_size(unit.plain)
    return sizes


def share_seats(sizes: Mapping[Part, int], seats: int) -> dict[Part, int]:
    """Seats by Sainte-Laguë; each part has one first, the largest where there are not enough."""
    by_size = sorted(sizes, key=lambda part: -sizes[part])
    shares = dict.fromkeys(sizes, 0)
    for part in by_size[:seats]:
        shares[part] = 1
    for _ in range(seats - len(by_size)):
        best = max(by_size, key=lambda part: sizes[part] / (2 * shares[part] + 1))
        shares[best] += 1
    return shares
