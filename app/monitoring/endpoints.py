"""The door for Prometheus: GET /metrics. It shows counts, never an id or a text."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from app.db.session import Database
from app.monitoring.collectors import DatabaseCollector
from app.monitoring.metrics import REGISTRY

router = APIRouter(tags=["operations"])


@router.get(
    "/metrics",
    summary="Metrics in the text format of Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": "switchboard_database_up 1.0\n"}}}},
)
def metrics(request: Request) -> Response:
    # this room is below app.parts: it knows that the parts have a database, not what they are
    database: Database = request.app.state.parts.database
    return Response(render(database), media_type=CONTENT_TYPE_LATEST)


def render(database: Database) -> bytes:
    """Counters of this process, then the gauges of the database."""
    scraped = CollectorRegistry()
    scraped.register(DatabaseCollector(database))
    return generate_latest(REGISTRY) + generate_latest(scraped)
