"""Our service and the rival's, each a real uvicorn process on a free port."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from app.cli.preparing import ROOT, prepare
from app.config import SecuritySettings, Settings, load_settings
from benchmarks.message_path import UNLIMITED, settings_in
from benchmarks.rivals.environment import rival_python
from models.encoder_files import find_weights

RIVALS = ROOT / "benchmarks" / "rivals"
START_SECONDS = 180.0  # the rival encodes every utterance first
STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Served:
    """Where a service listens and how it is asked."""

    port: int
    path: str
    ready: Mapping[str, Any]  # what it said when it was
    headers: dict[str, str] = field(default_factory=dict)
    database: str = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def our_service(folder: Path) -> Iterator[Served]:
    """`switchboard serve` in a folder and a SQLite file of its own, asked with the CRM's key.

    The model of this installation serves where it is current; else one is trained first.
    """
    var = folder / "var"
    models = load_settings().var / "models"
    if models.is_dir():
        shutil.copytree(models, var / "models")
    settings = settings_in(var, f"sqlite:///{var}/bench.db")
    prepare(settings)
    key = json.loads((var / "credentials.json").read_text(encoding="utf-8"))["crm_api_key"]
    port = _free_port()
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    with _running(command, ROOT, _environment(settings), port) as ready:
        yield Served(
            port, "/v1/route", ready, {"Authorization": f"Bearer {key}"}, settings.database.url
        )


@contextmanager
def rival_service(folder: Path, routes: Mapping[str, Sequence[str]]) -> Iterator[Served]:
    """semantic-router with these utterances, offline, with the encoder's weights from our wheel."""
    # from its own folder a relative path would lead elsewhere
    python = rival_python(
        load_settings().var.resolve() / "rivals" / "semantic-router", "semantic_router"
    )
    job = folder / "rival.json"
    job.write_text(json.dumps({"encoder": str(find_weights(None)), "routes": routes}))
    port = _free_port()
    command = [str(python), "-m", "uvicorn", "semantic_router_app:app", "--port", str(port)]
    command += ["--no-access-log", "--log-level", "warning"]
    variables = {"RIVAL_JOB": str(job), "HF_HUB_OFFLINE": "1"}
    with _running(command, RIVALS, variables, port) as ready:
        yield Served(port, "/route", ready)


def _environment(settings: Settings) -> dict[str, str]:
    """The settings of `settings_in` as variables, for a process of its own."""
    unlimited = [name for name in SecuritySettings.model_fields if "per_minute" in name]
    return {
        "SWITCHBOARD_ENVIRONMENT": settings.environment,
        "SWITCHBOARD_VAR": str(settings.var),
        "SWITCHBOARD_DATABASE__URL": settings.database.url,
        "SWITCHBOARD_BANKING__DEMO_URL": settings.banking.demo_url,
        **{f"SWITCHBOARD_SECURITY__{name.upper()}": str(UNLIMITED) for name in unlimited},
    }


@contextmanager
def _running(
    command: Sequence[str], cwd: Path, variables: Mapping[str, str], port: int
) -> Iterator[Mapping[str, Any]]:
    """A child process from its readiness to its end; what it says is shown only if it fails."""
    with subprocess.Popen(  # noqa: S603 - our own arguments
        command, cwd=cwd, env={**os.environ, **variables}, stdout=subprocess.DEVNULL
    ) as process:
        try:
            yield _wait(process, port)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(process: subprocess.Popen[bytes], port: int) -> Mapping[str, Any]:
    """What it answers once it is ready."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        try:
            answer = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5)
        except httpx.TransportError:
            time.sleep(0.2)
            continue
        if answer.is_success:
            found: Mapping[str, Any] = answer.json()
            return found
        time.sleep(0.2)
    raise RuntimeError(f"{process.args!r} was not ready in {START_SECONDS:.0f} s")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
