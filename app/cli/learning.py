"""Commands for the intent model: train, evaluate."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.models import promote_by_operator
from app.cli.retraining import retrain_from_labels
from app.config import Settings, load_settings
from app.errors import BadInput
from models.intent_classifier import KIND
from models.recipes import Recipe
from models.registry import ModelRegistry
from routing.data_checks import MAX_ROWS, CheckRules, ConflictRule
from routing.evaluate import evaluate as evaluate_checkpoint
from routing.evaluate import summarise, write_report
from routing.fitting import TrainingOptions
from routing.gate import GOLDEN
from routing.risk_dial import DEFAULT_PROMISE
from routing.train import run_training

console = Console()
FORMATS = "CSV, TSV, JSON Lines, JSON, parquet, a folder, or hf:NAME"


def register(app: typer.Typer) -> None:
    app.command()(train)
    app.command()(evaluate)


def train(
    data: Annotated[
        str | None,
        typer.Option(help=f"{FORMATS}; text and intent, label or category. Ours without it."),
    ] = None,
    test: Annotated[
        str | None, typer.Option(help="Measure on this file afterwards; it is never trained on.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Where versions go.")] = None,
    holdout: Annotated[
        float, typer.Option(min=0.0, max=0.5, help="Share kept for measuring.")
    ] = 0.0,
    recipe: Annotated[
        Recipe,
        typer.Option(
            help="frozen: minutes; fewshot: 5 to 30 examples an intent; finetune, lora: many."
        ),
    ] = Recipe.FROZEN,
    max_wrong: Annotated[
        float, typer.Option(min=0.001, max=0.5, help="Promised share of wrong routes.")
    ] = DEFAULT_PROMISE,
    conflicts: Annotated[
        str,
        typer.Option(help="One text, several labels: auto (few: majority), majority, drop, error."),
    ] = "auto",
    max_rows: Annotated[
        int, typer.Option(min=100, help="Cap; beyond it a stratified sample is learnt.")
    ] = MAX_ROWS,
    seed: Annotated[int, typer.Option(help="Same seed and data, same model.")] = 0,
    report: Annotated[bool, typer.Option(help="Write the report as HTML and PNG.")] = True,
    json_output: Annotated[
        Path | None, typer.Option("--json", help="Write what was measured.")
    ] = None,
    promote: Annotated[
        bool, typer.Option("--promote", help="Make it live, if the gate lets it pass.")
    ] = False,
    from_labels: Annotated[
        bool, typer.Option("--from-labels", help="Learn what people accepted, and measure it.")
    ] = False,
) -> None:
    """Train an intent model, choose its thresholds, measure it, report on it.

    Example: switchboard train --data train.csv --test test.csv

    Example: switchboard train --data bank.csv --holdout 0.2 --max-wrong 0.01
    """
    settings = load_settings()
    registry = ModelRegistry(settings.var / "models")
    if from_labels:
        _train_from_labels(
            settings, seed=seed, is_alone=data is None and holdout == 0 and not promote
        )
        return
    target = output or registry.root / KIND
    rules = CheckRules(_conflict_rule(conflicts), max_rows, seed)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("read", total=1.0)

        def tell(step: str, share: float) -> None:
            progress.update(bar, description=step, completed=share)

        run = run_training(
            data,
            target,
            TrainingOptions(seed, max_wrong, rules, recipe),
            holdout=holdout,
            test=test,
            on_progress=tell,
            report=report,
        )
    folder = run.trained.folder
    _say(run.summary())
    if json_output is not None:
        measured = run.evaluation.as_dict() if run.evaluation else None
        body = {
            "version": folder.name,
            "data": run.trained.data.as_dict(),
            "dial": run.trained.dial.as_dict(),
            "metrics": run.trained.manifest.metrics,
            "evaluation": measured,
        }
        json_output.write_text(json.dumps(body, ensure_ascii=False, indent=2), encoding="utf-8")
    _say(f"checkpoint {folder}")
    if run.report is not None:
        _say(f"report {run.report}")
    if promote:
        promote_by_operator(folder.name)


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
    data: Annotated[str, typer.Option(help=f"{FORMATS}. Every row counts.")] = str(GOLDEN),
    checkpoint: Annotated[
        Path | None, typer.Option(help="A version's folder; the live one without it.")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(help="Another version's folder, by McNemar's exact test.")
    ] = None,
    max_wrong: Annotated[
        float | None, typer.Option(min=0.001, max=0.5, help="Move the dial; as trained without.")
    ] = None,
    json_output: Annotated[Path | None, typer.Option("--json", help="Write the report.")] = None,
) -> None:
    """Accuracy with its interval, macro-F1, calibration, out of scope, risk at the dial.

    Example: switchboard evaluate --data held_out.csv --json report.json

    Example: switchboard evaluate --data held_out.csv --compare var/models/intent/VERSION

    Without --data: our golden sets, which are never trained on.
    """
    settings = load_settings()
    folder = checkpoint or ModelRegistry(settings.var / "models").live(KIND)
    with Console(stderr=True).status("measuring"):
        report = evaluate_checkpoint(folder, data, other=compare, max_wrong=max_wrong)
    _say(summarise(report))
    if json_output is not None:
        write_report(report, json_output)


def _conflict_rule(name: str) -> ConflictRule:
    rules: dict[str, ConflictRule] = {
        "auto": "auto",
        "majority": "majority",
        "drop": "drop",
        "error": "error",
    }
    if name not in rules:
        raise BadInput(f"--conflicts is auto, majority, drop or error, not {name!r}")
    return rules[name]


def _say(text: str) -> None:
    """As it is: no colours, no markup, no wrapping."""
    console.print(text, highlight=False, markup=False, soft_wrap=True)
