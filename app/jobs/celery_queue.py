"""Wake-ups over Celery for background lanes; turns stay in the replica that accepted them."""

import structlog
from celery import Celery

from app.jobs.job_queue import ThreadJobQueue

log = structlog.get_logger(__name__)
RUN_TASK = "jobs.run"


class CeleryJobQueue:
    """Sends `jobs.run(job_id)`; only the id crosses. A broker that is away costs seconds."""

    def __init__(self, celery: Celery, local: ThreadJobQueue) -> None:
        self._celery = celery
        self._local = local

    def wake(self, job_id: str, lane: str) -> None:
        if lane == "turns":
            self._local.wake(job_id, lane)
            return
        try:
            self._celery.send_task(RUN_TASK, args=[job_id], queue="default", retry=False)
        except Exception:  # kombu raises many classes; the sweeper offers the row again
            log.warning("job.wake_failed", job_id=job_id)

    def close(self) -> None:
        self._local.close()
