"""The command that runs a benchmark in a child process, so that imports keep pointing downward."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.errors import BadInput

ROOT = Path(__file__).parents[2]


def register(app: typer.Typer) -> None:
    app.command()(bench)


def bench(
    name: Annotated[
        str, typer.Argument(help="path, filtering, …; --help of the child lists them.")
    ],
    json_output: Annotated[Path | None, typer.Option("--json", help="Write the figures.")] = None,
) -> None:
    """Measure on this machine.  Example: switchboard bench path --json path.json"""
    if not name.isidentifier():
        raise BadInput("the name of a benchmark has letters only")
    arguments = [sys.executable, "-m", "benchmarks", name]
    if json_output is not None:
        arguments += ["--json", str(json_output.resolve())]
    finished = subprocess.run(arguments, cwd=ROOT, check=False)  # noqa: S603 - our own module
    raise typer.Exit(finished.returncode)
