"""Turn concurrent calls from many threads into batches; what waits is bounded.

An idle batcher lets a caller run its own call at once, in its own thread: nobody waits for company
or for another thread to wake. While something runs, what arrives gathers into the next batch, so
batches grow with the load. Knows nothing about the items.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from models.errors import BatcherClosed, BatcherFull

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class MicroBatcher(Generic[Item, Answer]):
    """Runs `work` on one batch at a time; each caller gets its own answers."""

    def __init__(
        self,
        work: Callable[[list[Item]], Sequence[Answer]],
        *,
        max_batch: int = 32,
        max_queued: int = 1024,
        name: str = "micro-batcher",
    ) -> None:
        self._work = work
        self._max_batch = max_batch
        self._max_queued = max_queued
        self._waiting: deque[tuple[Item, Future[Answer]]] = deque()
        self._changed = threading.Condition()  # guards all of the state
        self._is_closed = False
        self._is_busy = False  # a batch or a caller runs now
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def queued(self) -> int:
        """How many items wait; those of the running batch do not count."""
        return len(self._waiting)

    def submit(self, item: Item) -> Future[Answer]:
        """Queue one item; the future holds its answer or its error."""
        return self._enqueue([item])[0]

    def call(self, items: Sequence[Item], *, timeout: float | None = None) -> list[Answer]:
        """The answers in order; raises the error of the first item that failed.

        All items are queued or none: BatcherFull where they do not fit. A call larger than the
        bound is taken when nothing waits. `timeout` bounds the wait for others, in seconds.
        """
        if self._may_run_at_once(len(items)):
            try:
                return self._run_alone(items)
            finally:
                self._rest()
        return [future.result(timeout) for future in self._enqueue(items)]

    def close(self) -> None:
        """Answer what was accepted, then stop. Safe to call twice."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _may_run_at_once(self, count: int) -> bool:
        """Nobody runs and nobody waits: the caller is the batch."""
        with self._changed:
            is_free = not (self._is_closed or self._is_busy or self._waiting)
            is_taken = is_free and count <= self._max_batch
            self._is_busy = self._is_busy or is_taken
            return is_taken

    def _run_alone(self, items: Sequence[Item]) -> list[Answer]:
        try:
            return list(self._checked(list(items)))
        except Exception:
            if len(items) == 1:
                raise
            return [self._checked([item])[0] for item in items]

    def _rest(self) -> None:
        with self._changed:
            self._is_busy = False
            self._changed.notify()

    def _enqueue(self, items: Sequence[Item]) -> list[Future[Answer]]:
        entries: list[tuple[Item, Future[Answer]]] = [(item, Future()) for item in items]
        with self._changed:
            if self._is_closed:
                raise BatcherClosed("the micro-batcher is closed")
            if self._waiting and len(self._waiting) + len(entries) > self._max_queued:
                raise BatcherFull(f"{len(self._waiting)} of at most {self._max_queued} items wait")
            self._waiting.extend(entries)
            self._changed.notify()
        return [future for _, future in entries]

    def _run(self) -> None:
        while batch := self._collect():
            chosen = [entry for entry in batch if entry[1].set_running_or_notify_cancel()]
            if chosen:
                self._answer(chosen)
            self._rest()

    def _collect(self) -> list[tuple[Item, Future[Answer]]]:
        """Everything that waits, up to a full batch; empty once closed and nothing is left."""
        with self._changed:
            while self._is_busy or not (self._waiting or self._is_closed):
                self._changed.wait()
            size = min(len(self._waiting), self._max_batch)
            self._is_busy = size > 0
            return [self._waiting.popleft() for _ in range(size)]

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
