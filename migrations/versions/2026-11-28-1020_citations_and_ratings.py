"""what replies cite, whether they helped, and drafts made from agents' answers"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BATCH = 1_000

messages = sa.table(
    "messages",
    sa.column("id", sa.String),
    sa.column("conversation_id", sa.String),
    sa.column("citations", sa.JSON),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.create_table(
        "message_citations",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("document_id", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_message_citations_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_citations_message_id_messages")
        ),
        sa.PrimaryKeyConstraint(
            "message_id", "document_id", "version", name=op.f("pk_message_citations")
        ),
    )
    with op.batch_alter_table("message_citations", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_citations_document_id_version", ["document_id", "version"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_message_citations_conversation_id"), ["conversation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_message_citations_created_at"), ["created_at"], unique=False
        )
    op.create_table(
        "message_ratings",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_message_ratings_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_ratings_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_ratings")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_ratings_message_id")),
    )
    with op.batch_alter_table("message_ratings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_ratings_conversation_id"), ["conversation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_message_ratings_created_at"), ["created_at"], unique=False
        )
    op.create_table(
        "draft_sources",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("requested_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_draft_sources_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_draft_sources_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_draft_sources_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_draft_sources")),
    )
    with op.batch_alter_table("draft_sources", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_draft_sources_conversation_id"), ["conversation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_draft_sources_message_id"), ["message_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_draft_sources_created_at"), ["created_at"], unique=False
        )
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """What was cited before this table came, a batch of messages at a time."""
    target = sa.table(
        "message_citations",
        *(sa.column(name) for name in ("message_id", "document_id", "version", "conversation_id")),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    for batch in _cited_messages(connection):
        rows = {
            (row.id, cited["document_id"], cited["version"]): {
                "message_id": row.id,
                "document_id": cited["document_id"],
                "version": cited["version"],
                "conversation_id": row.conversation_id,
                "created_at": row.created_at,
            }
            for row in batch
            for cited in _citations_of(row)
        }
        if rows:
            connection.execute(sa.insert(target), list(rows.values()))


def _cited_messages(connection: sa.Connection) -> Iterator[list[sa.Row[Any]]]:
    after = ""
    while True:
        batch = connection.execute(
            sa.select(messages)
            .where(messages.c.id > after, sa.cast(messages.c.citations, sa.Text) != "[]")
            .order_by(messages.c.id)
            .limit(BATCH)
        ).all()
        if not batch:
            return
        yield list(batch)
        after = batch[-1].id


def _citations_of(row: sa.Row[Any]) -> list[dict[str, Any]]:
    kept = row.citations
    found: list[dict[str, Any]] = json.loads(kept) if isinstance(kept, str) else kept
    return found


def downgrade() -> None:
    op.drop_table("draft_sources")
    op.drop_table("message_ratings")
    op.drop_table("message_citations")
