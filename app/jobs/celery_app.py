"""The Celery app: broker settings, queues, limits. Imports no feature and registers no task."""

from celery import Celery
from kombu.entity import Queue

from app.config import Settings

GENERATION_QUEUE = "generation"
DEFAULT_QUEUE = "default"
PRIORITY_STEPS = [0, 3, 6, 9]  # 0 is served first

_SHORTEST_VISIBILITY_SECONDS = 120


def build_celery(settings: Settings) -> Celery:
    """An app over the configured Redis. Results are not kept: the job row is the truth."""
    if settings.redis.url is None:
        raise ValueError("Celery needs a broker: set SWITCHBOARD_REDIS__URL to a Redis address")
    app = Celery("switchboard", broker=settings.redis.url, set_as_current=False)
    app.conf.update(
        task_queues=[_queue(DEFAULT_QUEUE), _queue(GENERATION_QUEUE)],
        task_default_queue=DEFAULT_QUEUE,
        task_routes={"generation.*": {"queue": GENERATION_QUEUE}},
        task_create_missing_queues=False,  # a queue that nobody consumes is a mistake
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_track_started=False,
        task_send_sent_event=False,
        worker_prefetch_multiplier=1,
        worker_disable_prefetch=True,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        broker_connection_retry_on_startup=True,
        broker_transport_options=_transport_options(settings),
        enable_utc=True,
    )
    return app


def _queue(name: str) -> Queue:
    return Queue(name)  # type: ignore[no-untyped-call]  # kombu types only parts of itself


def visibility_seconds(settings: Settings) -> int:
    """Above every hard deadline, or a running task would be given to a second worker."""
    longest = max(settings.generation.deadline_seconds, settings.jobs.lease_seconds)
    return int(max(_SHORTEST_VISIBILITY_SECONDS, 2 * longest + 60))


def _transport_options(settings: Settings) -> dict[str, object]:
    return {
        "visibility_timeout": visibility_seconds(settings),
        # kombu's defaults look for lost messages every 100 s only
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        "queue_order_strategy": "priority",
        "priority_steps": PRIORITY_STEPS,
        "health_check_interval": 15,
        "socket_keepalive": True,
        "socket_timeout": 10,
        "socket_connect_timeout": 2,
    }
