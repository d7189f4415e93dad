"""Commands for the intent model: train, evaluate."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.models import promote_by_operator
from app.config import load_settings
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from routing.evaluate import evaluate as evaluate_checkpoint
from routing.evaluate import summarise
from routing.gate import GOLDEN
from routing.train import train as train_checkpoint
from routing.train import train_with_holdout

console = Console()


def register(app: typer.Typer) -> None:
    app.command()(train)
    app.command()(evaluate)


def train(
    data: Annotated[
        Path | None, typer.Option(help="CSV with text,label, or JSON Lines; our own without it.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Where versions go.")] = None,
    holdout: Annotated[
        float, typer.Option(min=0.0, max=0.5, help="Share kept for measuring.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="Same seed and data, same model.")] = 0,
    promote: Annotated[
        bool, typer.Option("--promote", help="Make it live, if the gate lets it pass.")
    ] = False,
) -> None:
    """Train an intent model.  Example: switchboard train --data intents.csv --holdout 0.2"""
    settings = load_settings()
    registry = ModelRegistry(settings.var / "models")
    target = output or registry.root / KIND
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("train", total=1.0)

        def tell(step: str, share: float) -> None:
            progress.update(bar, description=step, completed=share)

        if holdout > 0:
            folder, report = train_with_holdout(
                data, target, share=holdout, seed=seed, on_progress=tell
            )
            console.print(summarise(report), highlight=False)
        else:
            folder = train_checkpoint(data, target, seed, tell)
    console.print(f"checkpoint {folder}", highlight=False)
    if promote:
        promote_by_operator(folder.name)


def evaluate(
    data: Annotated[
        Path, typer.Option(help="CSV with text,label, JSON Lines, or a folder of them.")
    ] = GOLDEN,
    checkpoint: Annotated[
        Path | None, typer.Option(help="A version's folder; the live one without it.")
    ] = None,
    json_output: Annotated[Path | None, typer.Option("--json", help="Write the report.")] = None,
) -> None:
    """Accuracy, macro-F1, confusion.  Example: switchboard evaluate --data held_out.csv

    Without --data: our golden sets, which are never trained on.
    """
    settings = load_settings()
    folder = checkpoint or ModelRegistry(settings.var / "models").live(KIND)
    report = evaluate_checkpoint(folder, data)
    console.print(summarise(report), highlight=False)
    if json_output is not None:
        text = json.dumps(report.as_dict(), ensure_ascii=False, indent=2)
        json_output.write_text(text, encoding="utf-8")
