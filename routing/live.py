"""The live checkpoint, swapped while requests run. Knows the registry's files, no database.

A request takes a lease and keeps one checkpoint until its end; a checkpoint that was replaced is
closed when its last lease ends. What cannot be trusted is refused, and the old one serves on.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from models.errors import ModelError
from models.registry import LivePointer, ModelRegistry
from routing.errors import CheckpointRefused
from routing.protocols import IntentClassifier
from routing.types import Classification, Thresholds

REFUSED_FOR_SECONDS = 30.0  # then a refused checkpoint is looked at again: it may be repaired
WARM_UP = {"en": "Where is my card?", "zh": "我的卡在哪里？"}


class ServingClassifier(IntentClassifier, Protocol):
    """A classifier that holds a thread."""

    def close(self) -> None:
        """Finish what was accepted, then stop."""


class LiveObserver(Protocol):
    """Who is told what happens: logs, metrics."""

    def swapped(self, version: str, before: str) -> None:
        """Another checkpoint is live in this process."""

    def refused(self, version: str, error: Exception) -> None:
        """A checkpoint was not taken; what served before serves on."""

    def fell_back(self, wanted: str, used: str) -> None:
        """A request asked for a checkpoint that cannot serve, and got the live one."""


@dataclass(slots=True, eq=False)
class _Held:
    classifier: ServingClassifier
    leases: int = 0
    is_retired: bool = False


class LiveClassifier:
    """An IntentClassifier on the live checkpoint; others are kept loaded beside it, a few."""

    def __init__(
        self,
        registry: ModelRegistry,
        load: Callable[[Path], ServingClassifier],
        *,
        kind: str,
        observer: LiveObserver,
        keep: int = 3,
    ) -> None:
        self._registry = registry
        self._load = load
        self._kind = kind
        self._observer = observer
        self._keep = keep
        self._lock = threading.Lock()  # guards leases, the live one and those beside it
        self._loading = threading.Lock()  # one checkpoint is loaded at a time
        self._beside: OrderedDict[str, _Held] = OrderedDict()  # least recently used first
        self._refused: dict[str, float] = {}  # version -> when it may be tried again
        self._live = _Held(self._first())

    @property
    def version(self) -> str:
        return self._live.classifier.version

    @property
    def thresholds(self) -> Thresholds:
        return self._live.classifier.thresholds

    def classify(self, texts: Sequence[str], *, language: str) -> list[Classification]:
        """One classification for each text, all by the checkpoint that is live now."""
        with self.lease() as classifier:
            return classifier.classify(texts, language=language)

    @contextmanager
    def lease(self, version: str | None = None) -> Iterator[IntentClassifier]:
        """One checkpoint until the end of the block: the live one, or a version by name.

        A version that cannot serve is replaced by the live one, and the observer is told.
        """
        held = self._take(version)
        try:
            yield held.classifier
        finally:
            self._give_back(held)

    @contextmanager
    def lease_exactly(self, version: str) -> Iterator[IntentClassifier]:
        """That version or CheckpointRefused."""
        held = self._take_beside(version)
        if held is None:
            raise CheckpointRefused(f"{version} cannot serve")
        try:
            yield held.classifier
        finally:
            self._give_back(held)

    def check(self) -> bool:
        """Follow the registry's pointer; whether another checkpoint is live now."""
        try:
            pointer = self._registry.find_pointer(self._kind)
        except (ModelError, OSError) as error:
            if self._may_try("pointer"):
                self._refuse("pointer", error)
            return False
        if pointer is None or pointer.version == self.version:
            return False
        with self._loading:  # two calls at once swap once
            if pointer.version == self.version:
                return False
            loaded = self._load_or_refuse(pointer.version)
            if loaded is None:
                return False
            before = self._swap(_Held(loaded))
        self._observer.swapped(pointer.version, before)
        return True

    def close(self) -> None:
        """Close every checkpoint; those that are leased when their leases end."""
        with self._lock:
            every = [self._live, *self._beside.values()]
            self._beside.clear()
        for held in every:
            self._retire(held)

    def _first(self) -> ServingClassifier:
        """The promoted checkpoint, or else the latest before it that can be trusted."""
        pointer = self._registry.find_pointer(self._kind)
        if pointer is None:
            raise CheckpointRefused(f"no {self._kind} model is live: train one and promote it")
        for version in _newest_first(pointer):
            loaded = self._load_or_refuse(version)
            if loaded is not None:
                return loaded
        raise CheckpointRefused(
            f"neither {pointer.version} nor a {self._kind} model before it can be loaded: "
            "train and promote one"
        )

    def _swap(self, fresh: _Held) -> str:
        with self._lock:
            old, self._live = self._live, fresh
        self._retire(old)
        return old.classifier.version

    def _take(self, version: str | None) -> _Held:
        if version is not None and version != self.version:
            held = self._take_beside(version)
            if held is not None:
                return held
            self._observer.fell_back(version, self.version)
        with self._lock:
            self._live.leases += 1
            return self._live

    def _take_beside(self, version: str) -> _Held | None:
        """The named checkpoint with a lease; loaded at its first use, None where it is refused."""
        held = self._find_held(version)
        if held is not None or not self._may_try(version):
            return held
        with self._loading:
            held = self._find_held(version)  # another request may have loaded it meanwhile
            if held is not None or not self._may_try(version):
                return held
            loaded = self._load_or_refuse(version)
            return None if loaded is None else self._put_beside(_Held(loaded, leases=1))

    def _find_held(self, version: str) -> _Held | None:
        with self._lock:
            if self._live.classifier.version == version:
                held = self._live
            elif version in self._beside:
                self._beside.move_to_end(version)
                held = self._beside[version]
            else:
                return None
            held.leases += 1
            return held

    def _put_beside(self, held: _Held) -> _Held:
        with self._lock:
            self._beside[held.classifier.version] = held
            too_many = len(self._beside) - self._keep
            dropped = [self._beside.popitem(last=False)[1] for _ in range(too_many)]
        for old in dropped:
            self._retire(old)
        return held

    def _give_back(self, held: _Held) -> None:
        with self._lock:
            held.leases -= 1
            is_last = held.is_retired and held.leases == 0
        if is_last:
            held.classifier.close()

    def _retire(self, held: _Held) -> None:
        with self._lock:
            is_free = not held.is_retired and held.leases == 0
            held.is_retired = True
        if is_free:
            held.classifier.close()

    def _load_or_refuse(self, version: str) -> ServingClassifier | None:
        if not self._may_try(version):
            return None
        try:
            return self._load_and_try(version)
        except Exception as error:  # whatever is wrong with it: what serves now serves on
            self._refuse(version, error)
            return None

    def _load_and_try(self, version: str) -> ServingClassifier:
        """Loaded, verified, and asked something once: what cannot answer never goes live."""
        loaded = self._load(self._registry.folder(self._kind, version))
        try:
            _prove(loaded, version)
        except BaseException:
            loaded.close()
            raise
        return loaded

    def _refuse(self, version: str, error: Exception) -> None:
        self._refused[version] = time.monotonic() + REFUSED_FOR_SECONDS
        self._observer.refused(version, error)

    def _may_try(self, version: str) -> bool:
        return time.monotonic() >= self._refused.get(version, 0.0)


def _prove(loaded: ServingClassifier, version: str) -> None:
    if loaded.version != version:
        raise CheckpointRefused(f"the folder {version} holds {loaded.version}")
    for language, text in WARM_UP.items():
        loaded.classify([text], language=language)


def _newest_first(pointer: LivePointer) -> list[str]:
    return [pointer.version, *reversed(pointer.previous)]
