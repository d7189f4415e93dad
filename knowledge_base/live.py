"""The knowledge base that the service holds: always the live index version. Knows no HTTP.

Every search takes one reference to a version and finishes on it, whatever is swapped meanwhile.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from knowledge_base.answerer import Answerer, AnswerSettings
from knowledge_base.errors import IndexUnavailable
from knowledge_base.index_mirror import IndexMirror
from knowledge_base.index_store import IndexStore
from knowledge_base.manifest import IndexManifest
from knowledge_base.opened_parts import OpenedParts, Opener
from knowledge_base.protocols import Embedder, Reranker
from knowledge_base.retriever import RetrievalSettings, Retriever
from knowledge_base.snapshot import Snapshot
from knowledge_base.types import Answer, Audience, Hit, SearchMode


class LiveKnowledgeBase:
    """Searches and answers from the live index version; abstains when there is none."""

    def __init__(
        self,
        root: Path,
        embedder: Embedder,
        *,
        now: Callable[[], datetime],
        retrieval: RetrievalSettings | None = None,
        answering: AnswerSettings | None = None,
        check_every_s: float = 0.25,
        mirror_url: str | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self._store = IndexStore(root)
        self._mirror = IndexMirror(mirror_url, self._store) if mirror_url else None
        self._embedder = embedder
        self._reranker = reranker
        self._now = now
        self._retrieval = retrieval or RetrievalSettings()
        self._answering = answering or AnswerSettings()
        self._check_every_s = check_every_s
        self._checked_at = float("-inf")
        self._swap = threading.Lock()
        self._changed_at: tuple[int, int] | None = None
        self._opener = Opener(self._store, embedder.revision)
        self._parts: OpenedParts | None = None
        self._live: Retriever | None = None
        self._past: Retriever | None = None

    @property
    def index_version(self) -> str:
        """Name of the live index version; empty where there is none."""
        live = self._current()
        return live.index.version if live else ""

    def retriever(self, as_of: datetime | None = None) -> Retriever | None:
        """What searches now, or as at `as_of`, for those who show how an answer came about."""
        return self._current(as_of)

    def search(
        self,
        query: str,
        *,
        k: int,
        locale: str | None = None,
        mode: SearchMode = SearchMode.HYBRID,
        audiences: Collection[Audience] = (Audience.PUBLIC,),
        as_of: datetime | None = None,
    ) -> list[Hit]:
        """The best chunks that these audiences may read now, or could read at `as_of`."""
        live = self._current(as_of)
        if live is None:
            return []
        return live.search(query, k=k, locale=locale, mode=mode, audiences=audiences, as_of=as_of)

    def answer(
        self,
        question: str,
        *,
        locale: str | None = None,
        audiences: Collection[Audience] = (Audience.PUBLIC,),
        intent: str | None = None,
        as_of: datetime | None = None,
    ) -> Answer:
        """An answer from cited chunks, or an abstention; of now, or of the moment `as_of`."""
        live = self._current(as_of)
        if live is None:
            return Answer(text=None, confidence=0.0)
        return Answerer(live, self._answering).answer(
            question, locale=locale, audiences=audiences, intent=intent, as_of=as_of
        )

    def reload(self) -> None:
        """Swap to what is published, if it changed; a damaged part is refused."""
        with self._swap:
            self._swap_to_published()
            # only now: a thread that finds a fresh check returns what is live without waiting
            self._checked_at = time.monotonic()

    def _swap_to_published(self) -> None:
        changed_at = self._store.changed_at()
        if changed_at is None or changed_at == self._changed_at:
            return
        self._parts = self._opener.open_published(self._parts)
        self._live = self._over(self._parts.for_now())
        self._past = None
        self._changed_at = changed_at

    def _current(self, as_of: datetime | None = None) -> Retriever | None:
        """What is live; another process may publish, so the pointer is looked at now and then.

        A failing reload raises only where there is nothing older to answer from.
        """
        if time.monotonic() - self._checked_at >= self._check_every_s:
            if self._mirror is not None:
                self._mirror.fetch_soon()
            if self._live is None:
                self.reload()
            elif self._swap.acquire(blocking=False):  # one caller looks, the others search on
                self._swap.release()
                self._reload_quietly()
        return self._live if as_of is None else self._of_the_past()

    def _of_the_past(self) -> Retriever | None:
        """Over the history too; put together when it is first asked for."""
        parts = self._parts
        if parts is None or parts.history is None:
            return self._live
        if self._past is None:
            self._past = self._over(parts.for_the_past())
        return self._past

    def _over(self, snapshot: Snapshot) -> Retriever:
        return Retriever(
            snapshot,
            self._embedder,
            now=self._now,
            settings=self._retrieval,
            reranker=self._reranker_for(snapshot.manifest),
        )

    def _reranker_for(self, base: IndexManifest) -> Reranker | None:
        """None until a base is calibrated to it: confidence fits the order it was fitted to."""
        if self._reranker is None or base.reranker == self._reranker.revision:
            return self._reranker
        logging.getLogger(__name__).warning("knowledge_base.reranker_waits_for_new_base")
        return None

    def _reload_quietly(self) -> None:
        try:
            self.reload()
        except IndexUnavailable:
            self._checked_at = time.monotonic()
            logging.getLogger(__name__).warning("knowledge_base.reload_failed", exc_info=True)
