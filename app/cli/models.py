"""Commands for checkpoints: list, promote, roll back. Every change is audited."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.assembly import open_database
from app.audit_trail import Actor, record
from app.config import Settings, load_settings
from models.intent_classifier import KIND
from models.registry import ModelRegistry

app = typer.Typer(help="Intent models: list, promote, roll back.", no_args_is_help=True)
console = Console()
OPERATOR = Actor("system", "command line")


@app.command("list")
def list_models() -> None:
    """All versions, the live one marked.  Example: switchboard models list"""
    registry = ModelRegistry(load_settings().var / "models")
    pointer = registry.find_pointer(KIND)
    table = Table("version", "state")
    for version in registry.list(KIND):
        is_live = pointer is not None and pointer.version == version
        table.add_row(version, "live" if is_live else "")
    console.print(table)


@app.command()
def promote(version: Annotated[str, typer.Argument(help="From `models list`.")]) -> None:
    """Make a version live.  Example: switchboard models promote 20261123-ab12cd34"""
    settings = load_settings()
    folder = ModelRegistry(settings.var / "models").promote(KIND, version)
    _audit(settings, "model.promoted", folder.name)
    console.print(f"{folder.name} is live; restart the service to use it", highlight=False)


@app.command()
def rollback() -> None:
    """Make the version before live again.  Example: switchboard models rollback"""
    settings = load_settings()
    folder = ModelRegistry(settings.var / "models").rollback(KIND)
    _audit(settings, "model.rolled_back", folder.name)
    console.print(f"{folder.name} is live; restart the service to use it", highlight=False)


def _audit(settings: Settings, action: str, version: str) -> None:
    database, _ = open_database(settings)
    with database.write() as session:
        record(session, action, actor=OPERATOR, subject=version, kind=KIND)
    database.dispose()
