"""Commands for checkpoints: list, promote, roll back, shadow, diff. Every change is audited."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from app.assembly import build_model_room, open_database
from app.audit_trail import Actor
from app.config import load_settings
from app.db.session import Database
from app.errors import BadInput, NotFound
from app.intent_models import service
from app.intent_models.difference import Move, measure_difference
from app.intent_models.presenting import list_body
from app.intent_models.room import ModelRoom
from routing.gate import GateReport

app = typer.Typer(help="Intent models: list, promote, roll back, compare.", no_args_is_help=True)
console = Console()
OPERATOR = Actor("system", "command line")
Version = Annotated[str, typer.Argument(help="From `models list`.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit trail.")]


@app.command("list")
def list_models() -> None:
    """All versions, the newest first.  Example: switchboard models list"""
    with _opened() as (_, room):
        found = list_body(room)
    table = Table(
        Column("version", no_wrap=True, overflow="ignore"),
        "state",
        "made",
        "languages",
        "intents",
        "gate",
    )
    gates = {None: "not asked", True: "passed", False: "refused"}
    for item in found.items:
        state = "" if item.state == "saved" else item.state
        languages = ", ".join(item.languages)
        table.add_row(
            item.version,
            state,
            item.created_at,
            languages,
            str(item.intents),
            gates[item.gate_passed],
        )
    console.print(table)


@app.command()
def promote(
    version: Version,
    force: Annotated[bool, typer.Option("--force", help="Also against the gate.")] = False,
    reason: Reason = "",
) -> None:
    """Make a version live if the gate agrees.  Example: switchboard models promote intent-1a2b

    Running services follow within seconds, without a restart.
    """
    if force and not reason.strip():
        raise BadInput("--force needs --reason: it is kept in the audit trail")
    promote_by_operator(version, force_because=reason if force else None)


def promote_by_operator(version: str, *, force_because: str | None = None) -> None:
    """Promote and show what the gate found, also where it refused."""
    with _opened() as (database, room):
        try:
            done = service.promote(
                database, room, version, actor=OPERATOR, force_because=force_because
            )
        except service.GateRefused:
            print_gate(room.find_report(version))
            raise
    print_gate(done.report)
    console.print(f"{done.version} is live{' (forced)' if done.forced else ''}", highlight=False)


@app.command()
def rollback(reason: Reason = "") -> None:
    """Make the version before live again, at once.  Example: switchboard models rollback"""
    with _opened() as (database, room):
        done = service.roll_back(database, room, actor=OPERATOR, reason=reason)
    console.print(f"{done.version} is live", highlight=False)


@app.command()
def examine(version: Version) -> None:
    """Ask the gate without promoting.  Example: switchboard models examine intent-1a2b"""
    with _opened() as (_, room):
        print_gate(service.examine(room, version))


@app.command()
def shadow(
    version: Annotated[str | None, typer.Argument(help="From `models list`.")] = None,
    off: Annotated[bool, typer.Option("--off", help="End the comparison.")] = False,
) -> None:
    """Let a version score the same traffic.  Example: switchboard models shadow intent-1a2b"""
    if (version is None) == (not off):
        raise BadInput("name a version, or --off")
    with _opened() as (database, room), database.write() as session:
        service.set_shadow(session, room, version, actor=OPERATOR)
    console.print(f"shadow: {version or 'none'}", highlight=False)


@app.command()
def diff(
    version: Annotated[
        str | None, typer.Argument(help="One that was compared; the present shadow without it.")
    ] = None,
    live: Annotated[
        str | None, typer.Option(help="The version it stood beside; the live one without it.")
    ] = None,
) -> None:
    """What the shadow would change.  Example: switchboard models diff"""
    with _opened() as (database, room):
        compared, live = version or room.shadow(), live or room.promoted()
        if compared is None or live is None:
            raise NotFound("no shadow is set: name a version that was one")
        for name in (compared, live):
            service.require_version(room, name)
        with database.read() as session:
            found = measure_difference(session, shadow=compared, live=live)
    rate = "–" if found.agreement is None else f"{found.agreement:.1%}"
    console.print(
        f"{found.shadow} beside {found.live}: {found.decisions} decisions, {rate} alike "
        f"(95 %: {found.agreement_low:.1%} to {found.agreement_high:.1%}); "
        f"{found.intents_moved} intents moved, {found.outcomes_changed} outcomes changed",
        highlight=False,
    )
    _print_moves("intent", found.intents)
    _print_moves("outcome", found.outcomes)


def print_gate(report: GateReport | None) -> None:
    """The checks of a report as a table; nothing where there is none."""
    if report is None:
        return
    table = Table("gate", "", "detail")
    for check in report.checks:
        table.add_row(check.name, "passed" if check.passed else "[red]failed[/red]", check.detail)
    console.print(table)


def _print_moves(name: str, moves: tuple[Move, ...]) -> None:
    if not moves:
        return
    table = Table(f"{name} now", f"{name} of the shadow", "count", "for example decision")
    for move in moves:
        example = move.examples[0].decision_id if move.examples else ""
        table.add_row(move.before or "–", move.after or "–", str(move.count), example)
    console.print(table)


@contextmanager
def _opened() -> Iterator[tuple[Database, ModelRoom]]:
    """The database and the room of checkpoints."""
    settings = load_settings()
    database, _ = open_database(settings)
    try:
        yield database, build_model_room(settings)
    finally:
        database.dispose()
