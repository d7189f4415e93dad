"""Bring the live index up to what is published. Knows the database, no request and no job.

Builders wait for each other, in every process on this machine, and each looks at the database
after it has published: whoever is last leaves an index of the newest state behind. A change is
published as a small segment beside the base; when there are many, a new base is built.
"""

import fcntl
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from app.clock import utc_now
from app.config import Settings
from app.db.session import Database
from app.knowledge.content import as_published
from app.knowledge.repository import DocumentRepository
from knowledge_base import Document, Embedder, ExampleQuestion, Indexer, IndexSettings
from knowledge_base.index_contents import IndexContents, read_contents
from knowledge_base.index_store import IndexStore
from knowledge_base.manifest import builder_digest
from knowledge_base.protocols import Vectors
from knowledge_base.types import STRANGE, DocumentKey
from routing.dataset import load_utterances

log = structlog.get_logger(__name__)
FOLDER = "knowledge"
MAX_ROUNDS = 5
MOST_CHANGES = 0.1  # share of the base's documents; with more, a new base is built
FEW_CHANGES = 20  # documents that are never worth a new base
OnProgress = Callable[[int], None]


def index_folder(settings: Settings) -> Path:
    """Where the parts of the index lie."""
    return settings.var / FOLDER


def build_index(
    database: Database,
    settings: Settings,
    embedder: Embedder,
    on_progress: OnProgress | None = None,
    *,
    force: bool = False,
    verify: bool = True,
) -> str | None:
    """Publish changes or a new base until the index holds what is published; its last version.

    None when the live one does already. With `force`, a new base in any case. With `verify`, a
    damaged part is found and built again, which reads every file. `on_progress` is told how many
    texts were encoded.
    """
    builder = _Builder(database, settings, embedder, on_progress)
    built: str | None = None
    with _one_builder(index_folder(settings)):
        for _ in range(MAX_ROUNDS):
            difference = builder.difference(verify=verify)
            if not force and difference is not None and difference.is_live:
                break
            if force or difference is None or difference.is_large:
                built = builder.build_base()
            else:
                built = builder.publish_changes(difference)
            force = False
    return built


@dataclass(frozen=True, slots=True)
class Difference:
    """What the database shows and the base does not, by document."""

    documents: Collection[str]  # whose present form is not the base's
    hidden: Collection[str]  # those of them that the base holds in another form
    in_base: int  # documents of the base
    is_live: bool  # the changes beside the base hold exactly this

    @property
    def is_large(self) -> bool:
        return len(self.documents) > max(FEW_CHANGES, MOST_CHANGES * self.in_base)


class _Builder:
    """The steps of one run, over one database and one folder."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        embedder: Embedder,
        on_progress: OnProgress | None,
    ) -> None:
        self._database = database
        self._store = IndexStore(index_folder(settings))
        self._embedder = embedder if on_progress is None else _Counting(embedder, on_progress)
        self._indexer = Indexer(
            index_folder(settings),
            self._embedder,
            now=utc_now,
            settings=IndexSettings(keep_versions=settings.knowledge.keep_versions),
        )

    def difference(self, *, verify: bool) -> Difference | None:
        """None when there is no base, or one of other code or weights."""
        contents = read_contents(
            self._store, encoder_revision=self._embedder.revision, verify=verify
        )
        if contents is None or contents.base.builder != builder_digest():
            return None
        return _compare(contents, self._wanted())

    def build_base(self) -> str:
        documents = self._documents(None)
        version = self._indexer.rebuild(documents, _examples()).version
        log.info("knowledge.index_built", version=version, documents=len(documents))
        return version

    def publish_changes(self, difference: Difference) -> str:
        documents = self._documents(difference.documents)
        version = self._indexer.change(documents, hides=difference.hidden).version
        log.info("knowledge.index_changed", version=version, documents=len(difference.documents))
        return version

    def _wanted(self) -> set[DocumentKey]:
        return {document.key for document in self._documents(None)}

    def _documents(self, chosen: Collection[str] | None) -> list[Document]:
        with self._database.read() as session:
            stored = DocumentRepository(session).list_published()
        return [
            as_published(one.document, one.version)
            for one in stored
            if chosen is None or one.document.id in chosen
        ]


def _compare(contents: IndexContents, wanted: Collection[DocumentKey]) -> Difference:
    base, shown = _by_document(contents.in_base), _by_document(wanted)
    changed = {one for one in base.keys() | shown.keys() if base.get(one) != shown.get(one)}
    hidden = changed & base.keys()
    expected = {key for key in wanted if key.document_id in changed}
    is_live = expected == set(contents.in_changes) and hidden == set(contents.hidden)
    return Difference(changed, hidden, in_base=len(base), is_live=is_live)


def _by_document(keys: Iterable[DocumentKey]) -> dict[str, set[DocumentKey]]:
    found: dict[str, set[DocumentKey]] = {}
    for key in keys:
        found.setdefault(key.document_id, set()).add(key)
    return found


def _examples() -> list[ExampleQuestion]:
    """How customers asked before, and what they asked that is no business of this bank."""
    return [
        ExampleQuestion(utterance.text, utterance.intent or STRANGE)
        for utterance in load_utterances()
    ]


@contextmanager
def _one_builder(root: Path) -> Iterator[None]:
    """Held by threads and processes alike; the system lets go when its holder dies."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".builder").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class _Counting:
    """An embedder that tells how far it has come."""

    def __init__(self, embedder: Embedder, on_progress: OnProgress) -> None:
        self._embedder = embedder
        self._on_progress = on_progress
        self._encoded = 0

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    @property
    def revision(self) -> str:
        return self._embedder.revision

    @property
    def reads_cjk(self) -> bool:
        return self._embedder.reads_cjk

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = self._embedder.encode(texts)
        self._encoded += len(texts)
        self._on_progress(self._encoded)
        return vectors
