"""Threads that run jobs by id: lanes, duplicates, closing."""

import threading

import pytest

from app.jobs.job_queue import ThreadJobQueue
from app.jobs.registry import KINDS, job


def test_job_that_waits_already_is_not_added_again() -> None:
    first, go_on, ran = threading.Event(), threading.Event(), []

    def run(job_id: str) -> None:
        ran.append(job_id)
        first.set()
        assert go_on.wait(10)

    queue = ThreadJobQueue(run, threads={"default": 1})
    queue.wake("busy", "default")
    assert first.wait(10)
    for _ in range(3):
        queue.wake("waiting", "default")
    queue.wake("busy", "default")  # runs now: what came after it began must be seen
    go_on.set()
    finish(queue)
    assert ran == ["busy", "waiting", "busy"]


def finish(queue: ThreadJobQueue) -> None:
    """Wait until the last of what was offered has run, then close."""
    pool = queue._pools["default"]
    pool.submit(lambda: None).result(timeout=10)
    queue.close()


def test_unknown_lane_goes_to_the_default_lane() -> None:
    ran: list[str] = []
    queue = ThreadJobQueue(ran.append, threads={"default": 1})
    queue.wake("a", "no-such-lane")
    finish(queue)
    assert ran == ["a"]


def test_closed_queue_takes_nothing_and_raises_nothing() -> None:
    ran: list[str] = []
    queue = ThreadJobQueue(ran.append, threads={"default": 1})
    queue.close()
    queue.wake("a", "default")
    queue.wake("a", "default")
    assert ran == []


def test_kind_has_one_handler() -> None:
    job("test.twice")(lambda *_: None)
    try:
        with pytest.raises(ValueError, match="two handlers"):
            job("test.twice")(lambda *_: None)
    finally:
        del KINDS["test.twice"]
