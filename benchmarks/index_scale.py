"""A knowledge base of a million chunks: how fast, how exact, how large, and what a change costs.

The vectors lie where real ones lie: each is a mixture of the vectors of two shipped utterances plus
noise. They are asked with utterances that took no
part; the index is tuned with others. Texts are drawn from the words of the
shipped articles, so that the keyword index has real frequencies.
"""

import multiprocessing
import os
import re
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from string import ascii_lowercase
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from app.clock import utc_now
from app.config import load_settings
from benchmarks.runner import spread
from knowledge_base import (
    Audience,
    Document,
    ExampleQuestion,
    Indexer,
    LiveKnowledgeBase,
    SearchMode,
)
from knowledge_base.exact_index import ExactIndex
from knowledge_base.faiss_index import NEIGHBOURS, recall
from knowledge_base.index_store import IndexStore, Part
from knowledge_base.known_vectors import KnownVectors
from knowledge_base.loader import LoadFailure, load_folder
from knowledge_base.opened_parts import Opener
from knowledge_base.protocols import Ids, Mask, Vectors
from knowledge_base.segment import CHUNK_VECTORS
from models.encoder_shelf import BundledEncoders, article_encoder
from routing.dataset import load_utterances

CHUNKS = 1_000_000
SECTIONS = 4  # chunks of a document
WORDS = 40  # of a chunk
QUESTIONS = 500
TUNING = 1_000  # other questions, which the index is built with
STAFF_SHARE = 0.02  # of the documents are for staff alone
CHANGES = 20
WARM_UP = 20  # searches that are not counted
SEARCHERS = 4


class MixingEncoder:
    """Real vectors for questions, mixtures of real ones for every other text."""

    reads_cjk = True
    revision = "mixture"

    def __init__(self, seeds: Vectors, questions: Mapping[str, Vectors]) -> None:
        self.dimension = seeds.shape[1]
        self._seeds = seeds
        self._questions = questions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The same vector for the same text."""
        return np.stack([self._encode(text) for text in texts])

    def _encode(self, text: str) -> Vectors:
        if text in self._questions:
            return self._questions[text]
        random = np.random.default_rng(zlib.crc32(text.encode()))
        first, second = self._seeds[random.integers(0, len(self._seeds), 2)]
        noise = random.standard_normal(self.dimension, dtype=np.float32)
        mixed = 0.7 * first + 0.3 * second + 0.5 * noise / np.sqrt(self.dimension)
        return np.asarray(mixed / np.linalg.norm(mixed), dtype=np.float32)


def main(chunks: int) -> dict[str, Any]:
    """Build once in a process of its own, then open and search here."""
    encoder, questions, examples = _encoder()
    with TemporaryDirectory(prefix="switchboard-scale-") as folder:
        root = Path(folder)
        started = time.perf_counter()
        apart = multiprocessing.get_context("fork")
        builder = apart.Process(target=_build, args=(root, encoder, examples, chunks))
        builder.start()
        builder.join()
        if builder.exitcode != 0:
            raise SystemExit(f"the build ended with {builder.exitcode}")
        built_s = time.perf_counter() - started
        return {"build_s": round(built_s, 1)} | _measure(root, encoder, questions)


def _measure(root: Path, encoder: MixingEncoder, questions: Sequence[str]) -> dict[str, Any]:
    before = _resident_mib()
    live = LiveKnowledgeBase(root, encoder, now=utc_now)
    started = time.perf_counter()
    live.search(questions[0], k=NEIGHBOURS, locale="en")
    opened_s = time.perf_counter() - started
    parts = Opener(IndexStore(root), encoder.revision).open_published(None)
    folder = IndexStore(root).folder(Part.BASE, parts.base.manifest.version)
    known = KnownVectors(folder, CHUNK_VECTORS)
    index, asked = parts.base.vectors, encoder.encode(questions)
    exact = _exact(known, asked)
    staff = parts.for_now().readable(locale="en", audiences=[Audience.STAFF], at=utc_now())
    exact_staff = _exact(known, asked, allowed=staff)
    vectors = _timed(lambda number: index.search(asked[number : number + 1], NEIGHBOURS))
    filtered = _timed(
        lambda number: index.search(asked[number : number + 1], NEIGHBOURS, allowed=staff)
    )
    by_mode = {
        mode.value: _timed(
            partial(_search, live, [*questions], mode),
        )
        for mode in (SearchMode.DENSE, SearchMode.HYBRID)
    }
    resident = _resident_mib() - before
    return {
        "chunks": len(known.ids),
        "vector_index": parts.base.manifest.vector_index,
        "disk_mib": round(sum(f.stat().st_size for f in folder.rglob("*")) / 2**20),
        "resident_mib": round(resident),
        "open_s": round(opened_s, 1),
        "questions": len(questions),
        "recall@10": round(recall(index.search(asked, NEIGHBOURS)[1], exact), 4),
        "recall@10_staff": round(
            recall(index.search(asked, NEIGHBOURS, allowed=staff)[1], exact_staff), 4
        ),
        "vector_search": vectors,
        "vector_search_2_percent_allowed": filtered,
        "whole_search": by_mode,
        "changes": _changes(root, live, encoder),
    }


def _search(
    live: LiveKnowledgeBase, questions: Sequence[str], mode: SearchMode, number: int
) -> object:
    return live.search(questions[number], k=NEIGHBOURS, locale="en", mode=mode)


def _changes(root: Path, live: LiveKnowledgeBase, encoder: MixingEncoder) -> dict[str, Any]:
    """Add, replace and delete documents while others search; until each change is seen."""
    indexer = Indexer(root, encoder, now=utc_now)
    failures: list[str] = []
    searches = [0] * SEARCHERS
    done = threading.Event()

    def search(own: int) -> None:
        while not done.is_set():
            try:
                found = live.search(f"fee {searches[own]}", k=5, locale="en")
                failures.extend(["nothing found"] * (not found))
            except Exception as error:
                failures.append(repr(error))
            searches[own] += 1

    threads = [threading.Thread(target=search, args=(own,)) for own in range(SEARCHERS)]
    for thread in threads:
        thread.start()
    seen: dict[str, list[float]] = {"added": [], "deleted": []}
    try:
        for letter in ascii_lowercase[:CHANGES]:
            word = f"zylophon{letter}"
            new = Document(f"new-{letter}", 1, "News", f"The {word} rule applies.", "en")
            steps: dict[str, tuple[list[Document], int]] = {"added": ([new], 1), "deleted": ([], 0)}
            for name, (documents, hits) in steps.items():
                change = partial(indexer.change, documents, hides=[])
                seen[name].append(_until(change, live, word, hits=hits))
    finally:
        done.set()
        for thread in threads:
            thread.join()
    return {
        "searches_meanwhile": sum(searches),
        "failed": len(failures),
        "seen_after_s": {name: round(max(times), 2) for name, times in seen.items()},
    }


def _until(
    change: Callable[[], object],
    live: LiveKnowledgeBase,
    word: str,
    *,
    hits: int,
) -> float:
    """Seconds from the call until a search shows the change."""
    started = time.perf_counter()
    change()
    while (time.perf_counter() - started) < 60:
        if len(live.search(word, k=1, locale="en", mode=SearchMode.KEYWORD)) == hits:
            return time.perf_counter() - started
        time.sleep(0.01)
    raise SystemExit(f"a change was not seen within a minute: {word}")


def _build(
    root: Path, encoder: MixingEncoder, examples: Sequence[ExampleQuestion], chunks: int
) -> None:
    documents = track(_documents(chunks // SECTIONS), total=chunks // SECTIONS, description="cut")
    Indexer(root, encoder, now=utc_now).rebuild(documents, examples)


def _documents(count: int) -> Iterator[Document]:
    words = _words()
    random = np.random.default_rng(0)
    for number in range(count):
        sections = [
            f"## Section {number}-{section}\n\n{' '.join(random.choice(words, WORDS))}."
            for section in range(SECTIONS)
        ]
        audience = Audience.STAFF if random.random() < STAFF_SHARE else Audience.PUBLIC
        yield Document(f"d{number}", 1, f"Document {number}", "\n\n".join(sections), "en", audience)


def _words() -> NDArray[np.str_]:
    """Words of the shipped English articles, as often as they occur."""
    loaded = load_folder(load_settings().knowledge.content)
    articles = [one for one in loaded if not isinstance(one, LoadFailure) and one.locale == "en"]
    words = [word for one in articles for word in re.findall(r"[a-z]+", one.body.lower())]
    return np.array(words, dtype=np.str_)


def _encoder() -> tuple[MixingEncoder, list[str], list[ExampleQuestion]]:
    real = article_encoder(BundledEncoders(load_settings().var / "models" / "encoders"))
    texts = sorted({one.text for one in load_utterances() if one.text.isascii()})
    random = np.random.default_rng(0)
    random.shuffle(texts)
    questions, tuning, seeds = np.split(texts, [QUESTIONS, QUESTIONS + TUNING])
    known = [*map(str, questions), *map(str, tuning)]
    asked = dict(zip(known, real.encode(known), strict=True))
    batches = [real.encode([*seeds[start : start + 64]]) for start in range(0, len(seeds), 64)]
    examples = [ExampleQuestion(text, "any") for text in known[QUESTIONS:]]
    return MixingEncoder(np.concatenate(batches), asked), known[:QUESTIONS], examples


def _exact(known: KnownVectors, asked: Vectors, *, allowed: Mask | None = None) -> Ids:
    """The nearest of all rows, a part at a time."""
    ids, scores = [], []
    for start in range(0, len(known.ids), 100_000):
        part = slice(start, start + 100_000)
        exact = ExactIndex(np.asarray(known.ids[part]), known.rows[part].astype(np.float32))
        found_scores, found = exact.search(asked, NEIGHBOURS, allowed=allowed)
        ids.append(found)
        scores.append(found_scores)
    best = np.argsort(-np.concatenate(scores, axis=1), axis=1)[:, :NEIGHBOURS]
    return np.take_along_axis(np.concatenate(ids, axis=1), best, axis=1)


def _timed(search: Callable[[int], object]) -> dict[str, float]:
    """Milliseconds of one search after another, each of another question."""
    times = []
    for number in range(QUESTIONS):
        started = time.perf_counter()
        search(number)
        times.append((time.perf_counter() - started) * 1_000)
    return spread(times[WARM_UP:])


def _resident_mib() -> float:
    """Of this process; mapped files count as far as they were read."""
    pages = Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20
