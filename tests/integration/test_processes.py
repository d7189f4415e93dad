"""The commands and environment of docker-compose.yml, started as plain processes.

Hosts become the PostgreSQL and Redis of the test run, /data and MinIO's bucket temporary folders.
"""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import redis
import yaml
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.fixtures.databases import skip_or_fail
from tests.fixtures.own_model import lay_own_model

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120.0
STOP_SECONDS = 30.0
PROCESS_REDIS_NUMBER = "15"  # the other tests of this run use the number in TEST_REDIS_URL

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass(frozen=True, slots=True)
class Installation:
    """docker-compose.yml with its values filled in for this machine."""

    services: dict[str, Any]
    folder: Path
    address: str
    replacements: dict[str, str]
    variables: dict[str, str]

    def environment_of(self, name: str) -> dict[str, str]:
        """What the container would see, with local addresses, and nothing of ours but PATH."""
        declared = self.services[name]["environment"]
        filled = {key: self._fill(key, value) for key, value in declared.items()}
        present = {key: value for key, value in filled.items() if value is not None}
        outside = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(self.folder)}
        return outside | present | {"OMP_NUM_THREADS": "1"}

    def _fill(self, key: str, value: str | None) -> str | None:
        if key in self.replacements:
            return self.replacements[key]
        if value is None:  # `KEY:` hands a variable on where it is set
            return self.variables.get(key)
        return interpolate(value, self.variables).replace("/data", str(self.folder))

    def run(self, name: str, *, command: list[str] | None = None, **extra: str) -> None:
        """Run a one-shot service to its end."""
        finished = subprocess.run(
            command or self.services[name]["command"],
            cwd=ROOT,
            env=self.environment_of(name) | extra,
            capture_output=True,
            text=True,
            timeout=START_SECONDS * 2,
            check=False,
        )
        assert finished.returncode == 0, (
            f"{name}: {finished.stdout[-2000:]}{finished.stderr[-4000:]}"
        )

    @contextmanager
    def running(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        """A long-running service; stopped by its own pid as `docker stop` would."""
        log = self.folder / f"{name}.log"
        with log.open("wb") as output:
            command, environment = self.services[name]["command"], self.environment_of(name)
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=output, stderr=output
            )
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        sys.stdout.write(f"--- {name}\n{log.read_text(errors='replace')[-4000:]}\n")


def interpolate(text: str, variables: dict[str, str]) -> str:
    """${NAME:?message}, ${NAME:-default} and $$, as docker compose fills them in."""

    def value(match: re.Match[str]) -> str:
        name, operator, rest = match["name"], match["operator"], match["rest"]
        if variables.get(name):
            return variables[name]
        assert operator == ":-", f"{name} is required: {rest}"
        return str(rest)

    pattern = r"\$\{(?P<name>\w+)(?P<operator>:[-?])(?P<rest>[^}]*)\}"
    return re.sub(pattern, value, text).replace("$$", "$")


@pytest.fixture
def database() -> Iterator[URL]:
    """A database of its own on the server of this test run."""
    if not (url := os.environ.get("TEST_DATABASE_URL")):
        skip_or_fail("no PostgreSQL: TEST_DATABASE_URL is not set")
        return
    base = make_url(url)
    name = f"{base.database}_processes_{os.getpid()}"
    identifier = sql.Identifier(name)
    administer(base, sql.SQL("CREATE DATABASE {}").format(identifier))
    yield base.set(database=name)
    administer(base, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


def administer(server: URL, statement: sql.Composed) -> None:
    """One statement outside every database under test: an open connection would block its copy."""
    plain = server.set(drivername="postgresql", database="postgres")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(statement)


@pytest.fixture
def broker() -> Iterator[str]:
    """A Redis number of its own, emptied at the end."""
    if not (url := os.environ.get("TEST_REDIS_URL")):
        skip_or_fail("no Redis: TEST_REDIS_URL is not set")
        return
    number = make_url(url).set(database=PROCESS_REDIS_NUMBER)
    own = number.render_as_string(hide_password=False)
    yield own
    with redis.Redis.from_url(own) as client:
        client.flushdb()


@pytest.fixture
def installation(database: URL, broker: str, tmp_path: Path) -> Installation:
    port = free_port()
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    names = re.findall(r"\$\{(\w+):\?", json.dumps(compose))
    return Installation(
        services=compose["services"],
        folder=tmp_path,
        address=f"http://127.0.0.1:{port}",
        replacements={
            "SWITCHBOARD_DATABASE__URL": database.render_as_string(hide_password=False),
            "SWITCHBOARD_REDIS__URL": broker,
            "SWITCHBOARD_FILES": str(tmp_path / "files"),
            "SWITCHBOARD_HOST": "127.0.0.1",
            "SWITCHBOARD_PORT": str(port),
        },
        variables={name: secrets.token_hex(24) for name in names},
    )


def test_production_processes_answer_a_customer(
    installation: Installation, own_checkpoint: Path
) -> None:
    lay_own_model(installation.folder, own_checkpoint)  # training takes minutes
    installation.run("migrate")
    installation.run("learn")
    key = integration_key(installation)
    with ExitStack() as stack:
        service = stack.enter_context(installation.running("service"))
        worker = stack.enter_context(installation.running("worker"))
        client = stack.enter_context(
            httpx.Client(
                base_url=installation.address,
                headers={"Authorization": f"Bearer {key}"},
                timeout=30,
            )
        )
        wait_until(lambda: is_ready(client), alive=service)
        body = say(client, "How long does an international transfer take?")
        assert worker.poll() is None
    assert body["message"]["seq"] == 1
    assert body["reply"]["author"] in {"assistant", "system"}
    assert body["reply"]["text"].strip()
    assert service.returncode in {0, -15}
    assert worker.returncode in {0, -15}


def integration_key(installation: Installation) -> str:
    """The demo credentials: `seed` is for development, so it alone runs as development."""
    command = ["switchboard", "seed"]
    installation.run("migrate", command=command, SWITCHBOARD_ENVIRONMENT="development")
    stored = json.loads((installation.folder / "credentials.json").read_text(encoding="utf-8"))
    return str(stored["crm_api_key"])


def say(client: httpx.Client, text: str) -> dict[str, Any]:
    opened = client.post("/v1/conversations", json={"channel": "crm", "locale": "en"})
    assert opened.status_code == 201, opened.text
    answer = client.post(
        f"/v1/conversations/{opened.json()['id']}/messages",
        params={"wait": "reply", "timeout": 20},
        json={"text": text},
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


def wait_until(condition: Callable[[], bool], *, alive: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        assert alive.poll() is None, "the process ended before it was ready"
        assert time.monotonic() < deadline, "not ready in time"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
