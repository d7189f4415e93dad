"""Rows from before there were publications: nothing that customers read, or have read, is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from app.clock import utc_now
from tests.fixtures.databases import alembic_config

MOMENT = sa.DateTime(timezone=True)
NOW = utc_now()
DOCUMENTS = sa.table(
    "documents",
    *(sa.column(name, sa.String) for name in ("id", "locale")),
    *(sa.column(name, sa.Integer) for name in ("latest_version", "published_version")),
    *(sa.column(name, MOMENT) for name in ("created_at", "updated_at", "deleted_at")),
)
VERSIONS = sa.table(
    "document_versions",
    *(
        sa.column(name, sa.String)
        for name in ("id", "document_id", "status", "title", "body", "format", "audience")
    ),
    *(sa.column(name, sa.String) for name in ("content_hash", "approver_id", "author_kind")),
    sa.column("version", sa.Integer),
    sa.column("intents", sa.JSON),
    *(
        sa.column(name, MOMENT)
        for name in ("created_at", "published_at", "effective_from", "expires_at")
    ),
)
PUBLICATIONS = sa.table(
    "document_publications",
    *(sa.column(name, sa.String) for name in ("document_id", "cause", "approver_id")),
    sa.column("version", sa.Integer),
    *(sa.column(name, MOMENT) for name in ("shown_from", "shown_until")),
)


def day(number: int) -> datetime:
    return NOW + timedelta(days=number)


class Store:
    """A database as it was before the migration, and the way forth and back."""

    def __init__(self, url: str) -> None:
        self.config, self.engine = alembic_config(url), sa.create_engine(url)
        scripts = ScriptDirectory.from_config(self.config).walk_revisions()
        self.own = next(one for one in scripts if one.path.endswith("_publications.py"))

    def before(self) -> None:
        command.downgrade(self.config, str(self.own.down_revision))

    def after(self) -> None:
        command.upgrade(self.config, self.own.revision)

    def document(self, name: str, published: int | None, *versions: Any, **facts: Any) -> None:
        """A document and its versions: status, then facts of each."""
        common = {"created_at": day(-90), "updated_at": day(-1)}
        with self.engine.begin() as connection:
            connection.execute(
                sa.insert(DOCUMENTS).values(
                    id=name,
                    locale="en",
                    latest_version=len(versions),
                    published_version=published,
                    **common,
                    **facts,
                )
            )
            for number, (status, said) in enumerate(versions, start=1):
                connection.execute(
                    sa.insert(VERSIONS).values(
                        id=f"{name}-{number}",
                        document_id=name,
                        version=number,
                        status=status,
                        title=name,
                        body="Text.",
                        format="markdown",
                        audience="public",
                        content_hash="-",
                        intents=[],
                        created_at=day(-90),
                        **said,
                    )
                )

    def publications(self) -> dict[str, list[tuple[int, int, int | None]]]:
        """By document: version, begin and end in days from now."""
        found: dict[str, list[tuple[int, int, int | None]]] = {}
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(PUBLICATIONS).order_by(PUBLICATIONS.c.shown_from))
            for row in rows:
                interval = (row.version, _days(row.shown_from), _days(row.shown_until))
                found.setdefault(row.document_id, []).append(interval)  # type: ignore[arg-type]
        return found

    def statuses(self) -> dict[str, str]:
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(VERSIONS.c.id, VERSIONS.c.status))
            return {row.id: row.status for row in rows}


def _days(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round((aware - NOW).total_seconds() / 86_400)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    opened.before()
    yield opened
    opened.engine.dispose()


def fill(store: Store) -> None:
    store.document("draft", None, ("draft", {}), ("submitted", {}))
    store.document("plain", 1, ("published", {"published_at": day(-30), "approver_id": "li"}))
    store.document(
        "history",
        2,
        ("retired", {"published_at": day(-30)}),
        ("published", {"published_at": day(-10)}),
        ("draft", {}),
    )
    store.document(
        "went-back",
        1,
        ("published", {"published_at": day(-5)}),
        ("retired", {"published_at": day(-10)}),
    )
    store.document(
        "planned",
        1,
        ("published", {"published_at": day(-5), "effective_from": day(5), "expires_at": day(9)}),
    )
    store.document(
        "replaced-unread",
        2,
        ("retired", {"published_at": day(-9), "effective_from": day(5)}),
        ("published", {"published_at": day(-2)}),
    )
    store.document("deleted", 1, ("published", {"published_at": day(-30)}), deleted_at=day(-3))
    store.document(
        "expired",
        1,
        ("published", {"published_at": day(-30), "expires_at": day(-7), "author_kind": "system"}),
    )


def test_every_version_keeps_the_days_on_which_it_was_read(store: Store) -> None:
    fill(store)
    store.after()
    assert store.publications() == {
        "plain": [(1, -30, None)],
        "history": [(1, -30, -10), (2, -10, None)],
        "went-back": [(2, -10, -5), (1, -5, None)],
        "planned": [(1, 5, 9)],
        "replaced-unread": [(2, -2, None)],
        "deleted": [(1, -30, -3)],
        "expired": [(1, -30, -7)],
    }
    assert set(store.statuses().values()) == {"draft", "submitted", "approved"}
    with store.engine.connect() as connection:
        rows = connection.execute(sa.select(PUBLICATIONS)).all()
    assert {row.cause for row in rows if row.document_id == "expired"} == {"shipped"}
    assert [row.approver_id for row in rows if row.document_id == "plain"] == ["li"]


def test_the_way_back_leads_to_what_customers_read_now(store: Store) -> None:
    fill(store)
    store.after()
    store.before()
    with store.engine.connect() as connection:
        rows = connection.execute(sa.select(DOCUMENTS.c.id, DOCUMENTS.c.published_version))
        pointed = {row.id: row.published_version for row in rows}
    assert pointed == {
        "draft": None,
        "plain": 1,
        "history": 2,
        "went-back": 1,
        "planned": None,
        "replaced-unread": 2,
        "deleted": None,
        "expired": None,
    }
    statuses = store.statuses()
    assert statuses["history-1"] == "retired"
    assert statuses["history-2"] == "published"
    assert statuses["planned-1"] == "submitted", "its schedule is lost: somebody approves it again"
    store.after()
    assert store.publications()["history"] == [(1, -30, -10), (2, -10, None)]


def test_a_constraint_knows_the_new_states_only(store: Store) -> None:
    fill(store)
    store.after()
    with pytest.raises(sa.exc.IntegrityError), store.engine.begin() as connection:
        connection.execute(sa.update(VERSIONS).values(status="published"))
