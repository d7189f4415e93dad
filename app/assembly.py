"""Composition root: Settings become Parts. The service, the workers and the CLI call it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import redis
import structlog

from app import audit_trail
from app.audit.seal import Sealer
from app.audit.signing import load_signer
from app.banking.code_sender import OutboxCodeSender
from app.banking.demo_client import DemoBankingClient
from app.banking.guard import GuardedBank
from app.banking.reader import SlotAccountReader
from app.clock import utc_now
from app.config import Settings
from app.db.housekeeping import remove_expired
from app.db.session import Database
from app.fairness.service import request_when_due
from app.files import FileStore
from app.generation import build_generator
from app.intent_models.observer import ModelObserver
from app.intent_models.room import ModelRoom
from app.intent_models.shadow import ShadowScorer
from app.jobs import enqueue
from app.jobs.celery_app import build_celery
from app.jobs.celery_queue import CeleryJobQueue
from app.jobs.job_queue import JobQueue, ThreadJobQueue
from app.jobs.runner import JobRunner
from app.jobs.sweeper import Periodic, sweep
from app.knowledge.indexing import index_folder
from app.labels.trainer import Trainer
from app.parts import Parts
from app.rate_limits import Limiter
from app.realtime import publish
from app.realtime.bus import EventBus, LocalBus
from app.realtime.redis_bus import RedisBus
from app.redis import connect_redis
from app.tasks import KINDS
from knowledge_base import LiveKnowledgeBase, Reranker
from models.encoder_shelf import (
    Encoders,
    EncoderShelf,
    article_encoder,
    as_shelf,
    english_encoder,
)
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from models.types import Encoder
from routing import IntentRouter, load_taxonomy
from routing.checkpoints import saved_routers
from routing.classifier import load_classifier
from routing.live import LiveClassifier
from routing.taxonomy import DEFAULT_TAXONOMY

log = structlog.get_logger(__name__)
SEAL_EVERY_SECONDS = 1.0
TIDY_EVERY_SECONDS = 600.0
FAIRNESS_LOOKS_EVERY_SECONDS = 3600.0


@dataclass(slots=True)
class Assembled:
    """A process's parts with what must be started and stopped around them."""

    parts: Parts
    periodics: list[Periodic] = field(default_factory=list)
    closers: list[Callable[[], object]] = field(default_factory=list)

    def start(self) -> None:
        for periodic in self.periodics:
            periodic.start()

    def stop(self) -> None:
        """In reverse: no new work, then what runs, then connections."""
        for periodic in reversed(self.periodics):
            periodic.stop()
        for close in self.closers:
            close()


def open_database(settings: Settings) -> tuple[Database, dict[str, object]]:
    """The database, and the dictionary that every session carries."""
    info = audit_trail.session_info(settings.security.audit_key.get_secret_value().encode())
    return Database(settings.database, session_info=info), info


def assemble(
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    encoders: Encoders = None,
    router: IntentRouter | None = None,
) -> Assembled:
    """Build everything that a service or worker process needs; nothing is started yet.

    `encoder` reads articles and questions, `encoders` serve the intent models.
    """
    database, info = open_database(settings)
    redis_client = connect_redis(settings.redis)
    runner = JobRunner(database, lease_seconds=settings.jobs.lease_seconds)
    threads = ThreadJobQueue(
        runner.run,
        threads={"turns": settings.jobs.turn_threads, "default": settings.jobs.threads},
    )
    queue = _job_queue(settings, threads)
    bus = _event_bus(redis_client)
    info |= enqueue.session_info(queue) | publish.session_info(bus)
    shelf = open_encoders(settings, encoders)
    grouping_encoder = encoder or english_encoder(shelf)
    encoder = encoder or article_encoder(shelf)
    signer = load_signer(settings.var)
    reranker = open_reranker(settings)
    models = build_model_room(settings, shelf)
    router = router or build_router(models)
    shadow = ShadowScorer(models, database, settings.routing)
    parts = Parts(
        settings=settings,
        database=database,
        router=router,
        saved_router=saved_routers(models.registry, models.taxonomy, models.load),
        knowledge=LiveKnowledgeBase(
            index_folder(settings),
            encoder,
            now=utc_now,
            mirror_url=settings.knowledge.index_url,
            reranker=reranker,
        ),
        generator=build_generator(settings, redis_client),
        bank=GuardedBank(DemoBankingClient(settings.banking.demo_url)),
        account_reader=SlotAccountReader(),
        code_sender=OutboxCodeSender(settings.var / "otp_outbox.jsonl"),
        job_queue=queue,
        runner=runner,
        files=FileStore(settings.files_url),
        encoder=encoder,
        grouping_encoder=grouping_encoder,
        bus=bus,
        limiter=Limiter(settings),
        audit_signer=signer,
        models=models,
        shadow=shadow,
        reranker=reranker,
    )
    runner.parts = parts
    # the sweeper wakes this process's own threads: it must not depend on a broker
    sweeping = Periodic(
        "sweeper", partial(sweep, database, threads.wake), every=settings.jobs.sweep_seconds
    )
    renewing = Periodic("lease-renewal", runner.renew_leases, every=settings.jobs.lease_seconds / 3)
    sealer = Sealer(database, signer, settings.var)
    sealing = Periodic("sealer", sealer.run_once, every=SEAL_EVERY_SECONDS)
    following = Periodic(
        "model-watch", partial(_follow, models, shadow), every=settings.routing.check_seconds
    )
    tidying = Periodic("housekeeping", partial(remove_expired, database), every=TIDY_EVERY_SECONDS)
    periodics = [sweeping, renewing, sealing, tidying, following]
    if settings.fairness.every_days:
        ask = partial(request_when_due, database, every_days=settings.fairness.every_days)
        periodics.append(Periodic("fairness", ask, every=FAIRNESS_LOOKS_EVERY_SECONDS))
    log.info("assembled", generator=parts.generator.name, job_kinds=len(KINDS))
    return Assembled(
        parts,
        periodics=periodics,
        closers=[
            Trainer.stop_all,
            queue.close,
            shadow.close,
            models.close,
            parts.generator.close,
            bus.close,
            database.dispose,
        ],
    )


def open_encoders(settings: Settings, given: Encoders = None) -> EncoderShelf:
    """What was given, or the bundled encoders; their graphs are kept beside the checkpoints."""
    return as_shelf(given, settings.var / "models" / KIND)


def open_reranker(settings: Settings) -> Reranker | None:
    """The cross-encoder that the settings name, loaded; None by default. ModelError if broken."""
    if settings.knowledge.reranker is None:
        return None
    from models.reranker import CrossEncoderReranker  # noqa: PLC0415 -- torch, only where named

    return CrossEncoderReranker(settings.knowledge.reranker)


def build_model_room(settings: Settings, encoders: Encoders = None) -> ModelRoom:
    """The intent models of this installation; none is loaded yet. Bundled encoders by default."""
    registry = ModelRegistry(settings.var / "models")
    return ModelRoom(
        registry=registry,
        load=partial(
            load_classifier,
            encoder=open_encoders(settings, encoders),  # shared by every checkpoint
            max_wrong=settings.routing.max_wrong,
            max_queued=settings.routing.max_queued,
        ),
        taxonomy=load_taxonomy(settings.routing.taxonomy or DEFAULT_TAXONOMY),
        gate=settings.gate,
    )


def build_router(models: ModelRoom) -> IntentRouter:
    """The router on the live intent model, which follows every promotion."""
    observer = ModelObserver()
    models.live = LiveClassifier(models.registry, models.load, kind=KIND, observer=observer)
    observer.began(models.live.version)
    return IntentRouter(models.taxonomy, models.live)


def load_router(settings: Settings) -> IntentRouter:
    """The router with the live intent model."""
    return build_router(build_model_room(settings))


def _follow(models: ModelRoom, shadow: ShadowScorer) -> None:
    models.refresh()
    shadow.check()


def _job_queue(settings: Settings, threads: ThreadJobQueue) -> JobQueue:
    if settings.jobs.backend == "embedded":
        return threads
    return CeleryJobQueue(build_celery(settings), threads)


def _event_bus(redis_client: redis.Redis | None) -> EventBus:
    return LocalBus() if redis_client is None else RedisBus(redis_client)
