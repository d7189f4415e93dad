"""Generator in the service's own process: the same engine, in threads. Knows no queue, no Redis."""

import threading
import time
from collections.abc import Iterator

import structlog

from app.config import GenerationSettings
from app.generation.admission import Admission
from app.generation.client import GenerationRequest, GeneratorHealth
from app.generation.errors import (
    GenerationRejected,
    GenerationTimeout,
    GenerationUnavailable,
)
from app.generation.memory_stream import MemoryTokenStream
from app.generation.order import seed_of
from app.generation.reading import Transcript
from app.generation.relay import StepRelay
from models.engine.engine import GenerationEngine
from models.engine.errors import EngineError, EngineUnavailable, PromptRejected
from models.engine.types import EngineLimits, Sampling

log = structlog.get_logger(__name__)

_GRACE_SECONDS = 2.0  # the engine keeps the deadline; this is for an engine that hangs


class EmbeddedGenerator:
    """Loads in the background; until then requests are refused and the ladder answers."""

    name = "embedded"

    def __init__(
        self,
        settings: GenerationSettings,
        *,
        device: str = "auto",
        limits: EngineLimits | None = None,
    ) -> None:
        self._settings = settings
        self._device = device
        self._limits = limits
        self._tokens = MemoryTokenStream()
        self._relay = StepRelay(self._tokens, on_lost=_log_lost)
        self._admission = Admission(settings.max_queued)
        self._engine: GenerationEngine | None = None
        self._problem = "the language model is loading"
        self._is_closed = False
        self._loader = threading.Thread(target=self._load, name="generation-load", daemon=True)
        self._loader.start()

    def stream(self, request: GenerationRequest) -> Iterator[str]:
        engine = self._ready_engine()
        with self._admission.admit(request):
            yield from self._stream_admitted(engine, request)

    def health(self) -> GeneratorHealth:
        if self._engine is None:
            return GeneratorHealth(ready=False, detail=self._problem)
        health = self._engine.health()
        return GeneratorHealth(ready=health.is_ready, detail=health.detail)

    def wait_until_loaded(self, timeout: float) -> bool:
        """For tests and commands; the service does not wait."""
        self._loader.join(timeout)
        return self._engine is not None

    def close(self) -> None:
        self._is_closed = True
        self._loader.join(timeout=60)
        if self._engine is not None:
            self._engine.close()

    def _load(self) -> None:
        try:
            engine = GenerationEngine(
                str(self._settings.model),
                dtype=self._settings.dtype,
                device=self._device,
                limits=self._limits,
                after_step=self._relay.flush,
            )
            engine.warm_up()
        except EngineError as failure:
            self._problem = str(failure)
            log.error("generation.load_failed", reason=self._problem)  # noqa: TRY400 -- the message says all
            return
        self._engine = engine
        if self._is_closed:
            engine.close()

    def _ready_engine(self) -> GenerationEngine:
        if self._engine is None:
            raise GenerationUnavailable(self._problem)
        return self._engine

    def _stream_admitted(
        self, engine: GenerationEngine, request: GenerationRequest
    ) -> Iterator[str]:
        give_up_at = time.monotonic() + request.deadline_seconds + _GRACE_SECONDS
        transcript = Transcript()
        subscription = self._tokens.subscribe(request.id)
        engine_id = ""
        try:
            engine_id = self._submit(engine, request)
            while not transcript.is_finished:
                event = subscription.next_event(give_up_at - time.monotonic())
                if event is None:
                    raise GenerationTimeout("the engine gave no answer before the deadline")
                text = transcript.take(event)
                if text:
                    yield text
        finally:
            subscription.close()
            engine.cancel(engine_id)

    def _submit(self, engine: GenerationEngine, request: GenerationRequest) -> str:
        run = self._relay.open(request.id, gateway=self._tokens.gateway, fence=1)
        sampling = Sampling(
            max_new_tokens=request.max_new_tokens,
            temperature=request.temperature,
            seed=seed_of(request),
            deadline_seconds=request.deadline_seconds,
        )
        messages = [(message.role, message.text) for message in request.messages]
        try:
            prompt = engine.encode(messages, answer_tokens=request.max_new_tokens)
            return engine.submit(prompt, sampling, run)
        except PromptRejected as refused:
            raise GenerationRejected(str(refused)) from refused
        except EngineUnavailable as gone:
            raise GenerationUnavailable(str(gone)) from gone


def _log_lost(lost: Exception) -> None:
    log.error("generation.step_lost", reason=type(lost).__name__)
