"""Fallback for models that continuous batching cannot serve: padded batches over plain `generate`.

Requests that wait together are decoded together; who comes later waits for the next batch.
"""

import queue
import threading
from collections.abc import Sequence
from typing import Any

import structlog
import torch
from transformers import (
    LogitsProcessor,
    LogitsProcessorList,
    StoppingCriteria,
    StoppingCriteriaList,
)
from transformers.generation.streamers import BaseStreamer

from models.engine.errors import EngineUnavailable
from models.engine.loading import LoadedModel
from models.engine.sampling import noise_key, perturb
from models.engine.types import EngineLimits, TokenRequest, TokenStep

log = structlog.get_logger(__name__)

_MOST_ROWS = 8  # every row waits for the longest: larger batches make customers wait


class PaddedBatcher:
    """One batch at a time, on a thread of its own."""

    name = "padded"

    def __init__(self, loaded: LoadedModel, limits: EngineLimits) -> None:
        self._loaded = loaded
        self._rows = min(_MOST_ROWS, limits.slots)
        self._waiting: queue.SimpleQueue[TokenRequest | None] = queue.SimpleQueue()
        self._steps: queue.SimpleQueue[list[TokenStep]] = queue.SimpleQueue()
        self._cancelled: set[str] = set()
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="padded-batcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def add(self, request: TokenRequest) -> None:
        if self._is_closing.is_set():
            raise EngineUnavailable("the engine is closed")
        self._waiting.put(request)

    def cancel(self, request_id: str) -> None:
        self._cancelled.add(request_id)

    def next_steps(self, timeout: float) -> Sequence[TokenStep]:
        try:
            return self._steps.get(timeout=timeout)
        except queue.Empty:
            return []

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        self._is_closing.set()
        self._waiting.put(None)
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        while not self._is_closing.is_set():
            batch = self._next_batch()
            if not batch:
                continue
            try:
                self._generate(batch)
            except Exception as failure:  # one bad batch must not end the loop
                log.exception("engine.batch_failed", requests=[request.id for request in batch])
                self._steps.put([_failed(request, failure) for request in batch])
            self._cancelled.difference_update(request.id for request in batch)

    def _next_batch(self) -> list[TokenRequest]:
        batch: list[TokenRequest | None] = [self._waiting.get()]
        while len(batch) < self._rows and not self._waiting.empty():
            batch.append(self._waiting.get())
        return [r for r in batch if r is not None and r.id not in self._cancelled]

    @torch.inference_mode()
    def _generate(self, batch: list[TokenRequest]) -> None:
        ids, mask = _pad(batch, self._loaded.model.device)
        self._loaded.model.generate(
            input_ids=ids,
            attention_mask=mask,
            do_sample=False,
            max_new_tokens=max(request.max_new_tokens for request in batch),
            eos_token_id=list(self._loaded.eos_token_ids) or None,
            pad_token_id=self._loaded.tokenizer.pad_token_id or 0,
            streamer=_StepStreamer(batch, self._loaded.eos_token_ids, self._steps),
            logits_processor=LogitsProcessorList([_RowNoise(batch, ids.shape[1])]),
            stopping_criteria=StoppingCriteriaList([self._row_stops(batch, ids.shape[1])]),
        )

    def _row_stops(self, batch: list[TokenRequest], width: int) -> "_RowStops":
        return _RowStops(batch, width, self._cancelled, self._is_closing)


class _StepStreamer(BaseStreamer):
    """Receives one token of every row in each decode step."""

    def __init__(
        self,
        batch: list[TokenRequest],
        eos_token_ids: Sequence[int],
        steps: queue.SimpleQueue[list[TokenStep]],
    ) -> None:
        self._left = {row: request.max_new_tokens for row, request in enumerate(batch)}
        self._batch = batch
        self._eos = set(eos_token_ids)
        self._steps = steps
        self._has_seen_prompt = False

    def put(self, value: torch.Tensor) -> None:
        if not self._has_seen_prompt:
            self._has_seen_prompt = True  # the first call carries the prompts
            return
        tokens = value.reshape(-1).tolist()
        self._steps.put([self._step(row, tokens[row]) for row in list(self._left)])

    def end(self) -> None:
        """Rows that a stopping criterion ended have no last token of their own."""
        self._steps.put(
            [TokenStep(self._batch[row].id, (), is_finished=True) for row in self._left]
        )
        self._left.clear()

    def _step(self, row: int, token_id: int) -> TokenStep:
        self._left[row] -= 1
        is_finished = token_id in self._eos or self._left[row] <= 0
        if is_finished:
            del self._left[row]
        return TokenStep(self._batch[row].id, (token_id,), is_finished)


class _RowNoise(LogitsProcessor):
    """The same seeded draw as in continuous batching, so both batchers give the same text."""

    def __init__(self, batch: list[TokenRequest], width: int) -> None:
        self._batch = batch
        self._padding = [width - len(request.prompt_ids) for request in batch]
        self._temperatures = [request.temperature or 1.0 for request in batch]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        keys = [
            noise_key(
                seed=request.seed,
                position=input_ids.shape[1] - padding,
                temperature=request.temperature,
            )
            for request, padding in zip(self._batch, self._padding, strict=True)
        ]
        device = scores.device
        return perturb(
            scores.float(),
            torch.tensor(self._temperatures, device=device),
            torch.tensor(keys, dtype=torch.int32, device=device),
        )


class _RowStops(StoppingCriteria):
    """Ends single rows: cancelled, or at their own max_new_tokens."""

    def __init__(
        self,
        batch: list[TokenRequest],
        width: int,
        cancelled: set[str],
        is_closing: threading.Event,
    ) -> None:
        self._batch = batch
        self._width = width
        self._cancelled = cancelled
        self._is_closing = is_closing

    def __call__(self, input_ids: torch.Tensor, _scores: Any, **_: Any) -> torch.Tensor:  # noqa: ANN401 -- the library's signature
        generated = input_ids.shape[1] - self._width
        stops = [
            self._is_closing.is_set()
            or request.id in self._cancelled
            or generated >= request.max_new_tokens
            for request in self._batch
        ]
        return torch.tensor(stops, device=input_ids.device)


def _failed(request: TokenRequest, failure: Exception) -> TokenStep:
    return TokenStep(request.id, (), is_finished=True, error=str(failure))


def _pad(batch: list[TokenRequest], device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Prompts aligned at their ends: ids and mask, both (rows, longest prompt)."""
    width = max(len(request.prompt_ids) for request in batch)
    ids = [[0] * (width - len(r.prompt_ids)) + list(r.prompt_ids) for r in batch]
    mask = [[0] * (width - len(r.prompt_ids)) + [1] * len(r.prompt_ids) for r in batch]
    return torch.tensor(ids, device=device), torch.tensor(mask, device=device)
