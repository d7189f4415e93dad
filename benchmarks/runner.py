"""How benchmarks measure and report: interleaved rounds, ratios with intervals, JSON files.

Knows no benchmark. Absolute times belong to one machine; only ratios are compared.
"""

import json
import os
import platform
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from app.clock import rfc3339, utc_now

ROUNDS = 7
RESAMPLES = 2_000
PACKAGES = ("torch", "transformers", "faiss-cpu", "fastapi", "sqlalchemy", "uvicorn", "psycopg")
BUSY_LOAD = 0.2  # of one core, by others: above it absolute times mislead
Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a figure was measured."""

    date: str
    cores: int
    processor: str
    memory_gib: float
    load_before: float
    python: str
    versions: Mapping[str, str]

    @property
    def is_busy(self) -> bool:
        """Whether other processes had a share in the times."""
        return self.load_before > BUSY_LOAD


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ours divided by the baseline: below 1 is faster."""

    ratio: float
    low: float
    high: float
    rounds: int


def this_place() -> Place:
    """This machine now; call it before the measuring begins."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return Place(
        date=rfc3339(utc_now()),
        cores=len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1,
        processor=_processor(),
        memory_gib=round(memory, 1),
        load_before=round(os.getloadavg()[0], 2),
        python=platform.python_version(),
        versions={name: version(name) for name in PACKAGES},
    )


def spread(milliseconds: Sequence[float]) -> dict[str, float]:
    """p50, p99 and how many there were."""
    cuts = quantiles(milliseconds, n=100, method="inclusive")
    return {"p50": round(cuts[49], 3), "p99": round(cuts[98], 3), "n": len(milliseconds)}


def compare(ours: Work, baseline: Work, *, rounds: int = ROUNDS, seed: int = 0) -> Ratio:
    """Time both alternately; one round of each warms up and is dropped."""
    pairs = [(_seconds(ours), _seconds(baseline)) for _ in range(rounds + 1)][1:]
    return ratio_of([mine / other for mine, other in pairs], seed=seed)


def ratio_of(ratios: Sequence[float], *, seed: int = 0) -> Ratio:
    """The median of the rounds' ratios with a 95 % bootstrap interval."""
    chance = random.Random(seed)  # noqa: S311 - resampling
    medians = sorted(median(chance.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
    low, high = medians[int(0.025 * RESAMPLES)], medians[int(0.975 * RESAMPLES) - 1]
    return Ratio(round(median(ratios), 3), round(low, 3), round(high, 3), len(ratios))


def write_json(path: Path, name: str, place: Place, figures: Mapping[str, Any]) -> None:
    """The figures with everything needed to judge them."""
    body = {"benchmark": name, "place": asdict(place), "figures": figures}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _seconds(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _processor() -> str:
    """The model name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
