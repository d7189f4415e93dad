"""What one message costs, stage by stage, with the real default models over real HTTP.

The service runs in this process under uvicorn; each message has a conversation of its own. SQLite
always; with a PostgreSQL address the rounds alternate between both.
"""

import json
import os
import random
import shutil
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import asdict, dataclass
from functools import partial
from io import StringIO
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import httpx
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI

from app.assembly import assemble
from app.cli.preparing import ROOT, prepare
from app.config import BankingSettings, DatabaseSettings, SecuritySettings, Settings
from app.content_filter import inspect
from app.conversations.repository import ConversationRepository
from app.conversations.waiting import wait_for_ending
from app.dialogue.conclusion import conclude
from app.dialogue.context import TurnContext
from app.main import create_app
from app.parts import Parts
from benchmarks.runner import ratio_of, spread
from routing import load_taxonomy
from routing.dataset import load_utterances

MESSAGES = 320
ROUNDS = 8
WARM_UP = 16
SEED = 20261123
UNLIMITED = 1_000_000
STAGES = ("filter", "store", "classify", "retrieve", "bank", "generate", "conclude", "total")
Figures = dict[str, Any]
Times = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Said:
    """One message and the route that its label belongs to."""

    text: str
    route: str


class Measured:
    """A running service with the times of what was said to it."""

    def __init__(self, parts: Parts, client: httpx.Client, concluded: dict[str, float]) -> None:
        self._parts = parts
        self._client = client
        self._concluded = concluded  # turn id -> milliseconds
        self.times: Times = defaultdict(list)

    def say(self, said: Said, number: int) -> float:
        """Milliseconds from the POST to the committed ending."""
        customer = {"external_id": f"cust-{1001 + number % 5}"}
        opened = self._client.post(
            "/v1/conversations", json={"channel": "crm", "customer": customer}
        )
        conversation = opened.raise_for_status().json()["id"]
        began = time.perf_counter()
        inspect(said.text)
        filtered = time.perf_counter()
        answer = self._client.post(
            f"/v1/conversations/{conversation}/messages", json={"text": said.text}
        )
        acknowledged = time.perf_counter()
        message_id = answer.raise_for_status().json()["message"]["id"]
        steps = self._ended(conversation, message_id)
        total = 1_000 * (time.perf_counter() - filtered)
        filter_ms = 1_000 * (filtered - began)
        self.times["filter"].append(filter_ms)
        self.times["store"].append(1_000 * (acknowledged - filtered) - filter_ms)
        self.times["total"].append(total)
        self.times[f"total {said.route}"].append(total)
        for name, milliseconds in steps.items():
            self.times[name].append(milliseconds)
        return total

    def _ended(self, conversation: str, message_id: str) -> dict[str, float]:
        with self._parts.database.read() as session:
            found = ConversationRepository(session).find_turn_of_message(message_id)
        if found is None:
            raise RuntimeError("an acknowledged message has no turn")
        ended = wait_for_ending(self._parts, conversation, found.id, timeout=60)
        if ended is None:
            raise RuntimeError("a turn did not end in a minute")
        while found.id not in self._concluded:  # the commit woke us before the clock was read
            time.sleep(0.0005)
        steps = {step["step"]: float(step["milliseconds"]) for step in ended.steps}
        return steps | {"conclude": self._concluded.pop(found.id)}

    def forget(self) -> None:
        """Drop what was measured while everything warmed up."""
        self.times.clear()


def main(messages: int = MESSAGES, database: str | None = None) -> Figures:
    """p50 and p99 milliseconds by stage; with PostgreSQL its ratio to SQLite, too."""
    says = choose_messages(messages)
    figures: Figures = {}
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(StringIO()))  # codes sent to demo phones
        concluded = stack.enter_context(_timed_conclusions())
        services = {
            name: stack.enter_context(_service(url, concluded))
            for name, url in _databases(stack, database)
        }
        for measured in services.values():
            _talk(measured, says[:WARM_UP])
            measured.forget()
        ratios = _rounds(services, says)
    for name, measured in services.items():
        figures |= {
            f"{name} {stage}": spread(measured.times[stage])
            for stage in (*STAGES, *sorted(key for key in measured.times if " " in key))
            if len(measured.times[stage]) > 1
        }
    if ratios:
        figures["postgresql / sqlite, total"] = asdict(ratio_of(ratios))
    return figures


def choose_messages(count: int) -> list[Said]:
    """Our own utterances, as many of each route, both languages, shuffled."""
    taxonomy = load_taxonomy()
    by_route: dict[str, list[str]] = defaultdict(list)
    for utterance in load_utterances():
        if utterance.intent is not None:
            by_route[taxonomy.get(utterance.intent).route.value].append(utterance.text)
    chance = random.Random(SEED)  # noqa: S311 - the same messages in every run
    each = -(-count // len(by_route))
    said = [
        Said(text, route)
        for route, texts in sorted(by_route.items())
        for text in chance.sample(texts, each)
    ]
    chance.shuffle(said)
    return said[:count]


def _rounds(services: Mapping[str, Measured], says: Sequence[Said]) -> list[float]:
    """Each round says the same to every service, in turn; ratios of the rounds' mean totals."""
    size = max(1, len(says) // ROUNDS)
    ratios = []
    for start in range(0, len(says), size):
        part = says[start : start + size]
        totals = {name: _talk(measured, part) for name, measured in services.items()}
        if "postgresql" in totals:
            ratios.append(totals["postgresql"] / totals["sqlite"])
    return ratios


def _talk(measured: Measured, says: Sequence[Said]) -> float:
    return mean(measured.say(said, number) for number, said in enumerate(says))


def _databases(stack: ExitStack, postgresql: str | None) -> Iterator[tuple[str, str | None]]:
    yield "sqlite", None
    url = postgresql or os.environ.get("TEST_DATABASE_URL")
    if url is not None:
        yield "postgresql", stack.enter_context(_temporary_database(url))


@contextmanager
def _temporary_database(url: str) -> Iterator[str]:
    """A database of its own on the given server, dropped at the end."""
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    name = f"bench_{uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield sa.make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _service(url: str | None, concluded: dict[str, float]) -> Iterator[Measured]:
    """A service in a temporary folder; the checkout's intent model is used where it is current."""
    with TemporaryDirectory(prefix="switchboard-bench-") as folder, ExitStack() as stack:
        var = Path(folder)
        if (ROOT / "var" / "models").is_dir():
            shutil.copytree(ROOT / "var" / "models", var / "models")
        settings = settings_in(var, url or f"sqlite:///{var}/bench.db")
        encoders = prepare(settings)
        app = create_app(settings, build=partial(assemble, encoders=encoders))
        address = stack.enter_context(_listening(app))
        key = json.loads((var / "credentials.json").read_text(encoding="utf-8"))["crm_api_key"]
        client = stack.enter_context(
            httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=60)
        )
        yield Measured(app.state.parts, client, concluded)


@contextmanager
def _timed_conclusions() -> Iterator[dict[str, float]]:
    """Time the writing transaction of every turn: it is the one stage that records no step."""
    took: dict[str, float] = {}

    def timed(parts: Parts, run: Any, context: TurnContext, *others: Any) -> None:  # noqa: ANN401
        began = time.perf_counter()
        conclude(parts, run, context, *others)
        took[context.turn_id] = 1_000 * (time.perf_counter() - began)

    with patch("app.dialogue.turn.conclude", timed):
        yield took


@contextmanager
def _listening(app: FastAPI) -> Iterator[str]:
    """Serve on a free port in a thread."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def settings_in(var: Path, url: str) -> Settings:
    """The defaults, in a folder and a database of their own, without limits on who asks."""
    limits = {name: UNLIMITED for name in SecuritySettings.model_fields if "per_minute" in name}
    return Settings(
        _env_file=None,
        environment="test",
        var=var,
        database=DatabaseSettings(url=url),
        banking=BankingSettings(demo_url=f"sqlite:///{var}/bank.db"),
        security=SecuritySettings.model_validate(limits),
    )
