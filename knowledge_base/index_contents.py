"""What the live index holds, by document: enough to see whether it is up to date."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from knowledge_base.errors import IndexUnavailable
from knowledge_base.index_store import IndexStore, Part
from knowledge_base.manifest import IndexManifest, verify_digests
from knowledge_base.segment import manifest_for, read_documents
from knowledge_base.types import DocumentKey

MOST_CHANGES = 0.1  # share of the base's documents; with more, a new base is built
FEW_CHANGES = 20  # documents that are never worth a new base


@dataclass(frozen=True, slots=True)
class IndexContents:
    """Keys of the documents in each live part."""

    base: IndexManifest
    in_base: Sequence[DocumentKey]
    in_changes: Sequence[DocumentKey] = ()
    in_history: Sequence[DocumentKey] = ()
    hidden: Sequence[str] = ()  # documents of the base that the changes replace or take away


@dataclass(frozen=True, slots=True)
class Difference:
    """What should be found and is not in the base in that form, by document."""

    documents: Collection[str]
    hidden: Collection[str]  # those of them that the base holds in another form
    in_base: int  # documents of the base
    is_live: bool  # the changes beside the base hold exactly this

    @property
    def is_large(self) -> bool:
        """Whether a new base is worth its time."""
        return len(self.documents) > max(FEW_CHANGES, MOST_CHANGES * self.in_base)


def compare(
    contents: IndexContents,
    wanted: Collection[DocumentKey],
    *,
    among: Collection[str] | None = None,
) -> Difference:
    """The base against the keys of everything that should be found; or `among` these documents."""
    base, shown = _by_document(contents.in_base), _by_document(wanted)
    candidates = base.keys() | shown.keys() if among is None else among
    changed = {one for one in candidates if base.get(one) != shown.get(one)}
    hidden = changed & base.keys()
    expected = {key for key in wanted if key.document_id in changed}
    is_live = expected == set(contents.in_changes) and hidden == set(contents.hidden)
    return Difference(changed, hidden, in_base=len(base), is_live=is_live)


def read_contents(
    store: IndexStore, *, encoder_revision: str, verify: bool
) -> IndexContents | None:
    """None when nothing usable by this encoder is published.

    With `verify`, every file is read and held against its digest.
    """
    try:
        live = store.live()
        parts = _Parts(store, encoder_revision, verify=verify)
        base, in_base = parts.read(Part.BASE, live.base)
        changes, in_changes = parts.read(Part.CHANGES, live.changes)
        _, in_history = parts.read(Part.HISTORY, live.history)
    except IndexUnavailable:
        return None
    assert base is not None  # noqa: S101 -- a pointer always names a base
    hidden = changes.hides if changes is not None else ()
    return IndexContents(base, in_base, in_changes, in_history, hidden)


@dataclass(frozen=True, slots=True)
class _Parts:
    """How the parts are read."""

    store: IndexStore
    encoder_revision: str
    verify: bool

    def read(
        self, part: Part, version: str | None
    ) -> tuple[IndexManifest | None, Sequence[DocumentKey]]:
        if version is None:
            return None, ()
        folder = self.store.folder(part, version)
        manifest = manifest_for(folder, encoder_revision=self.encoder_revision)
        if self.verify:
            verify_digests(folder, manifest)
        return manifest, read_documents(folder)


def _by_document(keys: Iterable[DocumentKey]) -> dict[str, set[DocumentKey]]:
    found: dict[str, set[DocumentKey]] = {}
    for key in keys:
        found.setdefault(key.document_id, set()).add(key)
    return found
