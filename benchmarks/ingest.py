"""How many documents a second go in: read, stored, indexed, with the real article encoder.

Documents are Markdown of about 2 KB, made of the shipped articles' headings and sentences in a
seeded order, so that no two are alike and none is longer or shorter than editors write. Everything
runs in a temporary folder on SQLite; loading the encoder is not counted, nor is the index without
documents, which every installation has after its first start.
"""

import random
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from app.assembly import open_database, open_encoders
from app.cli.preparing import ROOT, migrate
from app.config import Settings
from app.ingestion.batch import Entry, Report, ingest
from app.ingestion.reading import Facts
from app.ingestion.sources import list_folder
from app.ingestion.storing import Then
from app.knowledge.indexing import build_index
from benchmarks.message_path import settings_in
from knowledge_base import Document, load_folder
from knowledge_base.chunker import chunk_document
from knowledge_base.outline import read_outline
from knowledge_base.sentences import sentence_spans
from models.encoder_shelf import article_encoder

DOCUMENTS = 1_000
SIZE = 2_000  # characters, about; English: as many bytes
SEED = 20261128
CHANGED = 0.1  # share of documents that a second run finds changed
Figures = dict[str, Any]


@dataclass(slots=True)
class _Reading:
    """Seconds spent in reading, as told by wrapped entries."""

    seconds: float = 0.0

    def timed(self, entry: Entry) -> Entry:
        def read() -> Any:  # noqa: ANN401 - what the entry gives
            began = time.perf_counter()
            try:
                return entry.read()
            finally:
                self.seconds += time.perf_counter() - began

        return replace(entry, read=read)


def main(documents: int = DOCUMENTS) -> Figures:
    """Documents a second of a first run, a repeated one, and one with a tenth changed."""
    with TemporaryDirectory(prefix="switchboard-bench-") as place:
        var, folder = Path(place) / "var", Path(place) / "documents"
        texts = write_documents(folder, documents)
        if (ROOT / "var" / "models" / "encoders").is_dir():
            shutil.copytree(ROOT / "var" / "models" / "encoders", var / "models" / "encoders")
        settings = settings_in(var, f"sqlite:///{var}/bench.db")
        migrate(settings)
        encoder = article_encoder(open_encoders(settings))
        encoder.encode(["the first call is slower"])
        figures: Figures = {
            "documents": documents,
            "bytes each": round(mean(map(len, texts))),
            "index without documents, seconds": _prepare(settings, encoder),
        }
        figures |= _run("first", settings, folder, encoder, documents)
        figures |= _run("repeated", settings, folder, encoder, documents)
        _change(folder, documents)
        figures |= _run("a tenth changed", settings, folder, encoder, documents)
    return figures


def _prepare(settings: Settings, encoder: Any) -> float:  # noqa: ANN401 - models.types.Encoder
    """Build the index that is there before the first document; seconds."""
    database, _ = open_database(settings)
    began = time.perf_counter()
    build_index(database, settings, encoder)
    database.dispose()
    return round(time.perf_counter() - began, 1)


def _run(
    name: str,
    settings: Settings,
    folder: Path,
    encoder: Any,  # noqa: ANN401 - models.types.Encoder
    documents: int,
) -> Figures:
    reading = _Reading()
    database, _ = open_database(settings)
    try:
        began, worked = time.perf_counter(), time.process_time()
        listed = list_folder(folder, Facts(), origin="")
        report = ingest(database, map(reading.timed, listed.entries), then=Then.PUBLISH)
        stored = time.perf_counter()
        build_index(database, settings, encoder)
        ended, worked = time.perf_counter(), time.process_time() - worked
    finally:
        database.dispose()
    _require_complete(report, documents)
    seconds = {
        "read": reading.seconds,
        "store": stored - began - reading.seconds,
        "index": ended - stored,
        "total": ended - began,
        "of processors": worked,  # of all cores together: what others do does not count
    }
    return {
        f"{name}, documents/s": round(documents / seconds["total"], 1),
        f"{name}, seconds": {stage: round(value, 2) for stage, value in seconds.items()},
        f"{name}, outcomes": {key: value for key, value in report.counts.items() if value},
    }


def _require_complete(report: Report, documents: int) -> None:
    if report.failures or len(report.results) != documents:
        raise RuntimeError(f"{len(report.failures)} documents failed: {report.failures[:1]}")


def write_documents(folder: Path, count: int, *, seed: int = SEED) -> list[str]:
    """The documents, also as files; the same in every run."""
    chance = random.Random(seed)  # noqa: S311 - the same documents in every run
    headings, sentences = _material()
    folder.mkdir(parents=True)
    texts = []
    for number in range(count):
        text = "\n".join(_write(number, headings, sentences, chance))
        (folder / f"document-{number:05}.md").write_text(text, encoding="utf-8")
        texts.append(text)
    return texts


def _write(
    number: int, headings: Sequence[str], sentences: Sequence[str], chance: random.Random
) -> Iterator[str]:
    """A title, and sections of a paragraph and now and then a list, until it is long enough."""
    title = f"# {chance.choice(headings)} ({number})"
    length = len(title)
    yield title
    while length < SIZE:
        paragraph = " ".join(chance.sample(sentences, chance.randint(3, 6)))
        items = [f"- {one}" for one in chance.sample(sentences, chance.choice((0, 0, 3)))]
        block = [f"\n## {chance.choice(headings)}\n", paragraph, *(["", *items] if items else [])]
        length += sum(len(line) + 1 for line in block)
        yield from block


def _material() -> tuple[list[str], list[str]]:
    """Headings and sentences of the shipped English articles."""
    articles = [
        one for one in load_folder(ROOT / "knowledge_base/content/en") if isinstance(one, Document)
    ]
    headings = {path[-1] for one in articles for path in _paths(one.body)}
    sentences = {
        " ".join(chunk.text[start:end].split())
        for one in articles
        for chunk in chunk_document(one)
        if not chunk.text.startswith(("|", "-", "1."))
        for start, end in sentence_spans(chunk.text)
    }
    return sorted(headings), sorted(one for one in sentences if 30 < len(one) < 300)


def _paths(body: str) -> Iterator[tuple[str, ...]]:
    yield from (section.headings for section in read_outline(body) if section.headings)


def _change(folder: Path, documents: int) -> None:
    for number in range(0, documents, round(1 / CHANGED)):
        path = folder / f"document-{number:05}.md"
        path.write_text(path.read_text(encoding="utf-8") + "\n\nThis was added.", "utf-8")
