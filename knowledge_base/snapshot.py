"""What one search reads: the segments of an index as one numbering of chunks. Immutable.

A document that changed since the base was built is hidden in the base; its present form, if it has
one, is in the segment of changes. What has ended lies in the history, which only searches of a past
moment read.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import overload

import numpy as np

from knowledge_base.chunk_facts import ChunkFacts
from knowledge_base.example_index import ExampleIndex
from knowledge_base.keyword_index import KeywordIndex, Scores
from knowledge_base.manifest import IndexManifest
from knowledge_base.protocols import Ids, Mask, Vectors
from knowledge_base.segment import Segment
from knowledge_base.types import STRANGE, Audience, Chunk, DocumentKey

_REMEMBERED = 32  # kinds of readers whose rights are kept; a byte for every chunk


class Snapshot:
    """Chunk numbers run through the segments in their order, the base first."""

    def __init__(self, segments: Sequence[Segment], examples: ExampleIndex) -> None:
        self.segments = tuple(segments)
        self.keywords = _Keywords(self.segments)
        self.chunks = _Chunks(self.segments)
        self.examples = examples.only(_intents_of(self.segments))
        self._facts = ChunkFacts.joined([segment.facts for segment in self.segments])
        self._visible = np.concatenate(_visible(self.segments))
        times = np.concatenate([self._facts.starts, self._facts.ends])
        self._borders = np.unique(times[np.isfinite(times)])  # where what is shown changes
        self._shown: dict[tuple[str | None, frozenset[Audience], int], Mask] = {}

    @property
    def manifest(self) -> IndexManifest:
        """Of the base: what was measured when it was built holds for the changes too."""
        return self.segments[0].manifest

    @property
    def version(self) -> str:
        """Names the base and, where there are any, the changes and the history."""
        return "+".join(segment.manifest.version for segment in self.segments)

    def readable(
        self, *, locale: str | None, audiences: Collection[Audience], at: datetime
    ) -> Mask:
        """Which chunks this reader is shown at this moment. Read only: it is shared."""
        era = int(np.searchsorted(self._borders, at.timestamp(), side="right"))
        readers = (locale, frozenset(audiences), era)
        found = self._shown.get(readers)
        if found is None:
            found = self._shown_between(*readers)
            if len(self._shown) >= _REMEMBERED:
                self._shown.clear()
            self._shown[readers] = found
        return found

    def with_vectors(self, allowed: Mask) -> Mask:
        """Those of the allowed chunks that have a vector."""
        return allowed & self._facts.has_vector

    def nearest(self, question: Vectors, k: int, allowed: Mask) -> dict[int, float]:
        """Cosines of the k nearest allowed chunks to a question (1, dimension), nearest first."""
        found: list[tuple[float, int]] = []
        for segment, start in self._placed():
            mask = allowed[start : start + len(segment)]
            if not mask.any():
                continue
            only = None if mask.sum() == len(segment.vectors) else mask
            scores, numbers = segment.vectors.search(question, k, allowed=only)
            found += [
                (-float(score), start + int(number))
                for score, number in zip(scores[0], numbers[0], strict=True)
                if number >= 0
            ]
        return {number: -negative for negative, number in sorted(found)[:k]}

    def cosines(self, question: Vectors, numbers: Ids) -> Vectors:
        """Of a question (1, dimension) and these chunks; not a number where one has no vector."""
        found = np.full(len(numbers), np.nan, dtype=np.float32)
        for segment, start in self._placed():
            inside = (numbers >= start) & (numbers < start + len(segment))
            found[inside] = segment.cosines(question, numbers[inside] - start)
        return found

    def _shown_between(self, locale: str | None, audiences: frozenset[Audience], era: int) -> Mask:
        """What is shown from one border to the next is the same all the time."""
        moment = self._borders[era - 1] if era else -np.inf
        shown = self._visible & self._facts.shown_to(locale, audiences, float(moment))
        shown.setflags(write=False)
        return shown

    def _placed(self) -> list[tuple[Segment, int]]:
        ends = np.cumsum([len(segment) for segment in self.segments])
        return [(one, int(end) - len(one)) for one, end in zip(self.segments, ends, strict=True)]


class _Chunks(Sequence[Chunk]):
    """Chunks by their number in the snapshot."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._ends = np.cumsum([len(segment) for segment in segments])

    def __len__(self) -> int:
        return int(self._ends[-1])

    @overload
    def __getitem__(self, number: int) -> Chunk: ...
    @overload
    def __getitem__(self, number: slice) -> list[Chunk]: ...
    def __getitem__(self, number: int | slice) -> Chunk | list[Chunk]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        part = int(np.searchsorted(self._ends, number, side="right"))
        if number < 0 or part == len(self._segments):
            raise IndexError(number)
        segment = self._segments[part]
        return segment.chunks[number - int(self._ends[part]) + len(segment)]


class _Keywords(KeywordIndex):
    """The keyword indexes of all segments; tokens weigh what they weigh in the base."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._parts = [segment.keywords for segment in segments]

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts)

    def scores(self, question: str) -> Scores:
        """A score for every chunk, 0 where no token is shared."""
        parts = [part.scores(question) for part in self._parts]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def weigh(self, token: str) -> float:
        """How much a token tells: its inverse document frequency in the base."""
        return self._parts[0].weigh(token)


def _visible(segments: Sequence[Segment]) -> list[Mask]:
    """For each segment its chunks of documents that none hides and none before shows already."""
    masks: list[Mask] = []
    seen: set[DocumentKey] = set()
    for segment in segments:
        hidden = _hidden_in(segment, segments)
        shown = [key.document_id not in hidden and key not in seen for key in segment.documents]
        seen.update(key for key, is_shown in zip(segment.documents, shown, strict=True) if is_shown)
        rows = segment.facts.documents
        masks.append(np.array(shown, dtype=np.bool_)[rows] if len(rows) else np.zeros(0, np.bool_))
    return masks


def _hidden_in(segment: Segment, segments: Sequence[Segment]) -> set[str]:
    return {
        document_id
        for other in segments
        if other.manifest.beside == segment.manifest.version
        for document_id in other.manifest.hides
    }


def _intents_of(segments: Sequence[Segment]) -> set[str]:
    """Intents that a document is tagged with, hidden ones included, and that of strange ones."""
    return {STRANGE} | {intent for segment in segments for intent in segment.manifest.intents}
