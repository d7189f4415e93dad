"""Open the published parts of an index; those that did not change stay open. Knows no search."""

from dataclasses import dataclass

from knowledge_base.errors import IndexNotFound
from knowledge_base.example_folder import load_examples
from knowledge_base.example_index import ExampleIndex
from knowledge_base.index_store import IndexStore, Live, Part
from knowledge_base.segment import Segment, load_segment
from knowledge_base.snapshot import Snapshot

_TRIES = 5  # a part may be replaced and pruned between reading the pointer and opening it


@dataclass(frozen=True, slots=True)
class OpenedParts:
    """The published parts in memory."""

    base: Segment
    examples: ExampleIndex
    changes: Segment | None
    history: Segment | None

    def for_now(self) -> Snapshot:
        """What searches of now read; nothing that has ended is in it."""
        return Snapshot(_present(self.base, self.changes), self.examples)

    def for_the_past(self) -> Snapshot:
        """What searches of a past moment read."""
        return Snapshot(_present(self.base, self.changes, self.history), self.examples)


class Opener:
    """Opens parts that were built with one encoder."""

    def __init__(self, store: IndexStore, encoder_revision: str) -> None:
        self._store = store
        self._encoder_revision = encoder_revision

    def open_published(self, opened: OpenedParts | None) -> OpenedParts:
        """The parts that `live.json` names; `IndexUnavailable` when one cannot be opened."""
        for _ in range(_TRIES):
            live = self._store.live()
            try:
                return self._open(live, opened)
            except IndexNotFound:
                if live == self._store.live():
                    raise
        raise IndexNotFound("index versions are replaced faster than they can be opened")

    def _open(self, live: Live, opened: OpenedParts | None) -> OpenedParts:
        if opened is not None and opened.base.manifest.version == live.base:
            base, examples = opened.base, opened.examples
        else:
            base, examples = self._open_base(live.base)
        return OpenedParts(
            base,
            examples,
            self._open_small(Part.CHANGES, live.changes, opened.changes if opened else None),
            self._open_small(Part.HISTORY, live.history, opened.history if opened else None),
        )

    def _open_base(self, version: str) -> tuple[Segment, ExampleIndex]:
        folder = self._store.folder(Part.BASE, version)
        return self._segment(Part.BASE, version), load_examples(folder)

    def _open_small(
        self, part: Part, version: str | None, opened: Segment | None
    ) -> Segment | None:
        if version is None or (opened is not None and opened.manifest.version == version):
            return opened if version is not None else None
        return self._segment(part, version)

    def _segment(self, part: Part, version: str) -> Segment:
        folder = self._store.folder(part, version)
        return load_segment(folder, encoder_revision=self._encoder_revision)


def _present(*parts: Segment | None) -> list[Segment]:
    return [part for part in parts if part is not None]  # one without chunks still hides
