"""Says in logs and metrics what happens to the live checkpoint of this process."""

import structlog

from app.monitoring.metrics import (
    INTENT_MODEL,
    INTENT_MODEL_FALLBACKS,
    INTENT_MODEL_REFUSALS,
    INTENT_MODEL_SWAPS,
)

log = structlog.get_logger(__name__)


class ModelObserver:
    """What `LiveClassifier` tells."""

    def began(self, version: str) -> None:
        INTENT_MODEL.clear()
        INTENT_MODEL.labels(version=version).set(1)

    def swapped(self, version: str, before: str) -> None:
        self.began(version)
        INTENT_MODEL_SWAPS.inc()
        log.info("intent_model.swapped", version=version, before=before)

    def refused(self, version: str, error: Exception) -> None:
        INTENT_MODEL_REFUSALS.inc()
        log.error("intent_model.refused", version=version, error=str(error)[:500])

    def fell_back(self, wanted: str, used: str) -> None:
        INTENT_MODEL_FALLBACKS.inc()
        log.warning("intent_model.fell_back", wanted=wanted, used=used)
