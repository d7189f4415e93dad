"""Bring the live index version up to what is published. Knows the database, no request and no job.

Builders wait for each other, in every process on this machine, and each looks at the database
after it has published: whoever is last leaves an index of the newest state behind.
"""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog

from app.clock import utc_now
from app.config import Settings
from app.db.session import Database
from app.knowledge.content import as_published
from app.knowledge.repository import DocumentRepository
from knowledge_base import Document, Embedder, ExampleQuestion, IndexUnavailable
from knowledge_base.index_store import IndexStore
from knowledge_base.index_version import load_version
from knowledge_base.indexer import Indexer, IndexSettings
from knowledge_base.manifest import builder_digest
from knowledge_base.protocols import Vectors
from knowledge_base.types import STRANGE
from routing.dataset import load_utterances

log = structlog.get_logger(__name__)
FOLDER = "knowledge"
MAX_ROUNDS = 5
OnProgress = Callable[[int], None]


def index_folder(settings: Settings) -> Path:
    """Where index versions lie."""
    return settings.var / FOLDER


def build_index(
    database: Database,
    settings: Settings,
    embedder: Embedder,
    on_progress: OnProgress | None = None,
    *,
    force: bool = False,
) -> str | None:
    """Build and publish index versions until one holds what is published; its name.

    None when the live one does already. `on_progress` is told how many texts were encoded.
    """
    root = index_folder(settings)
    counting = embedder if on_progress is None else _Counting(embedder, on_progress)
    keep = IndexSettings(keep_versions=settings.knowledge.keep_versions)
    indexer = Indexer(root, counting, now=utc_now, settings=keep)
    built: str | None = None
    with _one_builder(root):
        for _ in range(MAX_ROUNDS):
            documents = _published(database)
            is_first_of_forced = force and built is None
            if not is_first_of_forced and _is_live(root, documents, embedder.revision):
                break
            built = indexer.rebuild(documents, _examples()).version
            log.info("knowledge.index_built", version=built, documents=len(documents))
    return built


def _published(database: Database) -> list[Document]:
    with database.read() as session:
        stored = DocumentRepository(session).list_published()
    return [as_published(one.document, one.version) for one in stored]


def _is_live(root: Path, documents: Sequence[Document], encoder_revision: str) -> bool:
    """Whether the live version is whole, of this code, and holds exactly these documents."""
    store = IndexStore(root)
    try:
        live = load_version(store.folder(store.live()), encoder_revision=encoder_revision)
    except IndexUnavailable:
        return False
    if live.manifest.builder != builder_digest():
        return False
    indexed = {(chunk.document_id, chunk.version) for chunk in live.chunks}
    return indexed == {(document.document_id, document.version) for document in documents}


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
