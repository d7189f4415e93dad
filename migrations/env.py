"""Alembic's way to the tables: batch mode on SQLite, a lock time-out on PostgreSQL."""

from alembic import context
from sqlalchemy import Connection, create_engine, text

from app.config import load_settings
from app.db.records import Base

LOCK_TIMEOUT = "5s"


def database_url() -> str:
    """The URL that the caller gave, else the settings'."""
    given = context.config.attributes.get("url")
    return str(given) if given else load_settings().database.url


def run() -> None:
    engine = create_engine(database_url())
    with engine.connect() as connection:
        _migrate(connection)
    engine.dispose()


def _migrate(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=is_sqlite,
        compare_type=True,
    )
    with context.begin_transaction():
        if not is_sqlite:
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database, not into a script.")
run()
