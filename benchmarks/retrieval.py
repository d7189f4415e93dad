"""Retrieval against Haystack's in-memory hybrid pipeline: same pieces, same vectors, one run.

Every question is asked of all in turn; who begins changes with every question. Ask CFPB: a
question must find its own answer among all answers, and is not part of the text.
"""

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, cast

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from app.clock import utc_now
from app.config import load_settings
from benchmarks.rivals.environment import rival_python
from benchmarks.runner import spread
from knowledge_base import Document, Embedder, Indexer, Retriever, SearchMode
from knowledge_base.ask_cfpb import load_ask_cfpb
from knowledge_base.chunk_file import embedding_text
from knowledge_base.chunker import chunk_document
from knowledge_base.evaluation import document_ranking
from knowledge_base.index_store import IndexStore
from knowledge_base.opened_parts import Opener
from models.encoder_shelf import BundledEncoders, article_encoder

WIDTH = 50  # pieces that each retriever hands on
JOINS = ("reciprocal_rank_fusion", "distribution_based_rank_fusion")
RESAMPLES = 5_000
_MEASURES: dict[str, Callable[[int], float]] = {
    "recall@1": lambda rank: float(rank == 1),
    "recall@5": lambda rank: float(rank <= 5),
    "mrr@10": lambda rank: 1 / rank if rank <= 10 else 0.0,
}
_NOWHERE = 10**6
_RIVAL = Path(__file__).parent / "rivals" / "haystack_app.py"
Ask = Callable[[str], list[str]]


@dataclass(slots=True)
class Contestant:
    """One retriever, with what it found."""

    ask: Ask
    ranks: list[int] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        shares = {name: _mean(measure, self.ranks) for name, measure in _MEASURES.items()}
        return shares | {f"{name} ms": value for name, value in spread(self.milliseconds).items()}


def main(data: Path | None, plot: Path | None = None) -> Mapping[str, Any]:
    """Recall and reciprocal rank of ours and of the rival, with paired differences."""
    if data is None:
        raise SystemExit("retrieval needs --data, a CSV file in the format of Ask CFPB")
    pairs = load_ask_cfpb(data)
    embedder = article_encoder(BundledEncoders(load_settings().var / "models" / "encoders"))
    with ExitStack() as stack:
        contestants = {"ours": Contestant(stack.enter_context(_ours(pairs, embedder)))}
        for join in JOINS:
            rival = stack.enter_context(_haystack(pairs, embedder, join=join))
            contestants[f"haystack {join}"] = Contestant(rival)
        _measure(contestants, pairs)
    differences = {
        f"ours - {name}": _differences(contestants["ours"].ranks, contestant.ranks)
        for name, contestant in contestants.items()
        if name != "ours"
    }
    if plot is not None:
        _draw(plot, contestants)
    return {
        "questions": len(pairs),
        **{name: contestant.figures() for name, contestant in contestants.items()},
        **differences,
        "setting": {"encoder": embedder.revision, "pieces of each retriever": WIDTH},
    }


def _measure(contestants: Mapping[str, Contestant], pairs: Sequence[tuple[str, Document]]) -> None:
    """Everybody once per question, in an order that turns."""
    names = list(contestants)
    for place, (question, document) in enumerate(pairs):
        for name in names[place % len(names) :] + names[: place % len(names)]:
            contestant = contestants[name]
            began = time.perf_counter()
            ranking = contestant.ask(question)
            contestant.milliseconds.append((time.perf_counter() - began) * 1_000)
            found = document.document_id in ranking
            rank = ranking.index(document.document_id) + 1 if found else _NOWHERE
            contestant.ranks.append(rank)


@contextmanager
def _ours(pairs: Sequence[tuple[str, Document]], embedder: Embedder) -> Iterator[Ask]:
    with TemporaryDirectory(prefix="switchboard-bench-") as folder:
        root = Path(folder)
        Indexer(root, embedder, now=utc_now).rebuild(document for _, document in pairs)
        index = Opener(IndexStore(root), embedder.revision).open_published(None).for_now()
        moment = utc_now()

        def now() -> datetime:
            return moment

        retriever = Retriever(index, embedder, now=now)
        yield lambda question: document_ranking(
            retriever.search(question, k=WIDTH, mode=SearchMode.HYBRID)
        )


@contextmanager
def _haystack(
    pairs: Sequence[tuple[str, Document]], embedder: Embedder, *, join: str
) -> Iterator[Ask]:
    """The rival in its own process; the question's vector is computed here, and counts for it."""
    chunks = [chunk for _, document in pairs for chunk in chunk_document(document)]
    vectors = embedder.encode([embedding_text(chunk) for chunk in chunks])
    documents = [
        {"text": chunk.text, "article": chunk.document_id, "vector": vector.tolist()}
        for chunk, vector in zip(chunks, vectors, strict=True)
    ]
    python = rival_python(load_settings().var.resolve() / "rivals" / "haystack", "haystack")
    job = {"documents": documents, "width": WIDTH, "join": join}
    with subprocess.Popen(  # noqa: S603 - our own arguments
        [str(python), str(_RIVAL)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as rival:
        told, heard = cast("IO[str]", rival.stdin), cast("IO[str]", rival.stdout)
        _say(told, job)

        def ask(question: str) -> list[str]:
            vector = embedder.encode([question])[0].tolist()
            _say(told, {"question": question, "vector": vector})
            articles: list[str] = json.loads(heard.readline())["articles"]
            return articles

        yield ask
        told.close()


def _say(stream: IO[str], message: Mapping[str, Any]) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()


def _differences(ours: Sequence[int], theirs: Sequence[int]) -> dict[str, str]:
    """Mean paired difference with a 95 % bootstrap interval, in points."""
    chance = np.random.default_rng(0)
    draws = chance.integers(0, len(ours), (RESAMPLES, len(ours)))
    shown: dict[str, str] = {}
    for name, measure in _MEASURES.items():
        gaps = np.array([measure(a) - measure(b) for a, b in zip(ours, theirs, strict=True)]) * 100
        low, high = np.percentile(gaps[draws].mean(axis=1), (2.5, 97.5))
        shown[name] = f"{gaps.mean():+.1f} [{low:+.1f}, {high:+.1f}]"
    return shown


def _mean(measure: Callable[[int], float], ranks: Sequence[int]) -> float:
    return round(sum(map(measure, ranks)) / len(ranks), 4)


def _draw(path: Path, contestants: Mapping[str, Contestant]) -> None:
    """A bar for each contestant and measure: a PNG."""
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    plot = figure.subplots()
    width = 0.8 / len(contestants)
    colours = ("#1f5fa8", "#b3261e", "#d98c86")
    for place, (name, contestant) in enumerate(contestants.items()):
        heights = [_mean(measure, contestant.ranks) for measure in _MEASURES.values()]
        lefts = np.arange(len(heights)) + place * width
        bars = plot.bar(lefts, heights, width, label=name, color=colours[place % len(colours)])
        plot.bar_label(bars, fmt="%.3f", fontsize=8)
    plot.set_xticks(np.arange(len(_MEASURES)) + 0.4 - width / 2, list(_MEASURES))
    plot.set(ylim=(0, 1), title="Ask CFPB: a question finds its own answer")
    plot.legend(fontsize=8, loc="lower right")
    figure.savefig(path, dpi=130)
