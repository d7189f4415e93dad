"""Bring the live index up to what is published. Knows the database, no request and no job.

Builders wait for each other, in every process on this machine, and each looks at the database
after it has published: whoever is last leaves an index of the newest state behind. A change is
published as a small segment beside the base; when there are many, a new base is built.
"""

import fcntl
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import structlog

from app.clock import utc_now
from app.config import Settings
from app.db.session import Database
from app.knowledge.content import as_published
from app.knowledge.index_queries import (
    PublicationKey,
    list_changed_documents,
    list_ended_publications,
    list_publication_keys,
    load_publications,
)
from knowledge_base import (
    Document,
    Embedder,
    ExampleQuestion,
    Indexer,
    IndexSettings,
    Reranker,
)
from knowledge_base.index_contents import Difference, IndexContents, compare, read_contents
from knowledge_base.index_mirror import IndexMirror
from knowledge_base.index_store import IndexStore
from knowledge_base.manifest import builder_digest
from knowledge_base.protocols import Vectors
from knowledge_base.types import STRANGE, DocumentKey, document_key
from routing.dataset import load_utterances

log = structlog.get_logger(__name__)
FOLDER = "knowledge"
MAX_ROUNDS = 5
LATE_COMMITS = timedelta(minutes=10)  # between the act of a transaction and its commit, at most
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
    reranker: Reranker | None = None,
    examples: Sequence[ExampleQuestion] | None = None,
    force: bool = False,
    verify: bool = True,
) -> str | None:
    """Publish changes or a new base until the index holds what is published; its last version.

    None when the live one does already. A new base learns how customers ask from `examples`, else
    from those that come with the product. With `force`, a new base in any case. With `verify`, a
    damaged part is found and built again and every document compared, which reads everything.
    `on_progress` is told how many texts were encoded.
    """
    builder = _Builder(database, settings, embedder, reranker, on_progress, examples)
    built: str | None = None
    with _one_builder(index_folder(settings)):
        for _ in range(MAX_ROUNDS):
            difference = None if force else builder.difference(verify=verify)
            if difference is None or difference.is_large:
                built = builder.build_base()
            elif difference.is_live:
                break
            else:
                built = builder.publish_changes(difference)
            force = False
        if built is not None:
            builder.share()
    return built


def build_history(
    database: Database,
    settings: Settings,
    embedder: Embedder,
    *,
    reranker: Reranker | None = None,
) -> str | None:
    """Bring the index, then its history up to what has ended; None when they are already.

    Only searches of a past moment need the history.
    """
    changed = build_index(database, settings, embedder, reranker=reranker, verify=False)
    builder = _Builder(database, settings, embedder, reranker)
    with _one_builder(index_folder(settings)):
        built = builder.build_history()
        if built is not None:
            builder.share()
    return built or changed


class _Builder:
    """The steps of one run, over one database and one folder."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        embedder: Embedder,
        reranker: Reranker | None,
        on_progress: OnProgress | None = None,
        examples: Sequence[ExampleQuestion] | None = None,
    ) -> None:
        self._database = database
        self._examples = examples
        self._reranker = reranker.revision if reranker is not None else None
        self._store = IndexStore(index_folder(settings))
        self._mirror_url = settings.knowledge.index_url
        self._embedder = embedder if on_progress is None else _Counting(embedder, on_progress)
        self._indexer = Indexer(
            index_folder(settings),
            self._embedder,
            now=utc_now,
            settings=IndexSettings(keep_versions=settings.knowledge.keep_versions),
            reranker=reranker,
        )

    def difference(self, *, verify: bool) -> Difference | None:
        """What the index lacks; None when there is no base, or one of other code or models.

        With `verify` every document is compared. Else those that changed since the base was begun,
        and those that the changes beside it speak of: what that costs does not grow with the base.
        """
        contents = read_contents(
            self._store, encoder_revision=self._embedder.revision, verify=verify
        )
        if contents is None or contents.base.builder != builder_digest():
            return None
        if contents.base.reranker != self._reranker:  # calibrated to another order
            return None
        candidates = None if verify else self._candidates(contents)
        wanted = {_as_indexed(key) for key in self._published(candidates)}
        return compare(contents, wanted, among=candidates)

    def _candidates(self, contents: IndexContents) -> set[str]:
        since = datetime.fromisoformat(contents.base.created_at) - LATE_COMMITS
        with self._database.read() as session:
            changed = list_changed_documents(session, since=since)
        return changed.union(contents.hidden, (key.document_id for key in contents.in_changes))

    def build_base(self) -> str:
        documents = self._load(self._published())
        version = self._indexer.rebuild(documents, self._examples or shipped_examples()).version
        log.info("knowledge.index_built", version=version, documents=len(documents))
        return version

    def publish_changes(self, difference: Difference) -> str:
        documents = self._load(self._published(difference.documents))
        version = self._indexer.change(documents, hides=difference.hidden).version
        log.info("knowledge.index_changed", version=version, documents=len(difference.documents))
        return version

    def build_history(self) -> str | None:
        with self._database.read() as session:
            ended = list_ended_publications(session, ended_by=utc_now())
        contents = read_contents(
            self._store, encoder_revision=self._embedder.revision, verify=False
        )
        if contents is None or set(contents.in_history) == {_as_indexed(key) for key in ended}:
            return None
        version = self._indexer.remember(self._load([*ended])).version
        log.info("knowledge.history_built", version=version, publications=len(ended))
        return version

    def share(self) -> None:
        """Where other machines fetch it."""
        if self._mirror_url is not None:
            IndexMirror(self._mirror_url, self._store).send()

    def _published(self, document_ids: Collection[str] | None = None) -> list[PublicationKey]:
        """What is shown now or will be, of these documents or of all."""
        with self._database.read() as session:
            found = list_publication_keys(
                session, ending_after=utc_now(), document_ids=document_ids
            )
        return [*found]

    def _load(self, keys: Sequence[PublicationKey]) -> list[Document]:
        with self._database.read() as session:
            stored = load_publications(session, keys)
        return [as_published(one.document, one.version, one.publication) for one in stored]


def _as_indexed(key: PublicationKey) -> DocumentKey:
    return document_key(key.document_id, key.version, key.shown_from, key.shown_until)


@lru_cache(1)
def shipped_examples() -> tuple[ExampleQuestion, ...]:
    """How customers asked before, and what they asked that is no business of this bank."""
    return tuple(
        ExampleQuestion(utterance.text, utterance.intent or STRANGE)
        for utterance in load_utterances()
    )


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
