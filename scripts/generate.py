"""Writes the reference pages of docs/ from the code; `--check` fails when a page has drifted.

    python -m scripts.generate [--check]

Prose about settings lives once, in .env.example; everything else is read from the code itself.
"""

import importlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

from prometheus_client.metrics_core import Metric
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.config import DatabaseSettings, Settings
from app.db.records import Base
from app.db.session import Database
from app.errors import AppError
from app.monitoring.collectors import DatabaseCollector
from app.monitoring.metrics import REGISTRY
from app.realtime.events import EVENT_DATA, EventType
from routing.taxonomy import load_taxonomy

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
ENV_EXAMPLE = ROOT / ".env.example"
NOTE = "<!-- Written by `make generate`; change the code, not this page. -->"
LIMITS = {
    "ge": "≥",
    "gt": ">",
    "le": "≤",
    "lt": "<",
    "min_length": "length ≥",
    "max_length": "length ≤",
}

Row = tuple[str, ...]


def table(header: Row, rows: Sequence[Row]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(escape(cell) for cell in line)} |" for line in lines)


def escape(cell: str) -> str:
    return " ".join(cell.replace("|", "\\|").split())


# --- Settings ----------------------------------------------------------------------------------


def env_names(
    model: type[BaseModel], prefix: str = "SWITCHBOARD_"
) -> Iterator[tuple[str, FieldInfo]]:
    """Every setting's environment name, groups flattened."""
    for name, field in model.model_fields.items():
        env_name = f"{prefix}{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from env_names(field.annotation, f"{env_name}__")
        else:
            yield env_name, field


def env_descriptions() -> dict[str, str]:
    """Name -> the comment line above it in .env.example."""
    pairs = re.findall(r"^# (.+)\n#([A-Z][A-Z0-9_]*)=", ENV_EXAMPLE.read_text(), re.MULTILINE)
    return {name: comment for comment, name in pairs}


def settings_page() -> str:
    descriptions = env_descriptions()
    rows = [
        (
            f"`{name}`",
            type_name(field.annotation),
            default_of(field),
            limits_of(field),
            descriptions.get(name, ""),
        )
        for name, field in env_names(Settings)
    ]
    intro = (
        "Every setting is an environment variable, or a line in `.env` (see `.env.example`). "
        "Unsafe values are refused outside development."
    )
    return f"# Settings\n\n{NOTE}\n\n{intro}\n\n" + table(
        ("name", "type", "default", "limits", "meaning"), rows
    )


def type_name(annotation: Any) -> str:  # noqa: ANN401 - a type form of any kind
    choices = [value for value in get_args(annotation) if isinstance(value, str)]
    if choices:
        return " or ".join(f"`{value}`" for value in choices)
    if isinstance(annotation, type) and not get_args(annotation):
        return annotation.__name__
    return str(annotation).replace("pathlib.", "").replace(" | None", ", optional")


def default_of(field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True)
    if default is None or default == ():
        return "—"
    return "hidden" if "Secret" in type(default).__name__ else f"`{default}`"


def limits_of(field: FieldInfo) -> str:
    found = (
        (sign, getattr(limit, name, None))
        for limit in field.metadata
        for name, sign in LIMITS.items()
    )
    return ", ".join(f"{sign} {value}" for sign, value in found if value is not None)


# --- Errors, intents ---------------------------------------------------------------------------


def error_classes(base: type[AppError]) -> Iterator[type[AppError]]:
    for each in base.__subclasses__():
        yield each
        yield from error_classes(each)


def errors_page() -> str:
    classes = {each.code: each for each in error_classes(AppError)}
    rows = [
        (f"`{code}`", str(classes[code].status), classes[code].title) for code in sorted(classes)
    ]
    intro = (
        "Errors are RFC 9457 `application/problem+json`; `code` is stable, `detail` is for people."
    )
    return f"# Errors\n\n{NOTE}\n\n{intro}\n\n" + table(("code", "status", "title"), rows)


def intents_page() -> str:
    rows = [
        (
            f"`{one.name}`",
            one.definition,
            one.route,
            one.level,
            one.queue,
            one.priority,
            one.label["zh"],
        )
        for one in sorted(load_taxonomy(), key=lambda one: (one.route, one.name))
    ]
    header = ("intent", "definition", "route", "level", "queue", "priority", "Chinese label")
    return f"# Intents\n\n{NOTE}\n\n{len(rows)} intents, from `routing/intents.yaml`.\n\n" + table(
        header, rows
    )


# --- Events, metrics ---------------------------------------------------------------------------


def events_page() -> str:
    rows = [
        (f"`{event}`", "stored, with `seq`" if isinstance(event, EventType) else "passing", data)
        for event, data in EVENT_DATA.items()
    ]
    intro = (
        "Events of a conversation, by long poll and by WebSocket: `seq`, `type`, "
        "`conversation_id`, `created_at`, `data`. Passing ones have no `seq` and may be lost. "
        "A `hidden` event keeps the place of one that this caller may not see."
    )
    return f"# Events\n\n{NOTE}\n\n{intro}\n\n" + table(("type", "kind", "data"), rows)


def metrics_page() -> str:
    rows = [
        (f"`{family.name}`", family.type, family.documentation)
        for family in [*REGISTRY.collect(), *_database_metrics()]
    ]
    intro = "`GET /metrics` in the text format of Prometheus; a counter's samples end in `_total`."
    return f"# Metrics\n\n{NOTE}\n\n{intro}\n\n" + table(("name", "type", "meaning"), sorted(rows))


def _database_metrics() -> Sequence[Metric]:
    """What a scrape reads from the tables, here from empty ones."""
    with TemporaryDirectory() as folder:
        database = Database(DatabaseSettings(url=f"sqlite:///{folder}/empty.db"))
        Base.metadata.create_all(database.engine)
        families: Sequence[Metric] = list(DatabaseCollector(database).collect())
        database.dispose()
    return families


# --- HTTP, commands ----------------------------------------------------------------------------


def http_page() -> str:
    development = Settings(_env_file=None, environment="development")
    schema = importlib.import_module("app.main").create_app(development).openapi()
    sections = []
    for path, operations in sorted(schema["paths"].items()):
        for method, operation in operations.items():
            codes = ", ".join(sorted(operation["responses"]))
            text = operation.get("description") or operation.get("summary", "")
            sections.append(
                (f"`{method.upper()} {path}`", text.splitlines()[0] if text else "", codes)
            )
    intro = (
        "The whole contract, with bodies and examples, is served at `/openapi.json` and `/docs`."
    )
    return f"# HTTP operations\n\n{NOTE}\n\n{intro}\n\n" + table(
        ("operation", "meaning", "answers"), sections
    )


def cli_page() -> str:
    typer_main = importlib.import_module("typer.main")
    root = typer_main.get_command(importlib.import_module("app.cli.main").app)
    rows = [
        (f"`switchboard {path}`", parameters_of(one), (one.help or "").split("\n\n")[0])
        for path, one in commands(root)
    ]
    intro = "`switchboard COMMAND --help` shows an example; `python -m app` is the same program."
    return f"# Commands\n\n{NOTE}\n\n{intro}\n\n" + table(("command", "options", "meaning"), rows)


def commands(group: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - click
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def parameters_of(command: Any) -> str:  # noqa: ANN401 - a click command
    visible = [one for one in command.params if not getattr(one, "hidden", False)]
    return ", ".join(
        f"`{one.opts[0]}`" if one.opts[0].startswith("-") else f"{one.name.upper()}"
        for one in visible
    )


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "http-api.md": http_page,  # before errors: importing the service declares every error class
    "errors.md": errors_page,
    "intents.md": intents_page,
    "events.md": events_page,
    "metrics.md": metrics_page,
    "cli.md": cli_page,
}


def drifted_pages(*, write: bool) -> list[str]:
    """The pages that differ from the code; with `write`, brought up to date."""
    drifted = []
    for name, build in PAGES.items():
        text, path = build() + "\n", REFERENCE / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        drifted.append(name)
        if write:
            REFERENCE.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return drifted


def main() -> int:
    is_check = "--check" in sys.argv[1:]
    drifted = drifted_pages(write=not is_check)
    if is_check and drifted:
        print(f"Out of date: {', '.join(drifted)}. Run `make generate`.", file=sys.stderr)
        return 1
    print(f"{'Checked' if is_check else 'Wrote'} {len(PAGES)} pages, {len(drifted)} changed.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
