"""Generator over the worker pool: admit, send, read, cancel. Knows no model.

Recovery does not wait for the broker: when a run falls silent and its owner's claim has expired,
the request is offered again, and the offsets keep the text from being repeated.
"""

import time
from collections.abc import Iterator

import redis
import structlog
from celery import Celery
from kombu.exceptions import KombuError

from app.generation.admission import Admission
from app.generation.claims import Claims
from app.generation.client import GenerationRequest, GeneratorHealth, Subscription, TokenStream
from app.generation.errors import GenerationTimeout, GenerationUnavailable
from app.generation.order import TASK_NAME, GenerationOrder
from app.generation.reading import Transcript
from app.jobs.celery_app import GENERATION_QUEUE

log = structlog.get_logger(__name__)

_PULSE_SECONDS = 0.5  # silence after which somebody looks what happened
_MOST_OFFERS = 3
_BROKER_ERRORS = (redis.RedisError, KombuError, OSError)


class PoolGenerator:
    """One per service process; safe to call from many threads."""

    name = "pool"

    def __init__(
        self, celery: Celery, client: redis.Redis, tokens: TokenStream, *, max_queued: int
    ) -> None:
        self._celery = celery
        self._claims = Claims(client)
        self._tokens = tokens
        self._admission = Admission(max_queued)

    def stream(self, request: GenerationRequest) -> Iterator[str]:
        with self._admission.admit(request):
            try:
                yield from self._stream_admitted(request)
            except _BROKER_ERRORS as lost:
                raise GenerationUnavailable("Redis is not reachable") from lost

    def health(self) -> GeneratorHealth:
        try:
            is_alive = self._claims.is_pool_alive()
        except redis.RedisError:
            return GeneratorHealth(ready=False, detail="Redis is not reachable")
        detail = "generation workers serve" if is_alive else "no generation worker is alive"
        return GeneratorHealth(ready=is_alive, detail=detail)

    def close(self) -> None:
        self._tokens.close()

    def _stream_admitted(self, request: GenerationRequest) -> Iterator[str]:
        give_up_at = time.monotonic() + request.deadline_seconds
        if not self._claims.is_pool_alive():
            raise GenerationUnavailable("no generation worker is alive")
        transcript = Transcript()
        subscription = self._tokens.subscribe(request.id)
        try:
            self._claims.forget_cancel(request.id)
            self._offer(request, seconds=request.deadline_seconds)
            yield from self._read(request, subscription, transcript, give_up_at)
        finally:
            subscription.close()
            if not transcript.is_finished:
                self._cancel(request.id)

    def _read(
        self,
        request: GenerationRequest,
        subscription: Subscription,
        transcript: Transcript,
        give_up_at: float,
    ) -> Iterator[str]:
        offers = 1
        while not transcript.is_finished:
            seconds_left = give_up_at - time.monotonic()
            if seconds_left <= 0:
                raise GenerationTimeout("the answer was not complete before its deadline")
            event = subscription.next_event(min(_PULSE_SECONDS, seconds_left))
            if event is None:
                offers += self._look_after(request, offers=offers, seconds=seconds_left)
                continue
            text = transcript.take(event)
            if text:
                yield text

    def _look_after(self, request: GenerationRequest, *, offers: int, seconds: float) -> int:
        """After silence: wait, offer the request again (1), or give up."""
        progress = self._claims.progress(request.id)
        if progress.is_owned:
            return 0
        if not progress.is_pool_alive:
            raise GenerationUnavailable("the last generation worker is gone")
        if not progress.has_started:
            return 0  # still in the queue
        if offers >= _MOST_OFFERS:
            raise GenerationUnavailable("every worker that took the request was lost")
        log.warning("generation.offered_again", generation_id=request.id, offers=offers)
        self._offer(request, seconds=seconds)
        return 1

    def _offer(self, request: GenerationRequest, *, seconds: float) -> None:
        order = GenerationOrder.of(request, gateway=self._tokens.gateway, seconds=seconds)
        self._celery.send_task(
            TASK_NAME,
            args=[order.model_dump(mode="json")],
            argsrepr="(order)",  # Celery would put the messages into headers and log lines
            task_id=request.id,
            queue=GENERATION_QUEUE,
            priority=int(request.priority),
            expires=max(1.0, seconds),
            retry=False,
            ignore_result=True,
        )

    def _cancel(self, request_id: str) -> None:
        try:
            self._claims.cancel(request_id)
        except redis.RedisError:
            # the worker's own deadline ends the run
            log.warning("generation.cancel_lost", generation_id=request_id)
