"""Engines and transactions. The only place, with the job runner's, that commits.

SQLite has one writer: a writing transaction begins with BEGIN IMMEDIATE so that it never has to
upgrade a read snapshot; a reading one begins deferred and blocks nobody (WAL).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from app.config import DatabaseSettings
from app.db.after_commit import discard_after_commit, run_after_commit


class Database:
    """Opens sessions: `read()` for looking, `write()` for one committed unit of work."""

    def __init__(
        self, settings: DatabaseSettings, *, session_info: dict[str, object] | None = None
    ) -> None:
        self.url = make_url(settings.url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._reader = _sqlite_engine(settings, begin="BEGIN")
            self._writer = _sqlite_engine(settings, begin="BEGIN IMMEDIATE")
        else:
            self._reader = self._writer = _postgresql_engine(settings)
        # read at each opening: assembly fills it once queue and bus exist
        info = {} if session_info is None else session_info
        self._read_sessions = sessionmaker(self._reader, expire_on_commit=False, info=info)
        self._write_sessions = sessionmaker(self._writer, expire_on_commit=False, info=info)

    @property
    def engine(self) -> Engine:
        return self._writer

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session whose changes are never kept."""
        with self._read_sessions() as session:
            yield session  # closing rolls back and leaves what was loaded readable

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on errors; then the hints go out."""
        with self._write_sessions() as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                discard_after_commit(session)
                raise
            run_after_commit(session)

    def dispose(self) -> None:
        self._reader.dispose()
        self._writer.dispose()


def _postgresql_engine(settings: DatabaseSettings) -> Engine:
    timeouts = (
        f"-c lock_timeout={settings.lock_timeout_ms} -c idle_in_transaction_session_timeout=60000"
    )
    return create_engine(
        settings.url,
        pool_size=settings.pool_size,
        max_overflow=settings.pool_size,
        pool_pre_ping=True,
        pool_timeout=10,
        connect_args={"options": timeouts, "connect_timeout": 5},
    )


def _sqlite_engine(settings: DatabaseSettings, *, begin: str) -> Engine:
    url = make_url(settings.url)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=2 * settings.pool_size,
        max_overflow=0,  # opening a file and its pragmas again and again costs more than keeping it
        connect_args={"timeout": settings.lock_timeout_ms / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:  # noqa: ANN401 - DBAPI objects
        connection.isolation_level = None  # SQLAlchemy's BEGIN below, not sqlite3's own
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Any) -> None:  # noqa: ANN401
        connection.exec_driver_sql(begin)

    return engine
