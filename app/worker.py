"""The worker processes: background jobs woken by Celery, or the GPU worker of generation."""

import signal
import threading
from types import FrameType

import structlog

from app.assembly import assemble
from app.config import Settings
from app.errors import BadInput
from app.jobs.celery_app import build_celery
from app.jobs.celery_queue import RUN_TASK
from app.logging import configure_logging

log = structlog.get_logger(__name__)
QUEUES = ("default", "generation")


def run_worker(settings: Settings, *, queues: tuple[str, ...]) -> None:
    """Run until a signal; what runs is finished first, what is not comes back by its lease."""
    unknown = [name for name in queues if name not in QUEUES]
    if unknown or not queues:
        raise BadInput(f"--queues: unknown {unknown}; choose from {', '.join(QUEUES)}")
    if queues == ("generation",):
        # only here: the engine takes a second to import, and every command imports this module
        from app.generation.worker import run_generation_worker  # noqa: PLC0415 - see above

        run_generation_worker(settings)
    elif queues == ("default",):
        run_job_worker(settings)
    else:
        raise BadInput("Run one worker process for each queue: a GPU worker does nothing else.")


def run_job_worker(settings: Settings) -> None:
    """Background jobs: by Celery wake-ups where there is a broker, by the sweeper in any case."""
    configure_logging(json_lines=settings.environment == "production")
    assembled = assemble(settings)
    assembled.start()
    try:
        if settings.jobs.backend == "celery":
            _consume(settings, assembled.parts.runner.run)
        else:
            _wait_for_signal()
    finally:
        assembled.stop()


def _consume(settings: Settings, run: object) -> None:
    """Celery threads that run jobs by id until SIGTERM."""
    celery = build_celery(settings)
    celery.task(run, name=RUN_TASK, ignore_result=True)
    celery.worker_main(
        [
            "worker",
            "--pool=threads",
            f"--concurrency={settings.jobs.threads}",
            "--queues=default",
            "--without-gossip",
            "--without-mingle",
            "--loglevel=WARNING",
        ]
    )


def _wait_for_signal() -> None:
    """Without a broker the sweeper brings the work; this thread only waits."""
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    stop.wait()
