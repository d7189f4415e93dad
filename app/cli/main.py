"""Collects the commands; each module of this folder adds its own."""

import os
import sys

import typer
from rich.console import Console
from sqlalchemy.exc import OperationalError

from app.cli import (
    auditing,
    benchmarking,
    fairness,
    ingesting,
    knowledge,
    learning,
    models,
    replaying,
    serving,
    summarising,
    talking,
)
from app.errors import AppError
from knowledge_base.errors import KnowledgeBaseError
from models.errors import ModelError
from routing import RoutingError

app = typer.Typer(
    name="switchboard",
    help="Self-hosted customer service for banks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (serving, learning, fairness, ingesting, knowledge, summarising, talking, replaying):
    module.register(app)
app.add_typer(auditing.app, name="audit")
app.add_typer(models.app, name="models")
benchmarking.register(app)

EXPECTED = (
    AppError,
    RoutingError,
    KnowledgeBaseError,
    ModelError,
    OperationalError,
    OSError,
    ValueError,
)


def main() -> None:
    """Run a command; an expected error is one line, anything else a traceback."""
    os.umask(0o077)  # databases, keys and exports are the operator's alone
    try:
        app()
    except EXPECTED as error:
        message = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        Console(stderr=True).print(f"[red]switchboard:[/red] {message}", highlight=False)
        sys.exit(2)
