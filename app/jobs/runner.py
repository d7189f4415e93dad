"""Run one job: lease it, call its handler, finish it under the fence, or try again, or bury it.

A handler reads with `run.reading()` and writes once with `run.finishing()`: that one transaction
holds its effects *and* marks the job done, so an outdated run changes nothing.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.clock import utc_now
from app.db.session import Database
from app.jobs import backoff, repository
from app.jobs.registry import KINDS
from app.jobs.repository import Lease

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """A newer run has this job: whatever this one did is rolled back."""


class Postponed(Exception):
    """The job must wait for another one; that is no failed attempt."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"postponed by {seconds} s")
        self.seconds = seconds


class JobRun:
    """One attempt at one job."""

    def __init__(self, database: Database, lease: Lease) -> None:
        self._database = database
        self.lease = lease
        self.is_finished = False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Look at the present state; nothing is kept."""
        with self._database.read() as session:
            yield session

    @contextmanager
    def noting(self) -> Iterator[Session]:
        """How far a long run is, for people to see; LeaseLost when a newer run took over."""
        with self._database.write() as session:
            if not repository.holds(session, self.lease):
                raise LeaseLost(self.lease.job_id)
            yield session

    @contextmanager
    def finishing(self) -> Iterator[Session]:
        """The one transaction with the job's effects; LeaseLost when a newer run took over."""
        with self._database.write() as session:
            if not repository.finish(session, self.lease, now=utc_now()):
                raise LeaseLost(self.lease.job_id)
            yield session
        self.is_finished = True


class JobRunner:
    """Runs jobs by id with the parts that the process assembled."""

    def __init__(
        self, database: Database, *, lease_seconds: float, seed: int | None = None
    ) -> None:
        self._database = database
        self._lease_seconds = lease_seconds
        self._chance = random.Random(seed)  # noqa: S311 - jitter, not a secret
        self._running: dict[str, tuple[Lease, float]] = {}  # job id -> lease, began (monotonic)
        self.parts: Any = None  # set by assembly; jobs do not know what it is

    def run(self, job_id: str) -> None:
        """Run the job if it is offered. Never raises: threads and workers call it."""
        try:
            with self._database.write() as session:
                lease = repository.claim(
                    session, job_id, now=utc_now(), lease_seconds=self._lease_seconds
                )
        except OperationalError:
            log.warning("job.claim_failed", job_id=job_id)
            return
        if lease is None:
            return
        self._running[job_id] = (lease, time.monotonic())
        try:
            with structlog.contextvars.bound_contextvars(job_id=job_id, job_kind=lease.kind):
                self._attempt(lease)
        finally:
            self._running.pop(job_id, None)

    def renew_leases(self) -> None:
        """Keep the leases of long runs, up to the time limit of their kind.

        A killed process renews nothing, so its jobs are offered again after one short lease; a run
        that overstays its limit loses the lease, and its fence keeps it from writing.
        """
        now = time.monotonic()
        long_runs = [
            lease
            for lease, began in list(self._running.values())
            if self._lease_seconds / 3 < now - began < KINDS[lease.kind].time_limit
        ]
        if not long_runs:
            return
        until = utc_now() + timedelta(seconds=self._lease_seconds)
        with self._database.write() as session:
            for lease in long_runs:
                repository.renew(session, lease, until=until)

    def _attempt(self, lease: Lease) -> None:
        definition = KINDS.get(lease.kind)
        run = JobRun(self._database, lease)
        try:
            if definition is None:
                raise LookupError(f"no handler for {lease.kind}")  # noqa: TRY301 - one failure path
            if lease.attempt > lease.max_attempts:  # runs never came back: it may be what kills us
                raise TimeoutError("the last attempt did not come back")  # noqa: TRY301 - likewise
            definition.handler(self.parts, run, **lease.arguments)
            if not run.is_finished:
                with run.finishing():
                    pass
        except LeaseLost:
            log.info("job.lease_lost")
        except Postponed as wait:
            self._postpone(lease, wait.seconds)
        except Exception as error:
            if run.is_finished:  # the effects are committed: what followed them is not retried
                log.exception("job.failed_after_commit")
            else:
                self._try_again_or_bury(lease, error)

    def _postpone(self, lease: Lease, seconds: float) -> None:
        try:
            with self._database.write() as session:
                repository.postpone(session, lease, until=utc_now() + timedelta(seconds=seconds))
        except OperationalError:  # the lease runs out and the sweeper offers the job again
            log.warning("job.postpone_failed")

    def _try_again_or_bury(self, lease: Lease, error: Exception) -> None:
        summary = f"{type(error).__name__}: {error}"[:500]
        is_last = lease.attempt >= lease.max_attempts
        log.warning("job.failed", attempt=lease.attempt, is_last=is_last, exc_info=error)
        try:
            if is_last:
                self._bury(lease, summary)
                return
            delay = backoff.delay_before(lease.attempt, chance=self._chance)
            with self._database.write() as session:
                again = utc_now() + timedelta(seconds=delay)
                repository.release(session, lease, run_after=again, error=summary)
        except Exception:  # the lease runs out and the sweeper offers the job again
            log.exception("job.release_failed")

    def _bury(self, lease: Lease, summary: str) -> None:
        definition = KINDS.get(lease.kind)
        with self._database.write() as session:
            if not repository.bury(session, lease, now=utc_now(), error=summary):
                return
            if definition is not None and definition.when_buried is not None:
                definition.when_buried(self.parts, session, **lease.arguments)
