"""Turn concurrent calls from many threads into one call with many items.

The first waiting call opens a window of a few milliseconds; everything that arrives in it goes
into one forward pass. Knows nothing about what the items are.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from models.errors import BatcherClosed

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class MicroBatcher(Generic[Item, Answer]):
    """Runs `work` on batches in one thread of its own; each caller gets its own answers."""

    def __init__(
        self,
        work: Callable[[list[Item]], Sequence[Answer]],
        *,
        window_seconds: float = 0.002,
        max_batch: int = 32,
        name: str = "micro-batcher",
    ) -> None:
        self._work = work
        self._window = window_seconds
        self._max_batch = max_batch
        self._waiting: queue.SimpleQueue[tuple[Item, Future[Answer]] | None] = queue.SimpleQueue()
        self._gate = threading.Lock()  # no call may slip in behind the closing mark
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> Future[Answer]:
        """Queue one item; the future holds its answer or its error."""
        future: Future[Answer] = Future()
        with self._gate:
            if self._is_closed:
                raise BatcherClosed("the micro-batcher is closed")
            self._waiting.put((item, future))
        return future

    def call(self, items: Sequence[Item], *, timeout: float | None = None) -> list[Answer]:
        """The answers in order; raises the error of the first item that failed."""
        futures = [self.submit(item) for item in items]
        return [future.result(timeout) for future in futures]

    def close(self) -> None:
        """Answer what was accepted, then stop. Safe to call twice."""
        with self._gate:
            if not self._is_closed:
                self._is_closed = True
                self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._collect()
            chosen = [entry for entry in batch if entry[1].set_running_or_notify_cancel()]
            if chosen:
                self._answer(chosen)

    def _collect(self) -> tuple[list[tuple[Item, Future[Answer]]], bool]:
        """Wait for a first item, then for the window to pass or the batch to fill."""
        batch: list[tuple[Item, Future[Answer]]] = []
        deadline: float | None = None
        while len(batch) < self._max_batch:
            try:
                entry = self._next(deadline)
            except queue.Empty:
                break
            if entry is None:
                return batch, False
            batch.append(entry)
            deadline = deadline or time.monotonic() + self._window
        return batch, True

    def _next(self, deadline: float | None) -> tuple[Item, Future[Answer]] | None:
        if deadline is None:
            return self._waiting.get()
        remaining = deadline - time.monotonic()
        return self._waiting.get(timeout=remaining) if remaining > 0 else self._waiting.get_nowait()

    def _answer(self, batch: list[tuple[Item, Future[Answer]]]) -> None:
        """Run the batch; if it fails, each item alone, so that only the guilty caller pays."""
        try:
            answers = self._checked([item for item, _ in batch])
        except Exception as error:  # it belongs to a caller, never to this loop
            self._answer_one_by_one(batch, error)
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            future.set_result(answer)

    def _answer_one_by_one(
        self, batch: list[tuple[Item, Future[Answer]]], error: Exception
    ) -> None:
        if len(batch) == 1:
            batch[0][1].set_exception(error)
            return
        for entry in batch:
            self._answer([entry])

    def _checked(self, items: list[Item]) -> Sequence[Answer]:
        answers = self._work(items)
        if len(answers) != len(items):
            raise ValueError(f"{len(items)} items got {len(answers)} answers")
        return answers
