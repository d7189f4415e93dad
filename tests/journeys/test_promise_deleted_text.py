"""Promise: text that was deleted or replaced is never found again, whatever is killed and when.

SWITCHBOARD_TEST_FAULTS sets how many kills there are (10); SWITCHBOARD_TEST_SEED their times.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.assembly import open_database
from app.clock import utc_now
from app.config import Settings
from app.db.session import Database
from app.knowledge.indexing import build_index
from app.knowledge.lookup import keep_current
from knowledge_base import LiveKnowledgeBase, SearchMode
from models.fakes import HashingEncoder
from tests.fixtures.databases import ROOT
from tests.fixtures.index_process import ENCODER_DIMENSION
from tests.fixtures.service import build_settings

FAULTS = int(os.environ.get("SWITCHBOARD_TEST_FAULTS", "10"))
SEED = int(os.environ.get("SWITCHBOARD_TEST_SEED", "1"))
pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(120 + 15 * FAULTS)]
ENCODER = HashingEncoder(ENCODER_DIMENSION)


@pytest.fixture
def workers() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fixtures.index_process"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    yield process
    process.terminate()
    process.communicate(timeout=30)


def test_deleted_text_never_comes_back(
    tmp_path: Path, database_url: str, workers: subprocess.Popen[str]
) -> None:
    settings, log = build_settings(tmp_path / "var", database_url), tmp_path / "deleted.log"
    chance, deleted, found_before_indexing = random.Random(SEED), set[str](), 0
    log.touch()
    for number in range(FAULTS):
        _work_until_killed(workers, settings, log, seed=SEED * 1000 + number, chance=chance)
        deleted = set(log.read_text(encoding="utf-8").split())
        database, _ = open_database(settings)
        found_before_indexing += len(_found(database, settings, deleted, held_against_rows=False))
        assert _found(database, settings, deleted, held_against_rows=True) == set()
        build_index(database, settings, ENCODER, verify=chance.random() < 0.5)
        assert _found(database, settings, deleted, held_against_rows=False) == set()
        database.dispose()
    print(
        f"{FAULTS} kills, {len(deleted)} deleted or replaced texts: 0 shown "
        f"(bound {3 / max(1, len(deleted)):.1%}); the index alone still held "
        f"{found_before_indexing} right after a kill"
    )
    assert len(deleted) >= FAULTS


def _work_until_killed(
    workers: subprocess.Popen[str],
    settings: Settings,
    log: Path,
    *,
    seed: int,
    chance: random.Random,
) -> None:
    order = {
        "var": str(settings.var),
        "database_url": settings.database.url,
        "log": str(log),
        "seed": seed,
    }
    assert workers.stdin is not None
    assert workers.stdout is not None
    noted = log.stat().st_size
    workers.stdin.write(json.dumps(order) + "\n")
    workers.stdin.flush()
    process_id = int(workers.stdout.readline())
    deadline = time.monotonic() + 60
    while log.stat().st_size == noted and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(chance.random())
    os.kill(process_id, signal.SIGKILL)
    while Path(f"/proc/{process_id}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def _found(
    database: Database, settings: Settings, deleted: set[str], *, held_against_rows: bool
) -> set[str]:
    """Words of deleted texts that a search of any kind would show."""
    live = LiveKnowledgeBase(settings.var / "knowledge", ENCODER, now=utc_now)
    shown: set[str] = set()
    for word in deleted:
        for mode in SearchMode:
            chunks = [hit.chunk for hit in live.search(word, k=5, mode=mode)]
            if held_against_rows:
                with database.read() as session:
                    chunks = keep_current(session, chunks)
            shown.update(word for chunk in chunks if f" {word} " in chunk.text)
    return shown
