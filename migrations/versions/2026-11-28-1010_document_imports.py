"""imports of files and pages"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_imports",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("submit", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_by", sa.String(length=100), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('files','url','sitemap')", name=op.f("ck_document_imports_kind_known")
        ),
        sa.CheckConstraint(
            "status IN ('running','done')", name=op.f("ck_document_imports_status_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_imports")),
    )
    with op.batch_alter_table("document_imports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_imports_created_at"), ["created_at"], unique=False
        )
    op.create_table(
        "document_import_items",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=2000), nullable=False),
        sa.Column("stored_as", sa.String(length=200), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('waiting','created','updated','unchanged','failed')",
            name=op.f("ck_document_import_items_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["document_imports.id"],
            name=op.f("fk_document_import_items_import_id_document_imports"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_document_import_items_document_id_documents"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_import_items")),
        sa.UniqueConstraint(
            "import_id", "position", name=op.f("uq_document_import_items_import_id_position")
        ),
    )
    with op.batch_alter_table("document_import_items", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_import_items_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index(
            "ix_document_import_items_document_id_id", ["document_id", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("document_import_items", schema=None) as batch_op:
        batch_op.drop_index("ix_document_import_items_document_id_id")
        batch_op.drop_index(batch_op.f("ix_document_import_items_created_at"))
    op.drop_table("document_import_items")
    with op.batch_alter_table("document_imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_imports_created_at"))
    op.drop_table("document_imports")
