"""A service on real checkpoints of a small encoder: one live, one as good, one that is worse."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.assembly import Assembled, assemble
from app.config import GateSettings, RoutingSettings, Settings
from app.intent_models.room import ModelRoom
from app.main import create_app
from models.fakes import HashingEncoder
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from routing.train import train
from tests.fixtures.callers import Api, crm_api, staff_api, widget_api
from tests.fixtures.service import Service, build_settings, prepare_service

ENGLISH = {
    "card_lost": "lost my card number",
    "balance_inquiry": "balance of account number",
    "greeting": "hello good morning number",
}
CHINESE = {"card_lost": "银行卡丢了第", "balance_inquiry": "查询余额第", "greeting": "早上好你好第"}
SWAPPED = {
    "card_lost": "balance_inquiry",
    "balance_inquiry": "greeting",
    "greeting": "card_lost",
}
STOLEN = ("my card was stolen", "我的银行卡被偷了")


@dataclass(frozen=True)
class Versions:
    """Checkpoints by what they are worth."""

    live: str
    equal: str
    worse: str


@dataclass(frozen=True)
class Desk:
    """A running service and those who call it."""

    service: Service
    versions: Versions
    admin: Api
    agent: Api
    crm: Api
    visitor: Api

    @property
    def room(self) -> ModelRoom:
        room: ModelRoom = self.service.parts.models
        return room

    def live(self) -> str:
        live: str = self.admin.get("/v1/models").json()["live"]
        return live

    def audited(self, action: str) -> list[dict[str, Any]]:
        found = self.admin.get(f"/v1/audit/events?action={action}").json()["items"]
        return [event for event in found if event["action"] == action]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Versions]:
    """A registry's folder with three versions, none promoted."""
    root = tmp_path_factory.mktemp("models")
    data = tmp_path_factory.mktemp("data")

    def fit(name: str, rename: dict[str, str], rows: int) -> str:
        path = data / f"{name}.csv"
        lines = [
            f"{text} {number},{rename.get(intent, intent)}"
            for texts in (ENGLISH, CHINESE)
            for intent, text in texts.items()
            for number in range(rows)
        ]
        lines += [f"weather tomorrow {number},oos" for number in range(10)]
        path.write_text("text,label\n" + "\n".join(lines), encoding="utf-8")
        return train(path, root / KIND, encoder=HashingEncoder()).name

    return root, Versions(fit("live", {}, 15), fit("equal", {}, 17), fit("worse", SWAPPED, 15))


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """Twenty utterances for each intent and language, and a stolen card."""
    folder = tmp_path / "golden"
    folder.mkdir()
    for language, texts, stolen in (("en", ENGLISH, STOLEN[0]), ("zh", CHINESE, STOLEN[1])):
        rows = [
            f'{{"text": "{text} {number}", "intent": "{intent}"}}'
            for intent, text in texts.items()
            for number in range(100, 120)
        ]
        rows.append(f'{{"text": "{stolen}", "intent": "card_stolen"}}')
        (folder / f"golden.{language}.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return folder


@pytest.fixture
def open_desk(
    tmp_path: Path, trained: tuple[Path, Versions], golden: Path
) -> Iterator[Callable[..., Desk]]:
    """Start a service on a database; what is promoted is the version `live`."""
    clients: list[TestClient] = []
    root, versions = trained

    def start(url: str, **routing: Any) -> Desk:
        settings = build_settings(
            tmp_path / "var",
            url,
            gate=GateSettings(golden=golden, min_macro_f1=0.7, max_ece=0.5),
            routing=RoutingSettings(**({"check_seconds": 0.05} | routing)),
        )
        credentials = prepare_service(settings)
        shutil.copytree(root, settings.var / "models", dirs_exist_ok=True)
        ModelRegistry(settings.var / "models").promote(KIND, versions.live)
        app = create_app(settings, build=assemble_small)
        client = TestClient(app, raise_server_exceptions=False, base_url="https://testserver")
        client.__enter__()
        clients.append(client)
        service = Service(client, app.state.parts, settings, credentials)
        return Desk(
            service,
            versions,
            staff_api(service, "admin"),
            staff_api(service, "agent"),
            crm_api(service),
            widget_api(service),
        )

    yield start
    for client in clients:
        client.__exit__(None, None, None)


def assemble_small(settings: Settings) -> Assembled:
    return assemble(settings, encoder=HashingEncoder())


@pytest.fixture
def desk(database_url: str, open_desk: Callable[..., Desk]) -> Desk:
    """On SQLite and, in a second run of the test, on PostgreSQL."""
    return open_desk(database_url)


@pytest.fixture
def sqlite_desk(sqlite_url: str, open_desk: Callable[..., Desk]) -> Desk:
    """For tests where the database does not matter."""
    return open_desk(sqlite_url)


@pytest.fixture
def slow_desk(sqlite_url: str, open_desk: Callable[..., Desk]) -> Callable[..., Desk]:
    """A service with routing settings of the test's choice."""
    return partial(open_desk, sqlite_url)
