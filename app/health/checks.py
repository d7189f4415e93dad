"""What must be true before traffic comes: one named check each."""

from collections.abc import Callable
from dataclasses import dataclass

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.parts import Parts
from app.web_files import web_is_built


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; a check that is not required is shown but stops no traffic."""

    name: str
    ok: bool
    detail: str
    is_required: bool = True


def run_checks(parts: Parts) -> list[Check]:
    """All checks, in the order of what rests on what."""
    return [check(parts) for check in CHECKS]


def _database(parts: Parts) -> Check:
    try:
        with parts.database.read() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return Check("database", ok=False, detail=type(error).__name__)
    return Check("database", ok=True, detail=parts.database.url.get_backend_name())


def _migrations(parts: Parts) -> Check:
    head = ScriptDirectory.from_config(Config("alembic.ini")).get_current_head()
    try:
        with parts.database.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        return Check("migrations", ok=False, detail=type(error).__name__)
    return Check("migrations", ok=current == head, detail=f"{current} of {head}")


def _intent_model(parts: Parts) -> Check:
    """A promotion that this process refused is shown; what serves, serves."""
    serving, promoted = parts.router.classifier.version, parts.models.promoted()
    behind = f" (promoted: {promoted})" if promoted not in (None, serving) else ""
    return Check("intent_model", ok=True, detail=serving + behind)


def _knowledge(parts: Parts) -> Check:
    version = parts.knowledge.index_version
    return Check("knowledge_index", ok=bool(version), detail=version or "none", is_required=False)


def _generation(parts: Parts) -> Check:
    """Not required: the degrade ladder answers without it."""
    health = parts.generator.health()
    return Check("generation", ok=health.ready, detail=health.detail, is_required=False)


def _web(_parts: Parts) -> Check:
    is_built = web_is_built()
    return Check(
        "web", ok=is_built, detail="built" if is_built else "run `make web`", is_required=False
    )


CHECKS: tuple[Callable[[Parts], Check], ...] = (
    _database,
    _migrations,
    _intent_model,
    _knowledge,
    _generation,
    _web,
)
