"""Training runs end in a state that a person sees, whatever happens to the child."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.config import LabelSettings
from app.db.audit import AuditEventRecord
from app.labels.trainer import Trainer, TrainingEnded, TrainingRefused
from routing.dataset import LabelledUtterance
from tests.fixtures.callers import Api, staff_api
from tests.fixtures.expectations import eventually
from tests.fixtures.service import Service
from tests.fixtures.shared import GENEROUS

ROWS = [LabelledUtterance("freeze my card", "card_freeze", "en")]
ENDED = ("ready", "refused", "failed")


def figures(accuracy: float) -> dict[str, Any]:
    return {
        "rows": 100,
        "accuracy": accuracy,
        "answered": 0.9,
        "answered_right": 0.95,
        "out_of_scope": 0,
        "refused": None,
    }


def report(*, won: int, lost: int, p_worse: float) -> dict[str, Any]:
    paired = {"rows": 100, "won": won, "lost": lost, "p_worse": p_worse, "p_better": 0.5}
    part = {"before": figures(0.9), "after": figures(0.9), "paired": paired}
    return {
        "version": "20261128-1a2b3c4d",
        "live_not_measured": None,
        "sets": {"evaluation": {"all": part}},
    }


@pytest.fixture
def service(sqlite_url: str, serve: Callable[..., Service], base_file: Path) -> Service:
    return serve(sqlite_url, labels=LabelSettings(base=base_file), security=GENEROUS)


@pytest.fixture
def admin(service: Service) -> Api:
    return staff_api(service, "admin")


def carry_out(admin: Api) -> dict[str, Any]:
    run_id = admin.post("/v1/labels/retrain", {"seed": 3}).json()["id"]

    def ended() -> dict[str, Any] | None:
        run: dict[str, Any] = admin.get(f"/v1/labels/runs/{run_id}").json()
        return run if run["state"] in ENDED else None

    return eventually(ended, seconds=60)


def test_a_better_model_is_ready(
    service: Service, admin: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trainer, "train", lambda *_, **__: report(won=4, lost=1, p_worse=0.97))
    run = carry_out(admin)
    assert (run["state"], run["version"], run["seed"]) == ("ready", "20261128-1a2b3c4d", 3)
    assert run["reason"] is None
    assert run["data"]["base_rows"] == 6
    (listed,) = admin.get("/v1/labels/runs").json()["items"]
    assert listed == run


def test_a_worse_model_is_refused_with_the_reason(
    service: Service, admin: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trainer, "train", lambda *_, **__: report(won=1, lost=12, p_worse=0.002))
    run = carry_out(admin)
    assert run["state"] == "refused"
    assert "12 lost, 1 won of 100" in run["reason"]
    assert run["report"]["sets"]["evaluation"]["all"]["paired"]["lost"] == 12
    with service.parts.database.read() as session:
        event = session.scalars(
            select(AuditEventRecord).where(AuditEventRecord.action == "labels.retrained")
        ).one()
    assert event.subject == run["id"]
    assert b'"outcome":"failure"' in event.payload


def test_attempts_that_break_off_end_in_a_failed_run(
    service: Service, admin: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[int] = []

    def break_off(*_: object, **__: object) -> None:
        attempts.append(1)
        raise RuntimeError("training ended with code -9")

    monkeypatch.setattr(Trainer, "train", break_off)
    run = carry_out(admin)
    assert run["state"] == "failed"
    assert "broke off" in run["reason"]
    assert len(attempts) == 3
    assert admin.post("/v1/labels/retrain", {}).status_code == 202  # another may be asked for


def train(trainer: Trainer, folder: Path) -> dict[str, Any]:
    return trainer.train(
        ROWS,
        [],
        output=folder / "models",
        evaluation=None,
        live=None,
        seed=0,
        on_progress=lambda _step, _share: None,
    )


def test_a_training_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    trainer = Trainer(tmp_path / "run", minutes=0.002)
    with pytest.raises(TrainingRefused, match="took longer"):
        train(trainer, tmp_path)
    assert not (tmp_path / "run").exists()  # the customers' words are gone


def test_a_training_stops_with_its_process(tmp_path: Path) -> None:
    trainer = Trainer(tmp_path / "run", minutes=5)

    def stop() -> None:
        eventually(lambda: trainer._process, seconds=10)
        Trainer.stop_all()

    stopping = threading.Thread(target=stop)
    stopping.start()
    with pytest.raises(TrainingEnded):
        train(trainer, tmp_path)
    stopping.join()


def test_a_killed_child_is_an_attempt_that_failed(tmp_path: Path) -> None:
    trainer = Trainer(tmp_path / "run", minutes=5)

    def kill() -> None:
        process = eventually(lambda: trainer._process, seconds=10)
        os.kill(process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(RuntimeError, match="code -9"):
        train(trainer, tmp_path)
    killer.join()
    assert not (tmp_path / "run").exists()
