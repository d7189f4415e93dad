"""what customers read becomes intervals: publications in place of a pointer"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from app.db.publication_overlap import create_statements, drop_statements

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BATCH = 1_000
OLD_STATUS = "status IN ('draft','submitted','published','retired')"
NEW_STATUS = "status IN ('draft','submitted','approved')"
MOMENT = sa.DateTime(timezone=True)

documents = sa.table(
    "documents",
    sa.column("id", sa.String),
    sa.column("published_version", sa.Integer),
    sa.column("updated_at", MOMENT),
    sa.column("deleted_at", MOMENT),
    sa.column("decided_at", MOMENT),
)
versions = sa.table(
    "document_versions",
    sa.column("document_id", sa.String),
    sa.column("version", sa.Integer),
    sa.column("status", sa.String),
    sa.column("effective_from", MOMENT),
    sa.column("expires_at", MOMENT),
    sa.column("approver_id", sa.String),
    sa.column("author_kind", sa.String),
    sa.column("published_at", MOMENT),
    sa.column("created_at", MOMENT),
)
publications = sa.table(
    "document_publications",
    sa.column("id", sa.String),
    sa.column("created_at", MOMENT),
    sa.column("document_id", sa.String),
    sa.column("version", sa.Integer),
    sa.column("shown_from", MOMENT),
    sa.column("shown_until", MOMENT),
    sa.column("cause", sa.String),
    sa.column("approver_id", sa.String),
    sa.column("approver_kind", sa.String),
)


def upgrade() -> None:
    _create_table()
    op.add_column("documents", sa.Column("decided_at", MOMENT, nullable=True))
    op.create_index(op.f("ix_documents_decided_at"), "documents", ["decided_at"])
    for name, kind in (
        ("rejected_reason", sa.Text()),
        ("rejected_by_id", sa.String(length=36)),
        ("rejected_at", MOMENT),
    ):
        op.add_column("document_versions", sa.Column(name, kind, nullable=True))
    _fill()
    _replace_status(
        NEW_STATUS,
        sa.update(versions)
        .where(versions.c.status.in_(("published", "retired")))
        .values(status="approved"),
    )
    op.drop_column("document_versions", "published_at")
    op.drop_column("documents", "published_version")
    for statement in create_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Where a version was scheduled only, it awaits a second person again."""
    op.add_column("documents", sa.Column("published_version", sa.Integer(), nullable=True))
    op.add_column("document_versions", sa.Column("published_at", MOMENT, nullable=True))
    _point()
    begun = sa.exists().where(*_of_version(), publications.c.shown_from <= sa.func.now())
    pointed = sa.exists().where(
        documents.c.id == versions.c.document_id,
        documents.c.published_version == versions.c.version,
    )
    _replace_status(
        OLD_STATUS,
        sa.update(versions)
        .where(versions.c.status == "approved")
        .values(status=sa.case((pointed, "published"), (begun, "retired"), else_="submitted")),
    )
    for name in ("rejected_at", "rejected_by_id", "rejected_reason"):
        op.drop_column("document_versions", name)
    op.drop_index(op.f("ix_documents_decided_at"), "documents")
    op.drop_column("documents", "decided_at")
    for statement in drop_statements(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("document_publications")


def _create_table() -> None:
    op.create_table(
        "document_publications",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown_from", MOMENT, nullable=False),
        sa.Column("shown_until", MOMENT, nullable=True),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("approver_id", sa.String(length=36), nullable=True),
        sa.Column("approver_kind", sa.String(length=20), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "shown_until > shown_from", name=op.f("ck_document_publications_contains_a_moment")
        ),
        sa.CheckConstraint(
            "cause IN ('approved','rolled_back','shipped')",
            name=op.f("ck_document_publications_cause_known"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "version"],
            ["document_versions.document_id", "document_versions.version"],
            name=op.f("fk_document_publications_document_id_version_document_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_publications")),
        sa.UniqueConstraint(
            "document_id",
            "shown_from",
            name=op.f("uq_document_publications_document_id_shown_from"),
        ),
    )
    op.create_index(
        op.f("ix_document_publications_created_at"), "document_publications", ["created_at"]
    )
    op.create_index(
        op.f("ix_document_publications_shown_until"), "document_publications", ["shown_until"]
    )
    op.create_index(
        "uq_document_publications_open",
        "document_publications",
        ["document_id"],
        unique=True,
        sqlite_where=sa.text("shown_until IS NULL"),
        postgresql_where=sa.text("shown_until IS NULL"),
    )


def _replace_status(rule: str, update: sa.Update) -> None:
    """Change the values between the old constraint and the new one."""
    name = op.f("ck_document_versions_status_known")
    with op.batch_alter_table("document_versions") as batch_op:
        batch_op.drop_constraint(name, type_="check")
    op.execute(update)
    with op.batch_alter_table("document_versions") as batch_op:
        batch_op.create_check_constraint(name, rule)


def _fill() -> None:
    """Each version from when it was last published until the next one was, inside its own limits."""
    connection = op.get_bind()
    found = connection.execute(
        sa.select(versions, documents.c.deleted_at, documents.c.published_version)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(versions.c.published_at.is_not(None))
        .order_by(versions.c.document_id, versions.c.published_at, versions.c.version)
    ).all()
    rows = [
        row
        for _, shown in groupby(found, key=lambda version: version.document_id)
        for row in _publications_of(list(shown))
    ]
    for start in range(0, len(rows), BATCH):
        connection.execute(sa.insert(publications), rows[start : start + BATCH])
    connection.execute(sa.update(documents).values(decided_at=documents.c.updated_at))


def _publications_of(shown: list[Any]) -> Iterator[dict[str, object]]:
    for version, following in pairwise([*shown, None]):
        begin = max(version.published_at, version.effective_from or version.published_at)
        ends = (
            version.expires_at,
            version.deleted_at,
            following.published_at if following is not None else None,
        )
        end = min((moment for moment in ends if moment is not None), default=None)
        if end is None or begin < end:  # else nobody ever read it
            yield _row(version, begin, end)


def _row(version: Any, begin: datetime, end: datetime | None) -> dict[str, object]:  # noqa: ANN401 - a row
    is_ours = version.author_kind == "system"
    return {
        "id": str(uuid4()),
        "created_at": version.published_at,
        "document_id": version.document_id,
        "version": version.version,
        "shown_from": begin,
        "shown_until": end,
        "cause": "shipped" if is_ours else "approved",
        "approver_id": version.approver_id,
        "approver_kind": None,  # was not kept
    }


def _point() -> None:
    """Every document at what customers read now, every version at when it was last begun."""
    now = sa.func.now()
    current = (
        sa.select(publications.c.version)
        .where(
            publications.c.document_id == documents.c.id,
            publications.c.shown_from <= now,
            sa.or_(publications.c.shown_until.is_(None), publications.c.shown_until > now),
        )
        .scalar_subquery()
    )
    op.execute(sa.update(documents).values(published_version=current))
    begun = sa.select(sa.func.max(publications.c.shown_from)).where(
        *_of_version(), publications.c.shown_from <= now
    )
    op.execute(sa.update(versions).values(published_at=begun.scalar_subquery()))


def _of_version() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        publications.c.document_id == versions.c.document_id,
        publications.c.version == versions.c.version,
    )
