"""Guards over the source tree: sizes, drift, and rules that ruff cannot know."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from app.config import Settings
from scripts.generate import ENV_EXAMPLE, PAGES, REFERENCE, env_descriptions, env_names

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("app", "routing", "knowledge_base", "models", "migrations", "benchmarks", "scripts")
LONGEST_MODULE = 300
LARGEST_FILE = 500 * 1024
MAY_COMMIT = {
    "app/db/session.py",
    "app/jobs/runner.py",
    "app/banking/demo_client.py",  # its own database: it plays the bank, which is another system
}
BUILT_WEB = re.compile(r"^web/(dist|node_modules)/")
WEIGHTS = re.compile(r"\.(safetensors|pt|pth|bin|onnx|faiss|index|pkl|joblib|npz|db|sqlite3?)$")
DEFAULT_GENERATOR = re.compile(r"^models/decoder/default/.*\.safetensors$")  # ADR 10, at most 8 MB


def modules(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        yield from sorted((ROOT / room).rglob("*.py"))


def tracked_files() -> list[str]:
    """What git would carry: tracked, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git working tree")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_module_is_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules(*ROOMS)
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_git_carries_no_large_file() -> None:
    large = [
        name
        for name in tracked_files()
        if (ROOT / name).stat().st_size > LARGEST_FILE and not DEFAULT_GENERATOR.match(name)
    ]
    assert large == []


def test_git_carries_nothing_that_is_built() -> None:
    built = [name for name in tracked_files() if BUILT_WEB.match(name) or WEIGHTS.search(name)]
    assert [name for name in built if not DEFAULT_GENERATOR.match(name)] == []


def test_only_the_session_and_the_job_runner_commit() -> None:
    committing = {
        path.relative_to(ROOT).as_posix()
        for path in modules("app")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    assert committing <= MAY_COMMIT


def test_nothing_is_pickled() -> None:
    unsafe = {"pickle", "cPickle", "dill", "joblib", "shelve"}
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules(*ROOMS)
        for name in imported_modules(path)
        if name.partition(".")[0] in unsafe
    ]
    assert found == []


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_every_setting_is_in_env_example() -> None:
    listed = set(re.findall(r"^#(SWITCHBOARD_\w+)=", ENV_EXAMPLE.read_text(), re.MULTILINE))
    compose_only = {"SWITCHBOARD_PUBLISH", "SWITCHBOARD_DOMAIN"}
    assert listed - compose_only == {name for name, _ in env_names(Settings)}


def test_every_setting_is_described() -> None:
    described = env_descriptions()
    assert [name for name, _ in env_names(Settings) if not described.get(name)] == []


def test_env_example_shows_the_defaults() -> None:
    pairs = dict(re.findall(r"^#(SWITCHBOARD_\w+)=(.*)$", ENV_EXAMPLE.read_text(), re.MULTILINE))
    defaults = {
        name: str(field.default)
        for name, field in env_names(Settings)
        if isinstance(field.default, str | int | float | Path)
    }
    assert {name: pairs[name] for name in defaults} == defaults


@pytest.mark.parametrize("name", PAGES)
def test_reference_page_is_up_to_date(name: str) -> None:
    page = REFERENCE / name
    assert page.is_file(), "run `make generate`"
    assert page.read_text(encoding="utf-8") == PAGES[name]() + "\n", "run `make generate`"


def test_migrations_have_one_head() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


def test_every_dependency_is_justified() -> None:
    page = (ROOT / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    head = pyproject.partition("[project.scripts]")[0]
    names = set(re.findall(r'^\s*"([a-zA-Z0-9_-]+)(?:\[[a-z]+\])?\s*[<>=~"]', head, re.MULTILINE))
    assert {name for name in names if f"`{name}`" not in page} == set()


def test_constraints_pin_exact_versions() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert "torch==2.13.0" in pins
