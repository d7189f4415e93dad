"""The commands: the same acts as the doors, one clear line where something is wrong."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.main import main
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from tests.fixtures.intent_models import Versions

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def registry(tmp_path: Path, trained_models: tuple[Path, Versions]) -> ModelRegistry:
    root, versions = trained_models
    made = ModelRegistry(tmp_path / "models")
    shutil.copytree(root, made.root)
    made.promote(KIND, versions.equal)
    made.promote(KIND, versions.live)
    return made


@pytest.fixture
def run(
    registry: ModelRegistry,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """`switchboard …` in this process: its exit code and what it printed."""
    monkeypatch.setenv("SWITCHBOARD_VAR", str(tmp_path))
    monkeypatch.setenv("SWITCHBOARD_DATABASE__URL", sqlite_url)
    monkeypatch.setenv("COLUMNS", "200")

    def command(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["switchboard", *words])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return command


def test_list_marks_the_live_one(run: Run, trained_models: tuple[Path, Versions]) -> None:
    code, printed = run("models", "list")
    assert code == 0
    marked = [line for line in printed.splitlines() if "live" in line]
    assert [trained_models[1].live in line for line in marked] == [True]


def test_rollback_shadow_and_diff(
    run: Run, registry: ModelRegistry, trained_models: tuple[Path, Versions]
) -> None:
    versions = trained_models[1]
    assert run("models", "diff")[0] == 2
    assert run("models", "shadow", versions.worse)[0] == 0
    assert registry.find_shadow(KIND) == versions.worse
    code, printed = run("models", "diff")
    assert code == 0
    assert f"{versions.worse} beside {versions.live}: 0 decisions" in printed
    assert run("models", "shadow", "--off")[0] == 0
    assert registry.find_shadow(KIND) is None

    code, printed = run("models", "rollback", "--reason", "Handoffs doubled.")
    assert (code, registry.live(KIND).name) == (0, versions.equal)
    assert "is live" in printed
    code, printed = run("models", "rollback")
    assert code == 2
    assert "no earlier intent model" in printed


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("promote", "intent-nothing"), "There is no intent model"),
        (("promote", "intent-nothing", "--force"), "--force needs --reason"),
        (("shadow",), "name a version, or --off"),
        (("examine", "intent-nothing"), "There is no intent model"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    run: Run, registry: ModelRegistry, words: tuple[str, ...], line: str
) -> None:
    before = registry.live(KIND)
    code, printed = run("models", *words)
    assert code == 2
    assert line in printed
    assert registry.live(KIND) == before


def test_a_checkpoint_of_another_encoder_is_not_promoted(
    run: Run, registry: ModelRegistry, trained_models: tuple[Path, Versions]
) -> None:
    versions = trained_models[1]
    code, printed = run("models", "promote", versions.worse, "--force", "--reason", "Try.")
    assert code == 2
    assert "encoder" in printed
    assert registry.live(KIND).name == versions.live
