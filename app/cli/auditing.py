"""Commands for the audit trail: verify, export."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.assembly import open_database
from app.audit.service import build_trust, export_trail, verify_trail
from app.audit.signing import load_signer
from app.config import load_settings

app = typer.Typer(help="The audit trail: verify, export.", no_args_is_help=True)
console = Console()


@app.command()
def verify() -> None:
    """Recompute every hash and signature.  Example: switchboard audit verify"""
    settings = load_settings()
    database, _ = open_database(settings)
    trust = build_trust(
        audit_key=settings.security.audit_key.get_secret_value().encode(),
        signer=load_signer(settings.var),
        folder=settings.var,
    )
    report = verify_trail(database, trust)
    database.dispose()
    console.print(f"{report.events} events in {report.blocks} blocks", highlight=False)
    if not report.ok:
        console.print(f"[red]{report.first_bad}[/red]", highlight=False, soft_wrap=True)
        raise typer.Exit(1)
    console.print("[green]Nothing was changed.[/green]")


@app.command()
def export(
    output: Annotated[Path, typer.Argument(help="File for the NDJSON lines.")],
) -> None:
    """Events and checkpoints as NDJSON.  Example: switchboard audit export audit.ndjson"""
    settings = load_settings()
    database, _ = open_database(settings)
    count = 0
    with output.open("w", encoding="utf-8") as target:
        for line in export_trail(database, load_signer(settings.var)):
            target.write(line if line.endswith("\n") else line + "\n")
            count += 1
    database.dispose()
    console.print(f"{count} lines in {output}", highlight=False)
