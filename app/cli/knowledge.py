"""Commands for the knowledge base: ingest, reindex."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.assembly import open_database, open_encoders
from app.cli.preparing import index, show
from app.config import Settings, load_settings
from app.errors import BadInput
from app.knowledge.seed import seed_documents
from models.encoder_shelf import article_encoder

console = Console()


def register(app: typer.Typer) -> None:
    app.command()(ingest)
    app.command()(reindex)


def ingest(
    path: Annotated[Path, typer.Argument(help="A folder of Markdown with front matter.")],
) -> None:
    """Publish articles and index them.  Example: switchboard ingest articles/"""
    if not path.is_dir():
        raise BadInput(f"{path} is not a folder")
    settings = load_settings()
    database, _ = open_database(settings)
    with database.write() as session:
        changed = seed_documents(session, path)
    database.dispose()
    console.print(f"{changed} articles published", highlight=False)
    _index(settings)


def reindex() -> None:
    """Build a new index version if anything changed.  Example: switchboard reindex"""
    _index(load_settings())


def _index(settings: Settings) -> None:
    encoder = article_encoder(open_encoders(settings))
    show("index", lambda: index(settings, encoder))
