"""Routers of saved versions, for replays: the few that were used last stay in memory."""

import weakref
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock

from models.errors import RegistryError
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from routing.live import ServingClassifier
from routing.router import IntentRouter
from routing.taxonomy import Taxonomy

KEPT = 2


def saved_routers(
    registry: ModelRegistry, taxonomy: Taxonomy, load: Callable[[Path], ServingClassifier]
) -> Callable[[str], IntentRouter]:
    """A function from a version to its router; RegistryError when no such version is saved.

    CheckpointError when its digests do not hold. A router that is no longer kept ends its thread
    once nobody uses it.
    """
    lock = Lock()

    @lru_cache(maxsize=KEPT)
    def loaded(version: str) -> IntentRouter:
        classifier = load(registry.folder(KIND, version))
        router = IntentRouter(taxonomy, classifier)
        weakref.finalize(router, classifier.close)
        return router

    def router_for(version: str) -> IntentRouter:
        if version not in registry.list(KIND):
            raise RegistryError(f"no saved intent model is called {version!r}")
        with lock:  # two at once would load it twice
            return loaded(version)

    return router_for
