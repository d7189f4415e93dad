"""Waking whoever runs jobs. A lost wake-up costs seconds: the sweeper offers the row again."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)


class JobQueue(Protocol):
    """Tells somebody that a job is ready."""

    def wake(self, job_id: str, lane: str) -> None:
        """Never raises: the job row is the truth."""

    def close(self) -> None:
        """Stop taking work; let what runs finish."""


class ThreadJobQueue:
    """Bounded threads in this process, one pool for each lane."""

    def __init__(self, run: Callable[[str], None], *, threads: Mapping[str, int]) -> None:
        self._run = run
        self._pools = {
            lane: ThreadPoolExecutor(count, thread_name_prefix=f"jobs-{lane}")
            for lane, count in threads.items()
        }
        self._waiting: set[str] = set()  # a job that is offered twice is run once
        self._lock = threading.Lock()

    def wake(self, job_id: str, lane: str) -> None:
        with self._lock:
            if job_id in self._waiting:
                return
            self._waiting.add(job_id)
        try:
            self._pools.get(lane, self._pools["default"]).submit(self._run_once, job_id)
        except RuntimeError:  # the pool is closing: the row waits for the next process
            with self._lock:
                self._waiting.discard(job_id)

    def close(self) -> None:
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)

    def _run_once(self, job_id: str) -> None:
        with self._lock:
            self._waiting.discard(job_id)
        self._run(job_id)
