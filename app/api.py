"""Table of contents: every router with its path."""

from fastapi import APIRouter

from app.analytics.endpoints import router as analytics
from app.audit.endpoints import router as audit
from app.auth.endpoints import router as auth
from app.conversations.action_endpoints import router as conversation_actions
from app.conversations.endpoints import router as conversations
from app.conversations.event_endpoints import router as conversation_events
from app.demo.endpoints import router as demo
from app.dialogue.endpoints import router as dialogue
from app.dialogue.replay_endpoints import router as replays
from app.editorial.endpoints import router as editorial
from app.experiments.endpoints import router as experiments
from app.fairness.endpoints import router as fairness
from app.handoff.endpoints import router as handoff
from app.health.endpoints import router as health
from app.ingestion.endpoints import router as imports
from app.intent_models.endpoints import router as intent_models
from app.knowledge.endpoints import router as knowledge
from app.labels.endpoints import router as labels
from app.monitoring.endpoints import router as monitoring
from app.pages.endpoints import router as pages
from app.summaries.endpoints import router as summaries


def build_api(*, with_demo: bool) -> APIRouter:
    """All doors; the demo bank's only in development."""
    v1 = APIRouter(prefix="/v1")
    for router in (
        auth,
        dialogue,
        replays,
        conversations,
        conversation_actions,
        conversation_events,
        handoff,
        imports,
        knowledge,
        summaries,
        editorial,
        labels,
        experiments,
        intent_models,
        analytics,
        fairness,
        audit,
    ):
        v1.include_router(router)
    root = APIRouter()
    root.include_router(v1)
    root.include_router(health)
    root.include_router(monitoring)
    if with_demo:
        root.include_router(demo)
    root.include_router(pages)
    return root
