"""The built things that requests and turns use, by protocol; `assembly.py` builds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.banking.actions import AccountReader
    from app.banking.code_sender import CodeSender
    from app.banking.guard import GuardedBank
    from app.config import Settings
    from app.db.session import Database
    from app.files import FileStore
    from app.generation import Generator
    from app.jobs.job_queue import JobQueue
    from app.jobs.runner import JobRunner
    from knowledge_base.protocols import Embedder, KnowledgeBase, Reranker
    from routing import IntentRouter


@dataclass(slots=True)
class Parts:
    """One process's parts. The bus, the limiter and the sealer live in higher layers: `extras`."""

    settings: Settings
    database: Database
    router: IntentRouter
    saved_router: Callable[[str], IntentRouter]  # of another checkpoint, by version: for replays
    knowledge: KnowledgeBase
    generator: Generator
    bank: GuardedBank
    account_reader: AccountReader
    code_sender: CodeSender
    job_queue: JobQueue
    runner: JobRunner
    files: FileStore
    encoder: Embedder  # of articles and questions, each language by its own
    grouping_encoder: Embedder  # of what no intent fitted; its distances are tuned to one encoder
    bus: Any  # realtime.bus.EventBus: a layer above this one
    limiter: Any  # rate_limits.Limiter: likewise
    audit_signer: Any  # audit.signing.Signer: likewise
    models: Any  # intent_models.room.ModelRoom: likewise
    shadow: Any  # intent_models.shadow.ShadowScorer: likewise
    reranker: Reranker | None = None  # orders the best of what is found
    problems: dict[str, str] = field(
        default_factory=dict
    )  # what could not be brought up, for /readyz
