"""shadow decisions"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shadow_decisions",
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("live_version", sa.String(length=200), nullable=False),
        sa.Column("shadow_version", sa.String(length=200), nullable=False),
        sa.Column("intent", sa.String(length=100), nullable=True),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name=op.f("fk_shadow_decisions_decision_id_decisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadow_decisions")),
    )
    with op.batch_alter_table("shadow_decisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shadow_decisions_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_shadow_decisions_decision_id"), ["decision_id"], unique=False
        )
        batch_op.create_index(
            "ix_shadow_decisions_versions",
            ["shadow_version", "live_version", "created_at"],
            unique=False,
        )


def downgrade() -> None:
    op.drop_table("shadow_decisions")
