"""A service whose base utterances are a small file, and people of every role."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.auth.passwords import hash_password
from app.config import LabelSettings
from app.db.people import StaffRecord
from tests.fixtures.callers import Api, staff_api
from tests.fixtures.service import Service

BASE = (
    ("I want to freeze my card", "card_freeze", "en"),
    ("please freeze the card right now", "card_freeze", "en"),
    ("I lost my card on the train", "card_lost", "en"),
    ("where is my lost card", "card_lost", "en"),
    ("我的卡丢了", "card_lost", "zh"),
    ("请冻结我的卡", "card_freeze", "zh"),
)
Hire = Callable[[str, str], Api]


@pytest.fixture
def base_file(tmp_path: Path) -> Path:
    path = tmp_path / "base.jsonl"
    rows = [json.dumps({"text": t, "intent": i, "language": lang}) for t, i, lang in BASE]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def service(database_url: str, serve: Callable[..., Service], base_file: Path) -> Service:
    return serve(database_url, labels=LabelSettings(base=base_file, offer_after=2))


@pytest.fixture
def hire(service: Service) -> Hire:
    """A member of staff with a role, signed in."""

    def person(name: str, role: str) -> Api:
        email, password = f"{name.lower()}@example.com", f"a good password of {name}"
        with service.parts.database.write() as session:
            session.add(
                StaffRecord(
                    email=email, name=name, role=role, password_hash=hash_password(password)
                )
            )
        service.credentials[name] = {"email": email, "password": password}
        return staff_api(service, name)

    return person


@pytest.fixture
def supervisor(hire: Hire) -> Api:
    return hire("Sue", "supervisor")


@pytest.fixture
def editor(hire: Hire) -> Api:
    return hire("Ed", "editor")


@pytest.fixture
def auditor(hire: Hire) -> Api:
    return hire("Aud", "auditor")
