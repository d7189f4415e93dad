"""Promise 1: an acknowledged message is stored once and gets one ending, whatever is killed.

SWITCHBOARD_TEST_FAULTS sets how many faults each story has (10); SWITCHBOARD_TEST_SEED their times.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.fixtures.service import build_settings, prepare_service
from tests.journeys.processes import Forge, PrivateRedis, ServiceProcess, running
from tests.journeys.talkers import Diary, Talker, broken_promises, unended

FAULTS = int(os.environ.get("SWITCHBOARD_TEST_FAULTS", "10"))
SEED = int(os.environ.get("SWITCHBOARD_TEST_SEED", "20261123"))
CONVERSATIONS = 5
TALKERS = 3
ENDING_SECONDS = 40.0  # after the last fault; the lease in these tests is 3 s
CHANGES: dict[str, Any] = {
    "jobs": {"sweep_seconds": 0.2, "turn_threads": 4, "lease_seconds": 3.0},
    "security": dict.fromkeys(
        ("integration_limit_per_minute", "message_limit_per_minute"), 1_000_000
    ),
}
KIND_OF_CALM = {202, 503}  # stored, or "try again": nothing in between

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(240 + 15 * FAULTS)]
Report = Callable[[str, object], None]


@dataclass
class Story:
    """A service under faults, with clients that keep talking to it."""

    service: ServiceProcess
    database: sa.Engine
    key: str
    diary: Diary = field(default_factory=Diary)
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    def talk_while(self, strike: Callable[[int], None]) -> float:
        """Let clients talk through FAULTS faults; seconds until the last turn had its ending."""
        headers = {"Authorization": f"Bearer {self.key}"}
        with httpx.Client(base_url=self.service.url, headers=headers, timeout=10) as client:
            conversations = [_open(client) for _ in range(CONVERSATIONS)]
        talkers = [
            Talker(number, self.service.url, self.key, conversations, self.diary)
            for number in range(TALKERS)
        ]
        for talker in talkers:
            talker.start()
        for number in range(FAULTS):
            time.sleep(self.chance.uniform(0.05, 0.8))
            strike(number)
        for talker in talkers:
            talker.stop()
        began = time.monotonic()
        while unended(self.database) and time.monotonic() < began + ENDING_SECONDS:
            time.sleep(0.1)
        return time.monotonic() - began

    def check(self, fault: str, seconds: float, report: Report) -> None:
        """All promises hold; the counts and the bound go into the report."""
        wrong = broken_promises(self.database, self.diary)
        n = len(self.diary.acknowledged)
        bound = "" if wrong else f" (95 % upper bound {3 / max(n, 1):.2%} of messages)"
        line = (
            f"{FAULTS} x {fault}: {n} messages acknowledged, {len(wrong)} promises broken{bound}, "
            f"{self.diary.broken_calls} calls cut, last ending after {seconds:.1f} s"
        )
        print(line)
        report(fault, line)
        assert wrong == [], wrong
        assert set(self.diary.statuses) <= KIND_OF_CALM
        assert n >= FAULTS
        assert self._audit_is_whole()

    def _audit_is_whole(self) -> bool:
        answer = httpx.post(
            f"{self.service.url}/v1/audit/verify",
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=60,
        )
        assert answer.status_code == 200, answer.text
        return bool(answer.json()["ok"])


def _open(client: httpx.Client) -> str:
    body = {"channel": "crm", "customer": {"external_id": "cust-1001"}}
    opened = client.post("/v1/conversations", json=body)
    assert opened.status_code == 201, opened.text
    return str(opened.json()["id"])


@pytest.fixture(scope="module")
def forge() -> Iterator[Forge]:
    made = Forge()
    yield made
    made.close()


@pytest.fixture
def tell(forge: Forge, tmp_path: Path) -> Iterator[Callable[..., Story]]:
    """Begin a story on a database; everything is stopped at the end."""
    stack: list[Any] = []

    def begin(url: str, **changes: Any) -> Story:
        var = tmp_path / "var"
        credentials = prepare_service(build_settings(var, url))
        service = ServiceProcess(forge, var, url, **(CHANGES | changes))
        running_service = running(service)
        running_service.__enter__()
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        stack.append(running_service)
        return Story(service, engine, credentials["crm_api_key"])

    yield begin
    for entered in stack:
        entered.__exit__(None, None, None)


def test_killed_service_loses_and_doubles_nothing(
    tell: Callable[..., Story], database_url: str, record_property: Report
) -> None:
    story = tell(database_url)

    def strike(_number: int) -> None:
        story.service.kill()
        story.service.start()

    seconds = story.talk_while(strike)
    kind = sa.make_url(database_url).get_backend_name()
    story.check(f"SIGKILL of the service on {kind}", seconds, record_property)


def test_redis_flushed_cut_off_and_killed_changes_nothing(
    tell: Callable[..., Story], sqlite_url: str, tmp_path: Path, record_property: Report
) -> None:
    server = PrivateRedis(tmp_path)
    with running(server):
        story = tell(sqlite_url, redis={"url": server.url})

        def strike(number: int) -> None:
            if number % 3 == 2:
                server.kill()
                time.sleep(story.chance.uniform(0, 0.5))
                server.start()
                return
            with server.client() as client:
                if number % 3 == 0:
                    client.flushall()
                else:
                    client.execute_command("CLIENT", "KILL", "SKIPME", "yes", "TYPE", "normal")
                    client.execute_command("CLIENT", "KILL", "SKIPME", "yes", "TYPE", "pubsub")

        seconds = story.talk_while(strike)
        story.check("Redis emptied, cut off or killed", seconds, record_property)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_terminated_database_connections_change_nothing(
    tell: Callable[..., Story], database_url: str, record_property: Report
) -> None:
    story = tell(database_url)
    terminate = sa.text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    def strike(_number: int) -> None:
        with story.database.connect() as connection:
            connection.execute(terminate)

    seconds = story.talk_while(strike)
    story.check("PostgreSQL connections terminated", seconds, record_property)
