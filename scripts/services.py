"""Finds or starts PostgreSQL and Redis, runs a command with their addresses, stops what it started.

    .venv/bin/python -m scripts.services -- make check

PostgreSQL: the server in TEST_DATABASE_URL, else localhost, else a private one from installed
binaries, else docker compose; always a fresh database of our own, dropped at the end. Redis:
TEST_REDIS_URL, else a private one (a database number does not separate pub/sub), else an empty
number on localhost, else docker compose. What cannot be had is named in TEST_MISSING; with CI=true
that is a failure.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import redis
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from scripts.setup import find_browser

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = ROOT / "deploy" / "test-services.yml"
LOCAL_POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
REDIS_NUMBERS = range(9, 16)
START_SECONDS = 30.0
DATABASE_NAME = f"switchboard_test_{os.getpid()}"

Starter = Callable[[ExitStack], str | None]


def main() -> int:
    command = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]
    if not command:
        print(__doc__)
        return 2
    with ExitStack() as stack:
        found = {
            "TEST_DATABASE_URL": first_of(POSTGRES_STARTERS, stack),
            "TEST_REDIS_URL": first_of(REDIS_STARTERS, stack),
            "TEST_CHROMIUM": find_browser(),
        }
        missing = [REASONS[name] for name, value in found.items() if value is None]
        for sentence in missing:
            print(f"! {sentence}", flush=True)
        if missing and os.environ.get("CI") == "true":
            print("✗ CI=true: what is missing is a failure.", file=sys.stderr)
            return 1
        present = {name: value for name, value in found.items() if value is not None}
        code = run_child(command, {**present, "TEST_MISSING": "\n".join(missing)})
        for sentence in missing:
            print(f"! {sentence}", flush=True)
        return code


REASONS = {
    "TEST_DATABASE_URL": "PostgreSQL: none reachable, installed or composable; tests skipped.",
    "TEST_REDIS_URL": "Redis: none reachable, installed or composable; tests skipped.",
    "TEST_CHROMIUM": "Chromium: not on PATH; the browser journeys are skipped.",
}


def first_of(starters: Sequence[Starter], stack: ExitStack) -> str | None:
    """The address from the first starter that has one; its clean-up goes on the stack."""
    for starter in starters:
        url = starter(stack)
        if url is not None:
            return url
    return None


def run_child(command: Sequence[str], extra: dict[str, str]) -> int:
    """Run the command; an interrupt reaches it, and we still clean up afterwards."""
    environment = {name: value for name, value in os.environ.items() if name not in REASONS}
    with subprocess.Popen(command, env=environment | extra, cwd=ROOT) as child:
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        try:
            return child.wait()
        except KeyboardInterrupt:
            return child.wait()


# --- PostgreSQL --------------------------------------------------------------------------------


def named_postgres(stack: ExitStack) -> str | None:
    url = os.environ.get("TEST_DATABASE_URL")
    return fresh_database(stack, make_url(url), "TEST_DATABASE_URL") if url else None


def local_postgres(stack: ExitStack) -> str | None:
    return fresh_database(stack, make_url(LOCAL_POSTGRES), "localhost")


def private_postgres(stack: ExitStack) -> str | None:
    """A cluster in a temporary folder; under an ordinary account, for PostgreSQL refuses root."""
    binaries = find_postgres_binaries()
    account = ordinary_account()
    if binaries is None or account is None:
        return None
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="switchboard-postgres-")))
    shutil.chown(folder, account.pw_uid, account.pw_gid)
    port = free_port()
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
    control: list[str | Path] = [binaries / "pg_ctl", "-D", folder / "data", "-l", folder / "log"]
    initdb: list[str | Path] = [binaries / "initdb", "-D", folder / "data", "-U", "postgres"]
    start: list[str | Path] = [*control, "-o", options, "-w", "start"]
    if not all(runs_as(account, line, folder) for line in ([*initdb, "-A", "trust", "-N"], start)):
        return None
    stack.callback(runs_as, account, [*control, "-m", "fast", "-w", "stop"], folder)
    url = make_url(LOCAL_POSTGRES).set(port=port)
    return fresh_database(stack, url, f"private server from {binaries}")


def find_postgres_binaries() -> Path | None:
    """Newest first; Debian keeps them off PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version_of, reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    return next((each for each in folders if (each / "initdb").exists()), None)


def version_of(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def ordinary_account() -> pwd.struct_passwd | None:
    """Ourselves, or for root: postgres, else nobody."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names.get("nobody")


def runs_as(account: pwd.struct_passwd, command: Sequence[str | Path], folder: Path) -> bool:
    """Run a command as that account; True when it succeeded."""
    is_other = account.pw_uid != os.geteuid()
    finished = subprocess.run(
        command,
        cwd=folder,
        user=account.pw_uid if is_other else None,
        group=account.pw_gid if is_other else None,
        extra_groups=[] if is_other else None,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return finished.returncode == 0


def fresh_database(stack: ExitStack, server: URL, origin: str) -> str | None:
    """Create our own database on that server and drop it, and those derived from it, at the end."""
    try:
        with connection(server) as admin:
            statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE_NAME))
            admin.execute(statement)
    except psycopg.Error as error:
        print(f"· PostgreSQL ({origin}): {str(error).splitlines()[0]}", flush=True)
        return None
    stack.callback(drop_databases, server)
    print(f"· PostgreSQL: {origin}, database {DATABASE_NAME}", flush=True)
    return server.set(database=DATABASE_NAME).render_as_string(hide_password=False)


def connection(server: URL) -> psycopg.Connection[tuple[object, ...]]:
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, connect_timeout=3)


def drop_databases(server: URL) -> None:
    """Our database and the copies that parallel test workers made of it."""
    with connection(server) as admin:
        query = "SELECT datname FROM pg_database WHERE datname = %s OR datname LIKE %s"
        pattern = DATABASE_NAME.replace("_", r"\_") + r"\_%"
        for (name,) in admin.execute(query, (DATABASE_NAME, pattern)).fetchall():
            statement = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(name)))
            admin.execute(statement)


# --- Redis -------------------------------------------------------------------------------------


def named_redis(_: ExitStack) -> str | None:
    url = os.environ.get("TEST_REDIS_URL")
    return url if url and answers_redis(url) else None


def private_redis(stack: ExitStack) -> str | None:
    """A server of our own: tests may empty, stop and restart it."""
    binary = shutil.which("redis-server")
    if binary is None:
        return None
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="switchboard-redis-"))
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
    stack.enter_context(background([binary, *options, "--maxmemory-policy", "noeviction"]))
    url = f"redis://127.0.0.1:{port}/0"
    if not wait_until(lambda: answers_redis(url)):
        return None
    print(f"· Redis: private server on port {port}", flush=True)
    return url


def local_redis(stack: ExitStack) -> str | None:
    """An empty database number of the server on localhost; emptied again at the end."""
    for number in REDIS_NUMBERS:
        url = f"redis://127.0.0.1:6379/{number}"
        if not answers_redis(url):
            return None
        client = stack.enter_context(redis.Redis.from_url(url))
        if client.dbsize() == 0:
            stack.callback(client.flushdb)
            print(f"· Redis: localhost, database {number}", flush=True)
            return url
    return None


def answers_redis(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


# --- docker compose, and small tools -----------------------------------------------------------


def compose_address(stack: ExitStack, service: str, port: int) -> str | None:
    """host:port of one service from deploy/test-services.yml, started for this run."""
    compose = ["docker", "compose", "-p", f"{DATABASE_NAME}_{service}", "-f", str(COMPOSE)]
    if shutil.which("docker") is None or output_of(["docker", "compose", "version"]) is None:
        return None
    stack.callback(output_of, [*compose, "down", "--volumes"])
    if output_of([*compose, "up", "--detach", "--wait", service]) is None:
        return None
    address = output_of([*compose, "port", service, str(port)])
    return address.strip() if address else None


def compose_postgres(stack: ExitStack) -> str | None:
    address = compose_address(stack, "postgres", 5432)
    url = make_url(f"postgresql+psycopg://postgres:test@{address}/postgres") if address else None
    return fresh_database(stack, url, "docker compose") if url else None


def compose_redis(stack: ExitStack) -> str | None:
    address = compose_address(stack, "redis", 6379)
    return f"redis://{address}/0" if address else None


def output_of(command: Sequence[str]) -> str | None:
    """Standard output, or None when the command failed."""
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    return finished.stdout if finished.returncode == 0 else None


@contextmanager
def background(command: Sequence[str]) -> Iterator[None]:
    """A silent process that ends with us."""
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            yield
        finally:
            process.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


POSTGRES_STARTERS = (named_postgres, local_postgres, private_postgres, compose_postgres)
REDIS_STARTERS = (named_redis, private_redis, local_redis, compose_redis)

if __name__ == "__main__":
    raise SystemExit(main())
