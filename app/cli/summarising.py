"""The command that summarises a file in the terminal."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.assembly import open_encoders
from app.config import Settings, load_settings
from app.errors import BadInput
from app.generation import CuratedGenerator, Generator, build_generator
from app.knowledge.files import UploadedFile
from app.knowledge.schemas import FileFacts
from app.redis import connect_redis
from app.summaries.schemas import SummaryOptions, SummaryRead
from app.summaries.service import make_summary
from app.summaries.source import from_file
from app.summaries.views import view_summary
from knowledge_base.summaries.extractive import DEFAULT_SENTENCES, MOST_SENTENCES
from models.encoder_shelf import article_encoder

console = Console()
LOADING_SECONDS = 300.0


def register(app: typer.Typer) -> None:
    app.command()(summarise)


def summarise(
    path: Annotated[Path, typer.Argument(help="PDF, DOCX, HTML, Markdown or text.")],
    sentences: Annotated[
        int, typer.Option(min=1, max=MOST_SENTENCES, help="At most.")
    ] = DEFAULT_SENTENCES,
    quotes: Annotated[bool, typer.Option("--quotes", help="Only quote; ask no model.")] = False,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The important sentences and the facts of a document.  Example: switchboard summarise a.pdf"""
    if not path.is_file():
        raise BadInput(f"{path} is not a file")
    settings = load_settings()
    source = from_file(UploadedFile(path.name, path.read_bytes(), FileFacts()))
    generator = _generator(settings, only_quotes=quotes)
    try:
        report = make_summary(
            source,
            SummaryOptions(sentences=sentences, method="extractive" if quotes else "auto"),
            embedder=article_encoder(open_encoders(settings)),
            generator=generator,
            settings=settings.summaries,
        )
    finally:
        generator.close()
    shown = view_summary(source, report)
    if json_output:
        console.print_json(json.dumps(shown.model_dump(mode="json"), ensure_ascii=False))
    else:
        _show(shown)


def _generator(settings: Settings, *, only_quotes: bool) -> Generator:
    """The one that the service would use, loaded."""
    if only_quotes:
        return CuratedGenerator()
    generator = build_generator(settings, connect_redis(settings.redis))
    wait = getattr(generator, "wait_until_loaded", None)
    if wait is not None:
        wait(LOADING_SECONDS)
    return generator


def _show(shown: SummaryRead) -> None:
    why = f", no model: {shown.fallback}" if shown.fallback else ""
    console.print(f"[dim]{shown.characters} characters, {shown.method}{why}[/dim]")
    for item in shown.summary:
        section = item.citations[0].section
        console.print(f"• {item.text}", highlight=False, markup=False)
        console.print(f"  {section}", style="dim", highlight=False, markup=False)
    for quote in shown.suspicious:
        console.print(f"! not summarised: {quote.quote}", style="red", markup=False)
    table = Table("kind", "value", "normalised", "section")
    for fact in shown.facts:
        value = fact.value if len(fact.value) <= 60 else f"{fact.value[:59]}…"
        table.add_row(fact.kind.value, value, fact.normalised, fact.section)
    console.print(table)
