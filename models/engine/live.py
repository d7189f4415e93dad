"""One request in flight: its text so far, its stop strings, its deadline. Knows no model."""

import queue
import time
from collections.abc import Callable, Iterator

from models.engine.detokeniser import Detokeniser, StopStrings
from models.engine.types import Delta, DeltaSink, Finish, Sampling, TokenStep


class LiveRequest:
    """Turns token steps into deltas for one sink. Used under the engine's lock."""

    def __init__(
        self,
        sampling: Sampling,
        sink: DeltaSink,
        *,
        decode: Callable[[list[int]], str],
        eos_token_ids: frozenset[int],
    ) -> None:
        self._sink = sink
        self._detokeniser = Detokeniser(decode)
        self._stops = StopStrings(sampling.stop_strings)
        self._eos = eos_token_ids
        self._unsent_ids: tuple[int, ...] = ()  # of text that is not complete yet
        self.give_up_at = time.monotonic() + sampling.deadline_seconds

    def take(self, step: TokenStep) -> Finish | None:
        """Pass the step's text on; the reason when the request ended with it."""
        if step.error is not None:
            self._sink.put(Delta(finish=Finish.FAILED, detail=step.error))
            return Finish.FAILED
        self._unsent_ids += step.token_ids
        text = self._detokeniser.push([t for t in step.token_ids if t not in self._eos])
        text = self._stops.push(text)
        finish = self._finish_of(step)
        if finish is not None:
            text += self._stops.push(self._detokeniser.flush()) + self._stops.flush()
        if text or finish is not None:
            self._sink.put(Delta(text=text, token_ids=self._unsent_ids, finish=finish))
            self._unsent_ids = ()
        return finish

    def end(self, finish: Finish, detail: str = "") -> None:
        """End without further tokens; text that was held back is not sent."""
        self._sink.put(Delta(finish=finish, detail=detail))

    def _finish_of(self, step: TokenStep) -> Finish | None:
        if self._stops.is_stopped:
            return Finish.STOP
        if not step.is_finished:
            return None
        has_eos = bool(step.token_ids) and step.token_ids[-1] in self._eos
        return Finish.STOP if has_eos else Finish.LENGTH


class EngineStream:
    """A sink to iterate: the deltas of one request as they come. Closing it cancels."""

    def __init__(self, cancel: Callable[[], None]) -> None:
        self._deltas: queue.SimpleQueue[Delta] = queue.SimpleQueue()
        self._cancel = cancel
        self._is_finished = False

    def put(self, delta: Delta) -> None:
        self._deltas.put(delta)

    def __iter__(self) -> Iterator[Delta]:
        while not self._is_finished:
            delta = self._deltas.get()
            self._is_finished = delta.finish is not None
            yield delta

    def close(self) -> None:
        if not self._is_finished:
            self._cancel()
