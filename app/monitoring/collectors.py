"""Gauges read from the database when somebody scrapes. Fails open: a scrape never raises."""

from collections.abc import Iterator

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.clock import utc_now
from app.db.session import Database
from app.monitoring import queries

log = structlog.get_logger(__name__)


class DatabaseCollector(Collector):
    """Job lag, sealing lag, waiting customers, and whether the database answered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing in advance: registering must not touch the database."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            with self._database.read() as session:
                families = _read(session)
        except SQLAlchemyError as error:
            log.warning("metrics.database_unavailable", error=type(error).__name__)
            families = []
        up = 1.0 if families else 0.0
        yield GaugeMetricFamily("switchboard_database_up", "1 when the database answered.", up)
        yield from families


def _read(session: Session) -> list[GaugeMetricFamily]:
    now = utc_now()
    return [
        _labelled("jobs_ready", "Jobs that are due.", "lane", queries.ready_jobs(session, now)),
        _labelled("jobs_dead", "Jobs that were given up.", "kind", queries.dead_jobs(session)),
        GaugeMetricFamily(
            "switchboard_job_lag_seconds",
            "Age of the oldest due job.",
            queries.job_lag(session, now),
        ),
        GaugeMetricFamily(
            "switchboard_audit_sealing_lag_seconds",
            "Age of the oldest audit event that no block covers.",
            queries.sealing_lag(session, now),
        ),
        _labelled(
            "waiting_customers",
            "Conversations that wait for a person.",
            "queue",
            queries.waiting_customers(session),
        ),
        *_fairness(queries.fairness_figures(session)),
    ]


def _fairness(figures: dict[str, float]) -> list[GaugeMetricFamily]:
    """Flip rates of the last run, by family and language; nothing before the first run."""
    family = GaugeMetricFamily(
        "switchboard_fairness_flip_ratio",
        "Pairs of the last fairness run that changed, with the interval's upper bound.",
        labels=["family", "language", "measure"],
    )
    for name, value in sorted(figures.items()):
        labels = name.split(".")
        if len(labels) == 3 and labels[2] != "difference":
            family.add_metric(labels, value)
    return [family] if family.samples else []


def _labelled(name: str, text: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"switchboard_{name}", text, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
