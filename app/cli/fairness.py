"""Command for fairness: run the counterfactual suite on a checkpoint."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.assembly import open_database
from app.audit_trail import Actor
from app.config import Settings, load_settings
from app.fairness.judging import FilteredJudge
from app.fairness.service import keep_check
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from routing import IntentRouter, load_taxonomy
from routing.classifier import load_classifier
from routing.fairness import FairnessCheck, RouterJudge, check, load_seeds
from routing.fairness.markdown import render, save, shown
from routing.taxonomy import DEFAULT_TAXONOMY

console = Console()
OPERATOR = Actor("system", "command line")


def register(app: typer.Typer) -> None:
    app.command()(fairness)


def fairness(
    checkpoint: Annotated[
        Path | None, typer.Option(help="A version's folder; the live one without it.")
    ] = None,
    seeds: Annotated[
        Path | None, typer.Option(help="Labelled utterances to perturb; ours without it.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same pairs.")] = 20,
    router_only: Annotated[
        bool, typer.Option("--router-only", help="Without the content filter in front.")
    ] = False,
    json_output: Annotated[Path | None, typer.Option("--json", help="Write the report.")] = None,
    markdown_output: Annotated[
        Path | None, typer.Option("--markdown", help="Write the model card's block.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep/--no-keep", help="Store it in the console's history.")
    ] = True,
) -> None:
    """Flip rates of the same wish in other words.  Example: switchboard fairness --json out.json

    Ends with 1 when a floor is broken. The report also lies beside the checkpoint.
    """
    settings = load_settings()
    folder = checkpoint or ModelRegistry(settings.var / "models").live(KIND)
    found = _measure(settings, folder, seeds=seeds, seed=seed, router_only=router_only)
    if seeds is None:  # the checkpoint's own block is about our seeds
        save(found, folder)
    if json_output is not None:
        text = json.dumps(found.report.as_dict(), ensure_ascii=False, indent=2)
        json_output.write_text(text, encoding="utf-8")
    if markdown_output is not None:
        markdown_output.write_text(render(found), encoding="utf-8")
    if keep and checkpoint is None and seeds is None:
        _keep(settings, found)
    _show(found)
    raise typer.Exit(0 if found.passed else 1)


def _measure(
    settings: Settings, folder: Path, *, seeds: Path | None, seed: int, router_only: bool
) -> FairnessCheck:
    """The check, with a bar."""
    classifier = load_classifier(folder)
    router = IntentRouter(load_taxonomy(settings.routing.taxonomy or DEFAULT_TAXONOMY), classifier)
    columns = (TextColumn("fairness"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("fairness", total=1.0)
        found = check(
            RouterJudge(router) if router_only else FilteredJudge(router),
            seeds=load_seeds(seeds),
            random_seed=seed,
            progress=lambda _step, share: progress.update(bar, completed=share),
        )
    classifier.close()
    return found


def _keep(settings: Settings, found: FairnessCheck) -> None:
    database, _ = open_database(settings)
    with database.write() as session:
        keep_check(session, found, occasion="command", actor=OPERATOR)
    database.dispose()


def _show(found: FairnessCheck) -> None:
    """Families as a table, the verdict as a sentence."""
    table = Table("family", "language", "pairs", "route flips", "any flip", "right, points")
    for family in found.report.families:
        table.add_row(
            family.family,
            family.language,
            str(family.pairs),
            shown(family.flips["route"]),
            shown(family.flips["any"]),
            f"{100 * family.difference:+.1f}",
        )
    console.print(table)
    verdict = "[green]passed[/green]" if found.passed else "[red]failed[/red]"
    console.print(f"{verdict}: {found.detail}", highlight=False)
    console.print(f"{found.report.pairs} pairs in {found.report.seconds} s", highlight=False)
