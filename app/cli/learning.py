"""Commands for the intent model: train, evaluate."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.preparing import audit_promotion
from app.cli.retraining import retrain_from_labels
from app.config import Settings, load_settings
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from routing.evaluate import evaluate as evaluate_checkpoint
from routing.evaluate import summarise
from routing.train import train as train_checkpoint
from routing.train import train_with_holdout

console = Console()
GOLDEN = Path(__file__).parents[2] / "tests/evaluation/golden/routing"


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
    promote: Annotated[bool, typer.Option("--promote", help="Make it live.")] = False,
    from_labels: Annotated[
        bool, typer.Option("--from-labels", help="Learn what people accepted, and measure it.")
    ] = False,
) -> None:
    """Train an intent model.  Example: switchboard train --data intents.csv --holdout 0.2"""
    settings = load_settings()
    registry = ModelRegistry(settings.var / "models")
    if from_labels:
        _train_from_labels(
            settings, seed=seed, is_alone=data is None and holdout == 0 and not promote
        )
        return
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
        registry.promote(KIND, folder.name)
        audit_promotion(settings, folder.name)
        console.print(f"{folder.name} is live; restart the service to use it", highlight=False)


def _train_from_labels(settings: Settings, *, seed: int, is_alone: bool) -> None:
    """A run of the label store: its base, its test set and its gate are settings of labels."""
    if not is_alone:
        raise ValueError(
            "--from-labels takes its data and test set from SWITCHBOARD_LABELS__*, and is promoted "
            "by hand: leave --data, --holdout and --promote out"
        )
    version = retrain_from_labels(settings, seed=seed)
    console.print(f"{version} is ready: switchboard models promote {version}", highlight=False)


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
