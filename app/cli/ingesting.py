"""The command that brings files and pages into the knowledge base."""

import json
import time
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.assembly import open_database, open_encoders
from app.cli.preparing import index, show
from app.config import Settings, load_settings
from app.errors import BadInput
from app.ingestion.batch import Report, ingest
from app.ingestion.pages import MAX_PAGES, policy_of
from app.ingestion.reading import Facts, sentence_of
from app.ingestion.sources import Listed, is_address, list_address, list_folder
from app.ingestion.storing import Then
from app.outbound import AddressRefused, Fetcher, FetchFailed
from knowledge_base import Audience
from models.encoder_shelf import article_encoder

console = Console(stderr=True)
SOME_FAILED, NOTHING_DONE = 1, 2
SHOWN_FAILURES = 20
EPILOG = (
    "Exit code: 0 when every document is in; 1 when some failed (the others are in); 2 when "
    "nothing could be begun.  Examples: switchboard ingest articles/  ·  switchboard ingest "
    "https://bank.example/sitemap.xml --draft --audience customers --json report.json"
)


def register(app: typer.Typer) -> None:
    app.command(name="ingest", epilog=EPILOG)(ingest_source)


def ingest_source(
    source: Annotated[str, typer.Argument(help="A file, a folder, a page or a sitemap.")],
    draft: Annotated[
        bool, typer.Option("--draft", help="Submit for review instead of publishing.")
    ] = False,
    audience: Annotated[
        Literal["public", "customers", "staff"],
        typer.Option(help="Who may read documents that do not say so themselves."),
    ] = "public",
    locale: Annotated[
        Literal["en", "zh"] | None,
        typer.Option(help="Their language; recognised where it is absent."),
    ] = None,
    origin: Annotated[
        str,
        typer.Option(help="A name space of file names: another one, other documents."),
    ] = "",
    most: Annotated[
        int, typer.Option("--max-pages", min=1, help="Refuse a sitemap that names more.")
    ] = MAX_PAGES,
    json_output: Annotated[
        Path | None, typer.Option("--json", help="Write what became of each document.")
    ] = None,
) -> None:
    """Read documents, store what changed, and index it. Safe to repeat, after a kill too."""
    settings, facts = load_settings(), Facts(Audience(audience), locale=locale)
    then = Then.SUBMIT if draft else Then.PUBLISH
    began = time.perf_counter()
    with Fetcher(policy_of(settings.outbound)) as fetcher:
        listed = _list(source, fetcher, facts, origin=origin, most=most)
        report = _store(settings, listed, then)
    if then is Then.PUBLISH:  # also what an earlier run stored and did not live to index
        encoder = article_encoder(open_encoders(settings))
        show("index", lambda: index(settings, encoder))
    _tell(report, seconds=time.perf_counter() - began)
    if json_output is not None:
        body = {"source": source} | report.as_dict()
        json_output.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", "utf-8")
    if report.failures:
        raise typer.Exit(SOME_FAILED)


def _list(source: str, fetcher: Fetcher, facts: Facts, *, origin: str, most: int) -> Listed:
    if not is_address(source):
        return list_folder(Path(source), facts, origin=origin)
    try:
        return list_address(source, fetcher, facts, most=most)
    except (FetchFailed, AddressRefused) as failed:
        raise BadInput(f"{source}: {sentence_of(failed)}") from failed


def _store(settings: Settings, listed: Listed, then: Then) -> Report:
    database, _ = open_database(settings)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    try:
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("ingest", total=len(listed.entries))
            report = ingest(
                database,
                listed.entries,
                then=then,
                on_read=lambda count: progress.advance(task, count),
            )
    finally:
        database.dispose()
    report.skipped = listed.skipped
    return report


def _tell(report: Report, *, seconds: float) -> None:
    """Counts on one line, then every failure with its reason."""
    counts = report.counts
    shown = ", ".join(f"{count} {name}" for name, count in counts.items())
    console.print(f"{shown} [dim]({seconds:.1f} s)[/dim]", highlight=False)
    for failure in report.failures[:SHOWN_FAILURES]:
        console.print(f"[red]failed[/red] {failure.name}: {failure.reason}", highlight=False)
    if len(report.failures) > SHOWN_FAILURES:
        rest = len(report.failures) - SHOWN_FAILURES
        console.print(f"… and {rest} more; --json FILE names them all", highlight=False)
    for result in report.results:
        if result.reason is not None and result not in report.failures:
            console.print(f"{result.outcome} {result.name}: {result.reason}", highlight=False)
