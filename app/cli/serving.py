"""Commands that run processes: serve, worker, migrate, seed."""

from functools import partial
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from app.assembly import assemble
from app.cli.preparing import migrate as migrate_tables
from app.cli.preparing import prepare, seed, show
from app.config import Settings, load_settings
from app.main import create_app
from app.worker import run_worker

console = Console()


def register(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(worker)
    app.command("prepare")(prepare_command)
    app.command()(migrate)
    app.command("seed")(seed_command)


def serve(
    prepare_first: Annotated[
        bool, typer.Option("--prepare", help="Migrate, seed, train and index first, as needed.")
    ] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port; PORT in the environment works too.")
    ] = None,
) -> None:
    """Run the service.  Example: switchboard serve --prepare --port 8000"""
    settings = load_settings()
    host, port = host or settings.host, port if port is not None else settings.port
    build = assemble
    if prepare_first:
        build = partial(assemble, encoders=prepare(settings))
    app = create_app(settings, build=build)
    _print_addresses(settings, host, port)
    uvicorn.run(
        app, host=host, port=port, log_config=None, access_log=False, ws="websockets-sansio"
    )


def worker(
    queues: Annotated[
        str, typer.Option(help="default, generation, or both: default,generation")
    ] = ("default"),
) -> None:
    """Run a worker process.  Example: switchboard worker --queues generation"""
    run_worker(load_settings(), queues=tuple(name.strip() for name in queues.split(",")))


def prepare_command() -> None:
    """Migrate, seed, train and index, as far as needed.  Example: switchboard prepare"""
    prepare(load_settings())


def migrate() -> None:
    """Bring the tables to the newest revision.  Example: switchboard migrate"""
    show("migrate", lambda: migrate_tables(load_settings()))


def seed_command() -> None:
    """Make the demo bank, staff, keys and articles, once.  Example: switchboard seed"""
    show("seed", lambda: seed(load_settings()))


def _print_addresses(settings: Settings, host: str, port: int) -> None:
    base = f"http://{host}:{port}"
    console.print(f"\n[bold]Switchboard[/bold] for {settings.bank_name}")
    for name, path in (
        ("Demo bank", "/demo"),
        ("Console", "/console"),
        ("HTTP API", "/docs"),
        ("Readiness", "/readyz"),
    ):
        console.print(f"  {name:<11} {base}{path}")
    console.print(f"  Credentials {settings.var / 'credentials.json'}")
    console.print(f"  Codes       {settings.var / 'otp_outbox.jsonl'}\n")
