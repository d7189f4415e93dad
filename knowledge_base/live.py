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
from knowledge_base.errors import IndexNotFound, IndexUnavailable
from knowledge_base.index_store import IndexStore
from knowledge_base.index_version import load_version
from knowledge_base.protocols import Embedder
from knowledge_base.retriever import RetrievalSettings, Retriever
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
        check_every_s: float = 2.0,
    ) -> None:
        self._store = IndexStore(root)
        self._embedder = embedder
        self._now = now
        self._retrieval = retrieval or RetrievalSettings()
        self._answering = answering or AnswerSettings()
        self._check_every_s = check_every_s
        self._checked_at = float("-inf")
        self._swap = threading.Lock()
        self._live: Retriever | None = None

    @property
    def index_version(self) -> str:
        """Name of the live index version; empty where there is none."""
        live = self._current()
        return live.index.manifest.version if live else ""

    def retriever(self, as_of: datetime | None = None) -> Retriever | None:
        """What searches the live version, for those who show how an answer came about."""
        live = self._current()
        if live is None or as_of is None:
            return live
        return Retriever(live.index, self._embedder, now=lambda: as_of, settings=self._retrieval)

    def search(
        self,
        query: str,
        *,
        k: int,
        locale: str | None = None,
        mode: SearchMode = SearchMode.HYBRID,
        audiences: Collection[Audience] = (Audience.PUBLIC,),
    ) -> list[Hit]:
        """The best chunks that these audiences may read and that are in force now."""
        live = self._current()
        if live is None:
            return []
        return live.search(query, k=k, locale=locale, mode=mode, audiences=audiences)

    def answer(
        self,
        question: str,
        *,
        locale: str | None = None,
        audiences: Collection[Audience] = (Audience.PUBLIC,),
        intent: str | None = None,
    ) -> Answer:
        """An answer from cited chunks, or an abstention."""
        live = self._current()
        if live is None:
            return Answer(text=None, confidence=0.0)
        answerer = Answerer(live, self._answering)
        return answerer.answer(question, locale=locale, audiences=audiences, intent=intent)

    def reload(self) -> None:
        """Swap to the published index version, if it changed; a damaged one is refused."""
        with self._swap:
            self._swap_to_published()
            # only now: a thread that finds a fresh check returns what is live without waiting
            self._checked_at = time.monotonic()

    def _swap_to_published(self) -> None:
        try:
            version = self._store.live()
        except IndexNotFound:
            return
        if self._live is not None and self._live.index.manifest.version == version:
            return
        index = load_version(self._store.folder(version), encoder_revision=self._embedder.revision)
        self._live = Retriever(index, self._embedder, now=self._now, settings=self._retrieval)

    def _current(self) -> Retriever | None:
        """The live version; another process may publish, so the pointer is read now and then.

        A failing reload raises only where there is nothing older to answer from.
        """
        if time.monotonic() - self._checked_at < self._check_every_s:
            return self._live
        if self._live is None:
            self.reload()
        elif self._swap.acquire(blocking=False):  # one caller looks, the others search on
            self._swap.release()
            self._reload_quietly()
        return self._live

    def _reload_quietly(self) -> None:
        try:
            self.reload()
        except IndexUnavailable:
            self._checked_at = time.monotonic()
            logging.getLogger(__name__).warning("knowledge_base.reload_failed", exc_info=True)
