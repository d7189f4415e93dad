"""What a decision is explained by and replayed with: checks, nearest examples, rule, situation.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # a constant default: PostgreSQL notes it without touching the rows
    with op.batch_alter_table("decisions") as batch_op:
        batch_op.add_column(sa.Column("checks", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("nearest", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("signals", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("rule", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("situation", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("decisions") as batch_op:
        for name in ("situation", "rule", "signals", "nearest", "checks"):
            batch_op.drop_column(name)
