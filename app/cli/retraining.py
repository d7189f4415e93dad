"""Retrain from the label store, in this process; a service beside it may be the one to do it."""

import time
from types import SimpleNamespace

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.assembly import open_database
from app.audit_trail import Actor
from app.config import Settings
from app.db.label import TrainingRunRecord
from app.db.session import Database
from app.jobs.runner import JobRunner
from app.jobs.sweeper import Periodic
from app.labels import runs
from app.labels.tasks import ENDED

console = Console()
OPERATOR = Actor("system", "command line")
LOOK_EVERY_SECONDS = 0.5


def retrain_from_labels(settings: Settings, *, seed: int) -> str:
    """Ask for a run, carry it out, show its figures; the version that may now be promoted."""
    database, _ = open_database(settings)
    try:
        with database.write() as session:
            row = runs.request_run(session, actor=OPERATOR, name="command line", seed=seed)
        ended = _carry_out(database, settings, row)
    finally:
        database.dispose()
    _print(ended)
    if ended.state != "ready" or ended.version is None:
        raise ValueError(f"{ended.state}: {ended.reason or 'see the log'}")
    return ended.version


def _carry_out(database: Database, settings: Settings, row: TrainingRunRecord) -> TrainingRunRecord:
    """Run the job unless another process has it; either way, wait until the row has ended."""
    runner = JobRunner(database, lease_seconds=settings.jobs.lease_seconds)
    runner.parts = SimpleNamespace(settings=settings, database=database)
    renewing = Periodic("lease-renewal", runner.renew_leases, every=settings.jobs.lease_seconds / 3)
    working = Periodic("retrain", lambda: runner.run(row.job_id or ""), every=LOOK_EVERY_SECONDS)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    renewing.start()
    working.start()  # offered again and again: an attempt that broke off is taken up
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("train", total=1.0)
            while True:
                with database.read() as session:
                    seen = runs.get_run(session, row.id)
                if seen.state in ENDED:
                    return seen
                progress.update(bar, description=seen.step or seen.state, completed=seen.progress)
                time.sleep(LOOK_EVERY_SECONDS)
    finally:
        working.stop()
        renewing.stop()


def _print(run: TrainingRunRecord) -> None:
    data = run.data
    if "labels" in data:
        console.print(
            f"{data['base_rows']} base rows, {data['labels']} labels, "
            f"{data['held_out_labels']} of them kept for measuring",
            highlight=False,
        )
        for conflict in data["conflicts"]:
            console.print(
                f"conflict: {conflict['kind']} {conflict['text']!r}: "
                f"{conflict['label_intent']} against {conflict['other_intent']}",
                highlight=False,
            )
    for name, parts in run.report.get("sets", {}).items():
        for part, figures in parts.items():
            console.print(f"{name}, {part}: {_figures(figures)}", highlight=False)


def _figures(figures: dict[str, dict[str, float | None]]) -> str:
    before, after, paired = figures["before"], figures["after"], figures["paired"]
    shown = [f"accuracy {_share(before, 'accuracy')}{_percent(after['accuracy'])}"]
    shown.append(f"right when answered {_percent(after['answered_right'])}")
    if paired is not None:
        shown.append(f"won {paired['won']}, lost {paired['lost']}")
    return f"{', '.join(shown)}, n {after['rows']}"


def _share(before: dict[str, float | None] | None, name: str) -> str:
    return "" if before is None else f"{_percent(before[name])} → "


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
