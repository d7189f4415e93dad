"""A service on real checkpoints of a small encoder: one live, one as good, one that is worse."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.config import GateSettings, RoutingSettings
from app.intent_models.room import ModelRoom
from app.main import create_app
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from tests.fixtures.callers import Api, crm_api, staff_api, widget_api
from tests.fixtures.intent_models import Versions, assemble_small
from tests.fixtures.service import Service, build_settings, prepare_service


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


@pytest.fixture
def open_desk(
    tmp_path: Path, trained_models: tuple[Path, Versions], small_golden: Path
) -> Iterator[Callable[..., Desk]]:
    """Start a service on a database; what is promoted is the version `live`."""
    clients: list[TestClient] = []
    root, versions = trained_models

    def start(url: str, **routing: Any) -> Desk:
        settings = build_settings(
            tmp_path / "var",
            url,
            gate=GateSettings(golden=small_golden, min_macro_f1=0.7, max_ece=0.5),
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
