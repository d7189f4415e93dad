"""`switchboard ingest`: a report at the end, nothing lost by a kill, nothing done twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner, Result

from app.audit_trail import SYSTEM, Actor
from app.cli import ingesting
from app.cli.main import app
from app.clock import utc_now
from app.config import Settings
from app.db.document import DocumentRecord, DocumentVersionRecord
from app.db.session import Database
from app.ingestion import batch
from app.ingestion.batch import Report, ingest
from app.ingestion.reading import Facts
from app.ingestion.sources import list_folder
from app.ingestion.storing import Then, store
from app.knowledge.index_queries import list_publication_keys
from app.knowledge.releases import ReleaseService
from app.knowledge.repository import DocumentFilter, DocumentRepository
from app.knowledge.schemas import DocumentCreate
from app.knowledge.service import KnowledgeService
from app.knowledge.timeline import shown_at
from app.knowledge.workflow import status_of
from models.fakes import HashingEncoder
from tests.fixtures.databases import ROOT
from tests.fixtures.web_server import Answer, WebServer
from tests.unit.ingestion.test_web import urlset

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
EDITOR = Actor("staff", "emma")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    for locale, text in (("en", "Block the card in the app."), ("zh", "请在应用中冻结卡片。")):
        (made / locale).mkdir(parents=True)
        (made / locale / "lost-card.md").write_text(f"# Card\n\n{text}", encoding="utf-8")
    return made


@pytest.fixture
def command(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Run the command in this process, with a hashing encoder."""
    monkeypatch.setattr(ingesting, "load_settings", lambda: settings)
    monkeypatch.setattr(ingesting, "open_encoders", lambda _: None)
    monkeypatch.setattr(ingesting, "article_encoder", lambda _: HashingEncoder())

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, ["ingest", *(str(one) for one in arguments)])

    return run


def take(database: Database, folder: Path, then: Then = Then.PUBLISH) -> Report:
    return ingest(database, list_folder(folder, Facts(), origin="").entries, then=then)


def counted(report: Report) -> dict[str, int]:
    return {name: count for name, count in report.counts.items() if count}


def versions(database: Database) -> dict[str, tuple[int, int | None, str]]:
    """Newest version, published version and status of its newest version, by slug."""
    now = utc_now()
    with database.read() as session:
        found = DocumentRepository(session).list_newest(
            DocumentFilter(), now=now, after=None, limit=100
        )
    told: dict[str, tuple[int, int | None, str]] = {}
    for one in found:
        shown, newest = shown_at(one.timeline, now), one.version
        status = status_of(newest.status, newest.version, one.timeline, now)
        number = None if shown is None else shown.version
        told[str(one.document.slug)] = (newest.version, number, status.value)
    return told


def test_documents_are_published_once_and_again_when_they_change(
    database: Database, folder: Path
) -> None:
    assert counted(take(database, folder)) == {"created": 2}
    assert counted(take(database, folder)) == {"unchanged": 2}
    (folder / "en" / "lost-card.md").write_text("# Card\n\nRing us.", encoding="utf-8")
    assert counted(take(database, folder)) == {"updated": 1, "unchanged": 1}
    assert versions(database) == {
        "en-lost-card": (2, 2, "published"),
        "zh-lost-card": (1, 1, "published"),
    }


def test_drafts_go_through_review(database: Database, folder: Path) -> None:
    assert counted(take(database, folder, Then.SUBMIT)) == {"created": 2}
    assert set(versions(database).values()) == {(1, None, "submitted")}
    assert counted(take(database, folder, Then.SUBMIT)) == {"unchanged": 2}


def test_what_editors_wrote_is_not_overwritten_and_what_they_deleted_stays_deleted(
    database: Database, folder: Path
) -> None:
    report = take(database, folder)
    ids = {result.name: str(result.document_id) for result in report.results}
    own = DocumentCreate(title="Card", body="Our own words.", locale="en")
    with database.write() as session:
        KnowledgeService(session, EDITOR).add_version(ids["en/lost-card.md"], own)
        ReleaseService(session, EDITOR).delete(ids["zh/lost-card.md"])
    for locale, text in (("en", "Ring us."), ("zh", "请致电客服。")):
        (folder / locale / "lost-card.md").write_text(text, encoding="utf-8")
    again = take(database, folder)
    assert {one.name: (one.outcome.value, one.reason) for one in again.results} == {
        "en/lost-card.md": ("updated", "editors changed it: submitted for review"),
        "zh/lost-card.md": ("unchanged", "an editor deleted it"),
    }
    assert versions(database)["en-lost-card"] == (3, 1, "submitted")


def test_one_document_that_cannot_be_kept_leaves_its_batch_alone(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_chinese(session: Any, actor: Any, found: Any, **options: Any) -> Any:
        if found.content.locale == "zh":
            raise IntegrityError("statement", {}, ValueError("raced"))
        return store(session, actor, found, **options)

    monkeypatch.setattr(batch, "store", refuse_chinese)
    report = take(database, folder)
    assert counted(report) == {"created": 1, "failed": 1}
    assert "run again" in str(report.failures[0].reason)
    assert list(versions(database)) == ["en-lost-card"]


def test_two_files_of_one_name_are_named(database: Database, folder: Path) -> None:
    (folder / "en" / "lost-card.txt").write_text("Other words.", encoding="utf-8")
    report = take(database, folder)
    assert [one.reason for one in report.failures] == [
        "it has the same name as en/lost-card.md: rename one of them"
    ]
    assert counted(take(database, folder)) == {"unchanged": 2, "failed": 1}


@on_sqlite
def test_the_command_reports_every_document_and_its_exit_code_tells(
    command: Callable[..., Result], folder: Path, tmp_path: Path, settings: Settings
) -> None:
    whole = command(folder)
    assert (whole.exit_code, "2 created" in whole.output) == (0, True)
    (folder / "broken.pdf").write_bytes(b"no pdf")
    (folder / "logo.png").write_bytes(b"\x89PNG")
    report = tmp_path / "report.json"
    partly = command(folder, "--json", report)
    assert partly.exit_code == 1
    assert "failed broken.pdf: the file should be a PDF" in " ".join(partly.output.split())
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["counts"] == {
        "created": 0,
        "updated": 0,
        "unchanged": 2,
        "failed": 1,
        "skipped": 1,
    }
    assert {one["name"]: one["outcome"] for one in told["documents"]} == {
        "broken.pdf": "failed",
        "en/lost-card.md": "unchanged",
        "zh/lost-card.md": "unchanged",
    }
    assert told["skipped"] == ["logo.png"]
    assert (settings.var / "knowledge").is_dir()


@on_sqlite
def test_what_a_killed_run_stored_is_indexed_by_the_next(
    command: Callable[..., Result], database: Database, folder: Path, settings: Settings
) -> None:
    take(database, folder)  # and it dies before the index is built
    assert command(folder).exit_code == 0
    (index,) = (settings.var / "knowledge" / "base").iterdir()
    assert json.loads((index / "manifest.json").read_text())["documents"] == 2


@on_sqlite
def test_facts_of_the_command_hold_for_what_does_not_say_so(
    command: Callable[..., Result], folder: Path, database: Database
) -> None:
    (folder / "en" / "own.md").write_text("---\naudience: public\n---\n\nWords.", encoding="utf-8")
    done = command(folder, "--draft", "--audience", "staff", "--origin", "wiki")
    assert done.exit_code == 0, done.output
    with database.read() as session:
        rows = session.execute(
            select(DocumentRecord.slug, DocumentVersionRecord.audience).join(
                DocumentVersionRecord, DocumentVersionRecord.document_id == DocumentRecord.id
            )
        ).all()
    assert {row.slug: row.audience for row in rows} == {
        "wiki/en-lost-card": "staff",
        "wiki/en-own": "public",
        "wiki/zh-lost-card": "staff",
    }


@on_sqlite
def test_a_large_file_is_refused_before_it_is_read(
    command: Callable[..., Result], folder: Path
) -> None:
    large = folder / "large.md"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)  # a hole: no byte of it lies on the disk
    done = command(large)
    assert (done.exit_code, "at most 20971520 bytes" in " ".join(done.output.split())) == (1, True)


@on_sqlite
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("no-such-folder", "does not exist"),
        ("http://169.254.169.254/x", "private or reserved network"),
        ("http://127.0.0.1:1/x", "port 1 is not one of"),
    ],
)
def test_nothing_to_begin_with_is_an_error(
    command: Callable[..., Result], source: str, reason: str
) -> None:
    refused = command(source)
    assert reason in str(refused.exception)  # main() prints it in one line and exits with 2


@on_sqlite
def test_pages_and_sitemaps_are_read(
    command: Callable[..., Result], web: WebServer, database: Database
) -> None:
    web.pages |= {
        "/a": Answer(b"<h1>Cards</h1><p>Words of a page."),
        "/b": Answer(b"# Loans\n\nWords.", headers={"Content-Type": "text/markdown"}),
        "/sitemap.xml": Answer(urlset(web.url("/a"), web.url("/b"), web.url("/gone"))),
    }
    assert command(web.url("/a")).exit_code == 0
    done = command(web.url("/sitemap.xml"))
    assert done.exit_code == 1
    assert "1 created, 0 updated, 1 unchanged, 1 failed" in done.output
    assert sorted(versions(database)) == ["en-127.0.0.1/a", "en-127.0.0.1/b"]
    too_many = command(web.url("/sitemap.xml"), "--max-pages", 2)
    assert "more than 2 pages" in str(too_many.exception)


def stored(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(DocumentRecord)) or 0


@pytest.fixture
def child(
    settings: Settings, tmp_path: Path
) -> Iterator[Callable[[Path], subprocess.Popen[bytes]]]:
    """Start the real command in a process of its own."""
    running: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "SWITCHBOARD_VAR": str(settings.var),
        "SWITCHBOARD_DATABASE__URL": settings.database.url,
        "SWITCHBOARD_BANKING__DEMO_URL": f"sqlite:///{tmp_path}/bank.db",
    }

    def start(folder: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "app", "ingest", str(folder)]
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.mark.slow
@on_sqlite
def test_a_killed_run_is_finished_by_the_next_with_every_document_once(
    child: Callable[[Path], subprocess.Popen[bytes]], database: Database, tmp_path: Path
) -> None:
    count, folder = 20 * batch.BATCH, tmp_path / "many"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}.md").write_text(f"# Note {number}\n\nIt says {number}.", "utf-8")
    first = child(folder)
    while (before := stored(database)) == 0 and first.poll() is None:
        time.sleep(0.002)
    first.send_signal(signal.SIGKILL)
    first.wait()
    killed_after = stored(database)
    assert 0 < before <= killed_after < count
    assert killed_after % batch.BATCH == 0  # whole batches, whenever it was
    assert child(folder).wait(timeout=300) == 0
    with database.read() as session:
        shown = list_publication_keys(session, ending_after=utc_now())
        latest = session.scalars(select(DocumentRecord.latest_version)).all()
    assert latest == [1] * count
    assert sorted(key.version for key in shown) == [1] * count
    (index,) = (tmp_path / "var" / "knowledge" / "base").iterdir()
    assert json.loads((index / "manifest.json").read_text())["documents"] == count
    assert child(folder).wait(timeout=300) == 0
    assert stored(database) == count


def test_the_system_writes_what_the_command_stores(database: Database, folder: Path) -> None:
    take(database, folder)
    with database.read() as session:
        authors = session.scalars(select(DocumentVersionRecord.author_kind)).all()
    assert set(authors) == {SYSTEM.kind}
