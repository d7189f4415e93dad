"""GenerationEngine: submit, stream, cancel, drain. Knows tokens and text, but no customer."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import structlog

from models.engine.choice import choose_batcher, context_room
from models.engine.errors import EngineUnavailable, PromptRejected
from models.engine.live import EngineStream, LiveRequest
from models.engine.loading import load_model
from models.engine.prompt import PLAIN_STOPS, RoleText, build_prompt_ids
from models.engine.types import (
    DeltaSink,
    EngineHealth,
    EngineLimits,
    Finish,
    Sampling,
    TokenRequest,
    TokenStep,
)

log = structlog.get_logger(__name__)

_TICK_SECONDS = 0.05  # how late a deadline may be noticed while no tokens arrive
_STALL_SECONDS = 15.0  # no token for so long, with requests waiting: not ready
_MOST_RESTARTS = 3


class GenerationEngine:
    """One model on one device. Every public method may be called from any thread."""

    def __init__(
        self,
        model_path: str | Path,
        *,
        dtype: str = "auto",
        device: str = "auto",
        limits: EngineLimits | None = None,
        after_step: Callable[[], None] = lambda: None,
    ) -> None:
        self.limits = limits or EngineLimits()
        self._loaded = load_model(model_path, dtype=dtype, device=device)
        self._batcher = choose_batcher(self._loaded, self.limits)
        self._room = context_room(self._loaded, self.limits)
        self._after_step = after_step
        self._lock = threading.RLock()
        self._live: dict[str, LiveRequest] = {}
        self._numbers = count(1)
        self._last_step_at = time.monotonic()
        self._restarts = 0
        self._is_warm = False
        self._is_draining = False
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="generation-engine", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        return self._loaded.name

    def encode(self, messages: Sequence[RoleText], *, answer_tokens: int) -> list[int]:
        """Prompt token ids; the oldest messages give way until an answer fits behind them."""
        kept = list(messages)
        while True:
            ids = build_prompt_ids(self._loaded.tokenizer, kept)
            oldest = next((i for i, (role, _) in enumerate(kept[:-1]) if role != "system"), None)
            if len(ids) + answer_tokens <= self._room or oldest is None:
                return ids
            del kept[oldest]

    def submit(self, prompt_ids: Sequence[int], sampling: Sampling, sink: DeltaSink) -> str:
        """Start one request; its deltas go to the sink. The id is never reused."""
        request = self._checked(prompt_ids, sampling)
        live = LiveRequest(
            self._with_default_stops(sampling),
            sink,
            decode=self._decode,
            eos_token_ids=frozenset(self._loaded.eos_token_ids),
        )
        with self._lock:
            if self._is_draining or self._is_closed.is_set():
                raise EngineUnavailable("the engine is draining")
            if not self._live:
                self._last_step_at = time.monotonic()
            self._live[request.id] = live
        try:
            self._batcher.add(request)
        except EngineUnavailable:
            self._pop(request.id)
            raise
        return request.id

    @contextmanager
    def stream(self, prompt_ids: Sequence[int], sampling: Sampling) -> Iterator[EngineStream]:
        """The deltas of one request to iterate; leaving the block early cancels it."""
        stream = EngineStream(cancel=lambda: self.cancel(request_id))
        request_id = self.submit(prompt_ids, sampling, stream)
        try:
            yield stream
        finally:
            stream.close()

    def cancel(self, request_id: str) -> None:
        """Free the slot; the sink receives its end at once. Unknown ids are no error."""
        self._end(request_id, Finish.CANCELLED)
        self._after_step()

    def drain(self, timeout: float) -> bool:
        """Take nothing new and let what runs finish; False when time ran out."""
        self._is_draining = True
        give_up_at = time.monotonic() + timeout
        while self._live and time.monotonic() < give_up_at:
            time.sleep(_TICK_SECONDS)
        return not self._live

    def warm_up(self) -> float:
        """First tokens before the first customer; the seconds it took. Ready afterwards."""
        started = time.monotonic()
        prompt = self.encode([("user", "hello 您好")], answer_tokens=4)
        with self.stream(prompt, Sampling(max_new_tokens=4, deadline_seconds=300)) as stream:
            finishes = [delta.finish for delta in stream]
        self._is_warm = finishes[-1] in (Finish.STOP, Finish.LENGTH)
        return time.monotonic() - started

    def health(self) -> EngineHealth:
        """Ready means warm, alive, not draining, and tokens arrive for what runs."""
        problem = self._problem()
        return EngineHealth(
            is_ready=problem is None,
            detail=problem or f"{self.name} on {self._loaded.model.device.type}",
            batcher=self._batcher.name,
            running=len(self._live),
            slots=self.limits.slots,
        )

    def close(self) -> None:
        """Cancel what runs and stop the threads. Safe to call twice."""
        if self._is_closed.is_set():
            return
        self._is_closed.set()
        for request_id in list(self._live):
            self.cancel(request_id)
        self._thread.join(timeout=10)
        self._batcher.close()

    def _checked(self, prompt_ids: Sequence[int], sampling: Sampling) -> TokenRequest:
        room = self._room - len(prompt_ids)
        if not prompt_ids or room < 1:
            raise PromptRejected(
                f"the prompt has {len(prompt_ids)} tokens; 1 to {self._room - 1} fit"
            )
        if sampling.max_new_tokens < 1:
            raise PromptRejected("max_new_tokens must be at least 1")
        return TokenRequest(
            id=f"engine-{next(self._numbers)}",
            prompt_ids=tuple(prompt_ids),
            max_new_tokens=min(sampling.max_new_tokens, room),
            temperature=max(0.0, float(sampling.temperature)),
            seed=int(sampling.seed),
        )

    def _with_default_stops(self, sampling: Sampling) -> Sampling:
        if self._loaded.tokenizer.chat_template:
            return sampling
        return Sampling(
            max_new_tokens=sampling.max_new_tokens,
            temperature=sampling.temperature,
            seed=int(sampling.seed),
            deadline_seconds=sampling.deadline_seconds,
            stop_strings=(*sampling.stop_strings, *PLAIN_STOPS),
        )

    def _decode(self, token_ids: list[int]) -> str:
        return str(
            self._loaded.tokenizer.decode(
                token_ids, skip_special_tokens=True, clean_up_tokenization_spaces=False
            )
        )

    def _problem(self) -> str | None:
        if self._is_closed.is_set() or self._is_draining:
            return "draining"
        if not self._thread.is_alive() or not self._batcher.is_alive():
            return "the batching loop has died"
        if self._live and time.monotonic() - self._last_step_at > _STALL_SECONDS:
            return "no token for too long"
        return None if self._is_warm else "warming up"

    def _serve(self) -> None:
        while not self._is_closed.is_set():
            try:
                self._turn()
            except Exception:  # the loop outlives one bad step; deadlines end its requests
                log.exception("engine.step_failed")

    def _turn(self) -> None:
        steps = self._batcher.next_steps(_TICK_SECONDS)
        has_ended = self._apply(steps) + self._end_late() + self._end_orphans()
        if steps or has_ended:
            self._after_step()

    def _apply(self, steps: Sequence[TokenStep]) -> int:
        if steps:
            self._last_step_at = time.monotonic()
        return sum(self._apply_one(step) for step in steps)

    def _apply_one(self, step: TokenStep) -> bool:
        with self._lock:
            live = self._live.get(step.id)
            finish = live.take(step) if live is not None else None
            if finish is None:
                return False
            del self._live[step.id]
        if not step.is_finished:
            self._batcher.cancel(step.id)  # a stop string: the batcher does not know
        return True

    def _end_late(self) -> int:
        now = time.monotonic()
        late = [key for key, live in list(self._live.items()) if live.give_up_at <= now]
        return sum(self._end(request_id, Finish.DEADLINE) for request_id in late)

    def _end_orphans(self) -> int:
        """When the loop died: nobody waits in silence, and the loop is started again."""
        if self._batcher.is_alive() or self._is_closed.is_set():
            return 0
        orphans = [self._end(key, Finish.FAILED) for key in list(self._live)]
        if self._restarts < _MOST_RESTARTS:
            self._restarts += 1
            log.error("engine.loop_died", restarts=self._restarts, lost=len(orphans))
            self._batcher.start()
        return len(orphans)

    def _end(self, request_id: str, finish: Finish) -> bool:
        live = self._pop(request_id)
        if live is None:
            return False
        self._batcher.cancel(request_id)
        live.end(finish)
        return True

    def _pop(self, request_id: str) -> LiveRequest | None:
        with self._lock:
            return self._live.pop(request_id, None)
