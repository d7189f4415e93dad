"""Commands for the knowledge base: reindex."""

import typer

from app.assembly import open_encoders
from app.cli.preparing import index, show
from app.config import load_settings
from models.encoder_shelf import article_encoder


def register(app: typer.Typer) -> None:
    app.command()(reindex)


def reindex() -> None:
    """Build a new index version if anything changed.  Example: switchboard reindex"""
    settings = load_settings()
    encoder = article_encoder(open_encoders(settings))
    show("index", lambda: index(settings, encoder))
