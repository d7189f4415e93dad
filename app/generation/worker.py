"""The generation worker process: one engine, fed by many Celery threads. Never prefork.

A second delivery finds the claim of a living owner, or the finished answer, and is acknowledged at
once; a request that killed its workers is given up. Knows no database: the order carries all.
"""

import os
import socket
import threading
import time
from typing import Any

import redis
import structlog
from celery import Celery

from app.config import Settings
from app.generation.claims import Claims
from app.generation.client import Failure, StreamEvent, StreamKind, TokenStream
from app.generation.order import TASK_NAME, GenerationOrder
from app.generation.redis_stream import RedisTokenStream
from app.generation.relay import RelayedRun, StepRelay
from app.ids import new_id
from app.jobs.celery_app import GENERATION_QUEUE, build_celery
from app.redis import connect_redis
from models.engine.engine import GenerationEngine
from models.engine.errors import EngineUnavailable, PromptRejected
from models.engine.types import EngineLimits, Finish, Sampling

log = structlog.get_logger(__name__)

_POLL_SECONDS = 0.05  # how late a cancel flag may be seen
_BEAT_SECONDS = 1.0
_MOST_STARTS = 3
_GRACE_SECONDS = 5.0  # the engine ends a run at its deadline; this is for an engine that hangs
_WHOLE = (Finish.STOP, Finish.LENGTH)


class GenerationWorker:
    """Runs orders on one engine."""

    def __init__(
        self, engine: GenerationEngine, relay: StepRelay, claims: Claims, *, name: str
    ) -> None:
        self.name = name
        self._engine = engine
        self._relay = relay
        self._claims = claims
        self._lock = threading.Lock()
        self._running: dict[str, str] = {}  # request id -> engine id
        self._is_closing = threading.Event()
        self._caretaker = threading.Thread(target=self._take_care, name="caretaker", daemon=True)

    def start(self) -> None:
        """Begin to show that this worker serves."""
        self._caretaker.start()

    def close(self) -> None:
        """After the last order: stop the engine."""
        self._is_closing.set()
        self._caretaker.join(timeout=5)
        self._engine.close()

    def run(self, order: GenerationOrder) -> None:
        """Write one answer and stream it. Safe to call twice, here or on another worker."""
        if self._repeat_finished(order) or order.seconds_left <= 0:
            return
        fence = self._claims.claim(order.id, self.name)
        if fence is None:
            log.info("generation.already_running", generation_id=order.id)
            return
        try:
            self._run_claimed(order, fence)
        finally:
            self._claims.release(order.id, self.name)

    def _run_claimed(self, order: GenerationOrder, fence: int) -> None:
        run = self._relay.open(order.id, gateway=order.gateway, fence=fence)
        if fence > _MOST_STARTS:
            log.error("generation.given_up", generation_id=order.id, starts=fence)
            self._fail(run, Failure.UNAVAILABLE)
            return
        self._submit(order, run)
        if not run.has_ended.wait(max(0.0, order.seconds_left) + _GRACE_SECONDS):
            self._fail(run, Failure.TIMEOUT)
        with self._lock:
            self._running.pop(order.id, None)
        if run.finish in _WHOLE:
            self._claims.finish(order.id, run.text)
        log.info("generation.ended", generation_id=order.id, finish=run.finish, fence=fence)

    def _submit(self, order: GenerationOrder, run: RelayedRun) -> None:
        sampling = Sampling(
            max_new_tokens=order.max_new_tokens,
            temperature=order.temperature,
            seed=order.seed,
            deadline_seconds=max(0.0, order.seconds_left),
        )
        try:
            prompt = self._engine.encode(order.messages, answer_tokens=order.max_new_tokens)
            engine_id = self._engine.submit(prompt, sampling, run)
        except PromptRejected:
            self._fail(run, Failure.REJECTED)
        except EngineUnavailable:
            self._fail(run, Failure.UNAVAILABLE)
        else:
            with self._lock:
                self._running[order.id] = engine_id

    def _fail(self, run: RelayedRun, failure: Failure) -> None:
        run.fail(failure)
        self._relay.flush()

    def _repeat_finished(self, order: GenerationOrder) -> bool:
        finished = self._claims.find_finished(order.id)
        if finished is None:
            return False
        fence, text = finished
        events = [(StreamKind.DELTA, 0, text), (StreamKind.END, len(text), "")]
        for kind, offset, part in events:
            self._relay.add(order.gateway, StreamEvent(order.id, fence, kind, offset, part))
        self._relay.flush()
        return True

    def _take_care(self) -> None:
        next_beat = 0.0
        while not self._is_closing.wait(_POLL_SECONDS):
            is_beat = time.monotonic() >= next_beat
            try:
                self._cancel_unwanted()
                if is_beat:
                    next_beat = time.monotonic() + _BEAT_SECONDS
                    self._beat()
            except redis.RedisError as lost:
                log.warning("generation.redis_lost", reason=type(lost).__name__)

    def _cancel_unwanted(self) -> None:
        running = self._snapshot()
        if running:
            for request_id in self._claims.list_cancelled(list(running)):
                self._engine.cancel(running[request_id])

    def _beat(self) -> None:
        if self._engine.health().is_ready:
            self._claims.beat(self.name)
        for request_id, engine_id in self._snapshot().items():
            if not self._claims.renew(request_id, self.name):
                log.warning("generation.taken_over", generation_id=request_id)
                self._engine.cancel(engine_id)

    def _snapshot(self) -> dict[str, str]:
        with self._lock:
            return dict(self._running)


def run_generation_worker(settings: Settings) -> None:
    """Load, warm up, then consume until SIGTERM; what runs is finished first."""
    if settings.generation.model is None:
        raise ValueError("a generation worker needs a model: set SWITCHBOARD_GENERATION__MODEL")
    client = connect_redis(settings.redis)
    if client is None:
        raise ValueError("a generation worker needs Redis: set SWITCHBOARD_REDIS__URL")
    name = f"{socket.gethostname()}-{os.getpid()}-{new_id()[-6:]}"
    worker = build_worker(settings, client, RedisTokenStream(client, gateway=name), name=name)
    celery = build_celery(settings)
    register(celery, worker)
    worker.start()
    try:
        _consume(celery, worker, slots=EngineLimits().slots)
    finally:
        worker.close()


def build_worker(
    settings: Settings, client: redis.Redis, tokens: TokenStream, *, name: str
) -> GenerationWorker:
    """A worker with a warm engine."""
    relay = StepRelay(tokens, on_lost=_log_lost)
    engine = GenerationEngine(
        str(settings.generation.model),
        dtype=settings.generation.dtype,
        after_step=relay.flush,
    )
    seconds = engine.warm_up()
    log.info("generation.worker_ready", worker=name, model=engine.name, warm_up=round(seconds, 2))
    return GenerationWorker(engine, relay, Claims(client), name=name)


def register(celery: Celery, worker: GenerationWorker) -> None:
    """Bind the task's name to this worker."""

    def generate(order: dict[str, Any]) -> None:
        worker.run(GenerationOrder.model_validate(order))

    celery.task(generate, name=TASK_NAME, ignore_result=True)


def _consume(celery: Celery, worker: GenerationWorker, *, slots: int) -> None:
    consumer = celery.Worker(
        hostname=f"generation@{worker.name}",
        pool="threads",  # never prefork: a forked process cannot use CUDA
        concurrency=slots,
        queues=[GENERATION_QUEUE],
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    consumer.start()


def _log_lost(lost: Exception) -> None:
    log.warning("generation.step_lost", reason=type(lost).__name__)
