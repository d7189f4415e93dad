"""A service whose base utterances are a small file, and people of every role."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.config import LabelSettings
from tests.fixtures.service import Service

BASE = (
    ("I want to freeze my card", "card_freeze", "en"),
    ("please freeze the card right now", "card_freeze", "en"),
    ("I lost my card on the train", "card_lost", "en"),
    ("where is my lost card", "card_lost", "en"),
    ("我的卡丢了", "card_lost", "zh"),
    ("请冻结我的卡", "card_freeze", "zh"),
)


@pytest.fixture
def base_file(tmp_path: Path) -> Path:
    path = tmp_path / "base.jsonl"
    rows = [json.dumps({"text": t, "intent": i, "language": lang}) for t, i, lang in BASE]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def service(database_url: str, serve: Callable[..., Service], base_file: Path) -> Service:
    return serve(database_url, labels=LabelSettings(base=base_file, offer_after=2))
