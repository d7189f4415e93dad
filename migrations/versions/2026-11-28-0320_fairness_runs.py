"""fairness runs"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fairness_runs",
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("requested_by", sa.String(length=100), nullable=False),
        sa.Column("model_version", sa.String(length=200), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued','done','failed')", name=op.f("ck_fairness_runs_state_known")
        ),
        sa.CheckConstraint(
            "occasion IN ('request','schedule','promotion','command')",
            name=op.f("ck_fairness_runs_occasion_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairness_runs")),
    )
    with op.batch_alter_table("fairness_runs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fairness_runs_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_fairness_runs_finished_at"), ["finished_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_fairness_runs_model_version"), ["model_version"], unique=False
        )
        batch_op.create_index(
            "uq_fairness_runs_queued",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("fairness_runs", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_fairness_runs_queued",
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )
        batch_op.drop_index(batch_op.f("ix_fairness_runs_model_version"))
        batch_op.drop_index(batch_op.f("ix_fairness_runs_finished_at"))
        batch_op.drop_index(batch_op.f("ix_fairness_runs_created_at"))
    op.drop_table("fairness_runs")
