"""A second checkpoint scores the same traffic, outside the request path.

Fails open: offering never waits and never raises; what does not fit is dropped and counted, and a
failing shadow costs the comparison, never a customer's answer. Texts stay in memory only.
"""

import queue
import threading
from dataclasses import dataclass

import structlog

from app.config import RoutingSettings
from app.db.session import Database
from app.db.shadow import ShadowDecisionRecord
from app.intent_models.dials import house_dials
from app.intent_models.room import ModelRoom
from app.monitoring.metrics import SHADOW_DECISIONS
from routing import IntentRouter, RoutingDecision, Utterance

log = structlog.get_logger(__name__)
AT_ONCE = 64  # decisions scored and stored in one transaction
MAX_QUEUED = 1024
PAUSE_SECONDS = 0.25  # between transactions: customers' writes go first


@dataclass(frozen=True, slots=True)
class Offered:
    """A decision that was made, with the masked words that it was made for."""

    decision_id: str
    utterance: Utterance
    decision: RoutingDecision


class ShadowScorer:
    """One thread that scores what it is offered while a shadow is set."""

    def __init__(
        self,
        room: ModelRoom,
        database: Database,
        settings: RoutingSettings,
        *,
        max_queued: int = MAX_QUEUED,
    ) -> None:
        self._room = room
        self._database = database
        self._settings = settings
        self._queue: queue.Queue[Offered] = queue.Queue(max_queued)
        self._idle = threading.Condition()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.version: str | None = None

    def check(self) -> None:
        """Follow the registry's shadow pointer; called every second or so."""
        version = self._room.shadow() if self._room.live is not None else None
        if version != self.version:
            log.info("shadow.changed", version=version, before=self.version)
            self.version = version
        if version is not None and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="shadow", daemon=True)
            self._thread.start()

    def offer(self, offered: Offered) -> None:
        """Take a decision for comparison, if a shadow is set and there is room."""
        if self.version in (None, offered.decision.model_version):
            return
        try:
            self._queue.put_nowait(offered)
        except queue.Full:
            SHADOW_DECISIONS.labels(result="dropped").inc()

    def wait_until_idle(self, timeout: float = 10.0) -> bool:
        """Whether everything that was offered is stored; for tests and benchmarks."""
        with self._idle:
            return self._idle.wait_for(lambda: self._queue.unfinished_tasks == 0, timeout)

    def close(self) -> None:
        """Stop after the running batch; what still waits is not scored."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stop.is_set():
            batch = self._collect()
            if not batch:
                continue
            version = self.version
            try:
                if version is not None:
                    self._store(version, batch)
            except Exception as error:  # fails open: the next batch is scored again
                SHADOW_DECISIONS.labels(result="failed").inc(len(batch))
                log.warning("shadow.failed", version=version, error=str(error)[:200])
            finally:
                self._finish(len(batch))
            self._stop.wait(PAUSE_SECONDS)

    def _collect(self) -> list[Offered]:
        try:
            batch = [self._queue.get(timeout=PAUSE_SECONDS)]
        except queue.Empty:
            return []
        while len(batch) < AT_ONCE:
            try:
                batch.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return batch

    def _store(self, version: str, batch: list[Offered]) -> None:
        comparable = [item for item in batch if item.decision.model_version != version]
        if not comparable or self._room.live is None:
            return
        with self._room.live.lease_exactly(version) as classifier:
            router = IntentRouter(self._room.taxonomy, classifier)
            dials = house_dials(classifier.thresholds, self._settings)
            scored = router.route_many([item.utterance for item in comparable], thresholds=dials)
        rows = [
            _row(item, decision, version) for item, decision in zip(comparable, scored, strict=True)
        ]
        with self._database.write() as session:
            session.add_all(rows)
        for row in rows:
            SHADOW_DECISIONS.labels(result="agreed" if row.agrees else "differed").inc()

    def _finish(self, count: int) -> None:
        with self._idle:
            for _ in range(count):
                self._queue.task_done()
            self._idle.notify_all()


def _row(item: Offered, scored: RoutingDecision, version: str) -> ShadowDecisionRecord:
    made = item.decision
    agrees = (scored.intent, scored.route, scored.outcome) == (
        made.intent,
        made.route,
        made.outcome,
    )
    return ShadowDecisionRecord(
        decision_id=item.decision_id,
        live_version=made.model_version,
        shadow_version=version,
        intent=scored.intent,
        route=scored.route.value,
        outcome=scored.outcome.value,
        confidence=scored.confidence,
        agrees=agrees,
    )
