"""Re-offers due jobs and expired leases. Always on, with or without Redis."""

import threading
from collections.abc import Callable

import structlog

from app.clock import utc_now
from app.db.session import Database
from app.jobs import repository

log = structlog.get_logger(__name__)
BATCH = 200


class Periodic:
    """Calls a function every so many seconds in a thread of its own, until stopped."""

    def __init__(self, name: str, call: Callable[[], object], *, every: float) -> None:
        self._name = name
        self._call = call
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _loop(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self._call()
            except Exception:  # the next tick tries again; the lag metric tells
                log.exception("periodic.failed", name=self._name)


def sweep(database: Database, wake: Callable[[str, str], None]) -> int:
    """Wake somebody for each job that is due; how many there were."""
    with database.read() as session:
        offered = repository.find_offered(session, now=utc_now(), limit=BATCH)
    for job_id, lane in offered:
        wake(job_id, lane)
    return len(offered)
