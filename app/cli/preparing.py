"""What must exist before the first customer: tables, the demo bank, a model, an index.

Every step skips itself when its inputs have not changed.
"""

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from app.assembly import build_model_room, open_database, open_encoders, open_reranker
from app.audit_trail import SYSTEM
from app.banking.demo_client import DemoBankingClient
from app.banking.demo_seed import seed_demo_bank
from app.cli.seeding import seed_people
from app.clock import utc_now
from app.config import Settings
from app.db.session import Database
from app.ingestion.batch import ingest
from app.ingestion.reading import Facts
from app.ingestion.sources import list_folder
from app.ingestion.storing import Then
from app.intent_models import service
from app.knowledge.indexing import build_index
from models.encoder_shelf import EncoderShelf, article_encoder
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from models.types import Encoder
from routing.dataset import OWN_DATA
from routing.taxonomy import DEFAULT_TAXONOMY
from routing.train import train

log = structlog.get_logger(__name__)
console = Console(stderr=True)
ROOT = Path(__file__).parents[2]
STAMP = "trained_from.json"
Step = Callable[[], str]


def prepare(settings: Settings) -> EncoderShelf:
    """All steps in order; the encoders that they loaded, so that they are loaded once."""
    settings.var.mkdir(parents=True, exist_ok=True)
    show("migrate", lambda: migrate(settings))
    show("seed", lambda: seed(settings))
    encoders = open_encoders(settings)
    show("train", lambda: train_own(settings))
    show("index", lambda: index(settings, article_encoder(encoders)))
    return encoders


def show(name: str, step: Step) -> None:
    """Run a step with a spinner; afterwards one line with its result and time."""
    began = time.perf_counter()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        progress.add_task(name)
        result = step()
    seconds = time.perf_counter() - began
    console.print(f"[green]✓[/green] {name:<8} {result} [dim]({seconds:.1f} s)[/dim]")


def migrate(settings: Settings) -> str:
    """Bring the tables to the newest revision."""
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = settings.database.url
    database, _ = open_database(settings)  # makes the folder of a SQLite file
    database.dispose()
    command.upgrade(config, "head")
    return "tables are up to date"


def seed(settings: Settings) -> str:
    """The demo bank, staff, keys, the inbox and the articles; each once."""
    demo = DemoBankingClient(settings.banking.demo_url)
    is_new_bank = seed_demo_bank(demo.engine, today=utc_now().date())
    demo.engine.dispose()
    database, _ = open_database(settings)
    with database.write() as session:
        is_new = seed_people(session, settings)
    changed = seed_articles(database, ROOT / settings.knowledge.content)
    database.dispose()
    credentials = f"credentials in {settings.var / 'credentials.json'}" if is_new else "no change"
    return f"{'demo bank made, ' if is_new_bank else ''}{changed} articles changed, {credentials}"


def seed_articles(database: Database, folder: Path) -> int:
    """The articles that come with the product, imported as published; how many changed."""
    report = ingest(database, list_folder(folder, Facts(), origin="").entries, then=Then.PUBLISH)
    for failure in report.failures:
        log.warning("knowledge.article_unreadable", path=failure.name, reason=failure.reason)
    return report.counts["created"] + report.counts["updated"]


def train_own(settings: Settings) -> str:
    """The intent model from our own utterances; skipped while they are the same."""
    registry = ModelRegistry(settings.var / "models")
    stamp = settings.var / "models" / STAMP
    inputs = {"digest": training_digest()}
    live = registry.find_live(KIND)
    if live is not None and stamp.exists() and json.loads(stamp.read_text()) == inputs:
        return f"{live.name} is live"
    folder = train(None, registry.root / KIND)
    result = promote_own(settings, folder.name, is_first=live is None)
    stamp.write_text(json.dumps(inputs))
    return result


def promote_own(settings: Settings, version: str, *, is_first: bool) -> str:
    """Through the gate like any other; where nothing is live yet, any model is better than none."""
    database, _ = open_database(settings)
    room = build_model_room(settings)
    because = "the first model of this installation" if is_first else None
    try:
        done = service.promote(database, room, version, actor=SYSTEM, force_because=because)
    except service.GateRefused as refused:
        return f"{version} trained, not promoted: {refused}"
    finally:
        database.dispose()
    return f"{version} trained and promoted{', against the gate' if done.forced else ''}"


def training_digest() -> str:
    """Changes when utterances, taxonomy or the training code change."""
    digest = hashlib.sha256()
    code = [*(ROOT / "routing").glob("*.py"), *(ROOT / "models").glob("*.py")]
    for path in sorted([*OWN_DATA.glob("*.jsonl"), DEFAULT_TAXONOMY, *code]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def index(settings: Settings, encoder: Encoder) -> str:
    """An index version of what is published; skipped while that is the same."""
    database, _ = open_database(settings)
    try:
        version = build_index(database, settings, encoder, reranker=open_reranker(settings))
    finally:
        database.dispose()
    return f"{version} built" if version else "index is up to date"
