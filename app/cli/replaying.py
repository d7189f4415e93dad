"""The command that replays past turns on another checkpoint or policy. Conversations stay as is."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy.orm import Session

from app.analytics.statistics import wilson_interval
from app.assembly import build_model_room, open_database
from app.audit_trail import Actor, record
from app.clock import rfc3339, utc_now
from app.config import Settings, load_settings
from app.db.decision import DecisionRecord
from app.db.session import Database
from app.dialogue.replay import (
    COMPARED,
    Change,
    NotReplayable,
    PastTurn,
    RouterFor,
    load_past_turn,
    replay,
)
from app.dialogue.replay_report import ReplayReport
from app.dialogue.repository import count_decisions_of_turns, list_decisions_of_turns
from app.experiments.overrides import LIMITS
from models.errors import ModelError
from routing.checkpoints import saved_routers

console = Console()
OPERATOR = Actor("system", "command line")
PAGE = 200
SHOWN = 20  # changes in the table; the JSON has all
MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


def register(app: typer.Typer) -> None:
    app.command("replay")(replay_turns)


def replay_turns(
    since: Annotated[datetime, typer.Option(formats=MOMENTS, help="From this moment on, UTC.")],
    until: Annotated[
        datetime | None, typer.Option(formats=MOMENTS, help="Before this moment, UTC; now.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="From `models list`; without it each turn's own.")
    ] = None,
    threshold: Annotated[
        list[str] | None, typer.Option(help="accept=0.6; also reject, margin, out_of_scope.")
    ] = None,
    json_output: Annotated[Path | None, typer.Option("--json", help="Write every change.")] = None,
) -> None:
    """What past turns would get now.  Example: switchboard replay --since 2026-11-01 --model V

    Nothing is written to a conversation. Reading the messages leaves one audit event.
    """
    change = Change(model, dials_from(threshold or []))
    period = (since.replace(tzinfo=UTC), until.replace(tzinfo=UTC) if until else utc_now())
    settings = load_settings()
    database, _ = open_database(settings)
    try:
        report = replay_period(database, settings, period, change, saved(settings, model))
    finally:
        database.dispose()
    about = {
        "since": rfc3339(period[0]),
        "until": rfc3339(period[1]),
        "model_version": model,
        "thresholds": dict(change.dials),
    }
    if json_output is not None:
        document = json.dumps(report.as_dict(**about), ensure_ascii=False, indent=2)
        json_output.write_text(document + "\n", encoding="utf-8")
    show(report)


def dials_from(given: Sequence[str]) -> dict[str, float]:
    """`accept=0.6` and its kin; ValueError names what is wrong."""
    dials: dict[str, float] = {}
    for item in given:
        name, _, number = item.partition("=")
        limits = LIMITS.get(f"routing.{name}")
        if limits is None:
            raise ValueError(f"--threshold {item}: it is accept, reject, margin or out_of_scope")
        try:
            dials[name] = float(number)
        except ValueError:
            raise ValueError(f"--threshold {item}: write {name}=<number>") from None
        if not limits.low <= dials[name] <= limits.high:
            raise ValueError(f"--threshold {item}: must be from {limits.low} to {limits.high}")
    return dials


def saved(settings: Settings, model: str | None) -> RouterFor:
    """Routers of saved checkpoints; an unknown `model` is refused before the first turn."""
    models = build_model_room(settings)
    router_for = saved_routers(models.registry, models.taxonomy, models.load)
    if model is not None:
        router_for(model)
    return router_for


def replay_period(
    database: Database,
    settings: Settings,
    period: tuple[datetime, datetime],
    change: Change,
    router_for: RouterFor,
) -> ReplayReport:
    """Every turn of a period, decided again; one audit event for all of them."""
    since, until = period
    with database.write() as session:
        total = count_decisions_of_turns(session, since=since, until=until)
        # before the first message is read: a run that is stopped has left its trace
        record(
            session,
            "decisions.replayed",
            actor=OPERATOR,
            subject=change.model_version or "own checkpoints",
            since=rfc3339(since),
            until=rfc3339(until),
            turns=total,
        )
    report = ReplayReport()
    columns = (TextColumn("replay"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("replay", total=total)
        for past in past_turns(database, period, report):
            try:
                report.add(replay(past, change, router_for=router_for, settings=settings.routing))
            except ModelError:  # only a turn's own checkpoint: a named one was loaded before
                report.skipped["its checkpoint is gone, damaged or of another encoder"] += 1
            progress.update(bar, completed=report.turns + report.skipped.total())
    return report


def past_turns(
    database: Database, period: tuple[datetime, datetime], report: ReplayReport
) -> Iterator[PastTurn]:
    """Page by page, so that no read stays open while models work."""
    after: str | None = None
    while True:
        with database.read() as session:
            rows = list_decisions_of_turns(
                session, since=period[0], until=period[1], after=after, limit=PAGE
            )
            loaded = [_past_turn_or_none(session, row, report) for row in rows]
        yield from (past for past in loaded if past is not None)
        if len(rows) < PAGE:
            return
        after = rows[-1].id


def _past_turn_or_none(
    session: Session, row: DecisionRecord, report: ReplayReport
) -> PastTurn | None:
    try:
        return load_past_turn(session, row)
    except NotReplayable as refusal:
        report.skipped[refusal.detail] += 1
        return None


def show(report: ReplayReport) -> None:
    """Counts with their n, where turns moved, and the first changes."""
    console.print(f"{report.turns} turns replayed, {_share(report.changed, report.turns)} changed")
    for reason, count in report.skipped.most_common():
        console.print(f"{count} not replayed: {reason}", highlight=False)
    if not report.changed:
        return
    counts = Table("differs in", f"of {report.turns} turns")
    for name in COMPARED:
        counts.add_row(name, _share(report.by_field[name], report.turns))
    console.print(counts)
    moves = Table("then", "now", "turns")
    for (old, new), count in report.moves.most_common():
        moves.add_row(old, new, str(count))
    console.print(moves)
    changes = Table("decision", "then", "now", title=f"first {SHOWN} of {report.changed} changes")
    for item in report.changes[:SHOWN]:
        changes.add_row(item["decision_id"], _words(item["old"]), _words(item["new"]))
    console.print(changes)


def _words(facts: dict[str, Any]) -> str:
    return (
        f"{facts['route']}/{facts['outcome']} {facts['intent'] or '-'}"
        f" {facts['confidence']:.2f} ({facts['reason']})"
    )


def _share(count: int, whole: int) -> str:
    low, high = wilson_interval(count, whole)
    part = count / whole if whole else 0.0
    return f"{count} ({part:.1%}, 95 % interval {low:.1%}–{high:.1%})"
