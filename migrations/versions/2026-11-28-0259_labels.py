"""labels, training runs, suggested intents"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intent_suggestions",
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("earlier", sa.Integer(), nullable=False),
        sa.Column("recent", sa.Integer(), nullable=False),
        sa.Column("nearest_intent", sa.String(length=100), nullable=True),
        sa.Column("nearest_similarity", sa.Double(), nullable=True),
        sa.Column("decision_ids", sa.JSON(), nullable=False),
        sa.Column("member_keys", sa.JSON(), nullable=False),
        sa.Column("period_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("period_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=100), nullable=True),
        sa.Column("closed_by_name", sa.String(length=200), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("labelled_as", sa.String(length=100), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('open','dismissed','labelled','gone')",
            name=op.f("ck_intent_suggestions_status_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent_suggestions")),
    )
    with op.batch_alter_table("intent_suggestions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_intent_suggestions_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_intent_suggestions_status"), ["status"], unique=False)

    op.create_table(
        "training_runs",
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.String(length=100), nullable=False),
        sa.Column("requested_by_name", sa.String(length=200), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=True),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("label_ids", sa.JSON(), nullable=False),
        sa.Column("version", sa.String(length=200), nullable=True),
        sa.Column("base_version", sa.String(length=200), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued','training','evaluated','ready','refused','failed')",
            name=op.f("ck_training_runs_state_known"),
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_training_runs_job_id_jobs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_runs")),
    )
    with op.batch_alter_table("training_runs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_training_runs_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_training_runs_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_training_runs_queued",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )

    op.create_table(
        "labels",
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("original_text", sa.Text(), nullable=False),
        sa.Column("normalised", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("intent", sa.String(length=100), nullable=True),
        sa.Column("decided_intent", sa.String(length=100), nullable=True),
        sa.Column("decided_out_of_scope", sa.Boolean(), nullable=False),
        sa.Column("decided_reason", sa.String(length=100), nullable=False),
        sa.Column("model_version", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("labelled_by", sa.String(length=100), nullable=False),
        sa.Column("labelled_by_name", sa.String(length=200), nullable=False),
        sa.Column("edited_by", sa.String(length=100), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.String(length=100), nullable=True),
        sa.Column("reviewed_by_name", sa.String(length=200), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=True),
        sa.Column("superseded_by_id", sa.String(length=36), nullable=True),
        sa.Column("suggestion_id", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('corrected','confirmed','suggested')", name=op.f("ck_labels_kind_known")
        ),
        sa.CheckConstraint(
            "status IN ('pending','accepted','rejected','superseded')",
            name=op.f("ck_labels_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_labels_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_labels_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["intent_suggestions.id"],
            name=op.f("fk_labels_suggestion_id_intent_suggestions"),
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["labels.id"], name=op.f("fk_labels_superseded_by_id_labels")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
    )
    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_labels_conversation_id"), ["conversation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_labels_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_labels_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_labels_normalised"), ["normalised"], unique=False)
        batch_op.create_index(batch_op.f("ix_labels_reviewed_at"), ["reviewed_at"], unique=False)
        batch_op.create_index(
            "ix_labels_status_language_intent", ["status", "language", "intent"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.drop_index("ix_labels_status_language_intent")
        batch_op.drop_index(batch_op.f("ix_labels_reviewed_at"))
        batch_op.drop_index(batch_op.f("ix_labels_normalised"))
        batch_op.drop_index(batch_op.f("ix_labels_decision_id"))
        batch_op.drop_index(batch_op.f("ix_labels_created_at"))
        batch_op.drop_index(batch_op.f("ix_labels_conversation_id"))

    op.drop_table("labels")
    with op.batch_alter_table("training_runs", schema=None) as batch_op:
        batch_op.drop_index("uq_training_runs_queued")
        batch_op.drop_index(batch_op.f("ix_training_runs_state"))
        batch_op.drop_index(batch_op.f("ix_training_runs_created_at"))

    op.drop_table("training_runs")
    with op.batch_alter_table("intent_suggestions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intent_suggestions_status"))
        batch_op.drop_index(batch_op.f("ix_intent_suggestions_created_at"))

    op.drop_table("intent_suggestions")
