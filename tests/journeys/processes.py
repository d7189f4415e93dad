"""Real processes for journeys: a service that can be killed and started again, a private Redis."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import redis

from tests.fixtures.databases import ROOT, skip_or_fail

START_SECONDS = 90.0


class Forge:
    """Forks service processes from one that has imported everything."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fixtures.service_process"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == "ready"

    def fork(self, order: dict[str, Any]) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


class ServiceProcess:
    """One address; the process behind it comes and goes."""

    def __init__(self, forge: Forge, var: Path, database_url: str, **changes: Any) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = var / "service.log"
        self._forge = forge
        self._order = {
            "var": str(var),
            "database_url": database_url,
            "changes": changes,
            "port": self.port,
            "log": str(self.log),
        }
        self._pid: int | None = None

    def start(self) -> None:
        """Fork, and return when it answers."""
        self._pid = self._forge.fork(self._order)
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            assert is_alive(self._pid), self.log.read_text(errors="replace")[-4000:]
            assert time.monotonic() < deadline, "the service was not ready in time"
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL, at whatever line it is."""
        if self._pid is None:
            return
        os.kill(self._pid, signal.SIGKILL)
        while is_alive(self._pid):
            time.sleep(0.005)
        self._pid = None

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False


class PrivateRedis:
    """A redis-server of this test alone, without persistence."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            skip_or_fail("no redis-server on PATH")
        self._process = subprocess.Popen(
            [str(program), "--port", str(self.port), "--save", "", "--appendonly", "no"],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        with self.client() as client:
            while not _answers(client):
                assert time.monotonic() < deadline, "redis-server did not answer"
                time.sleep(0.02)

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=5)

    def kill(self) -> None:
        """SIGKILL: everything in it is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def running(process: ServiceProcess | PrivateRedis) -> Iterator[None]:
    """Start it; kill what is left at the end."""
    process.start()
    try:
        yield
    finally:
        process.kill()


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
