"""Raw SQL that a migration runs once it made the audit tables: a default and refusals.

The refusals are a second fence: whoever owns the database can drop them, and the seals catch that.
"""

AUDIT_TABLES = ("audit_events", "audit_blocks")

# what `audit_events.xid` holds when nobody names it: `server_default=text(...)` in the migration,
# because SQLite cannot add a default to a column that exists
TRANSACTION_DEFAULT = {"postgresql": "(pg_current_xact_id()::text::bigint)", "sqlite": "0"}

_REFUSAL = """
CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def create_statements(dialect: str) -> list[str]:
    """Refuse UPDATE and DELETE (on PostgreSQL also TRUNCATE) on both audit tables."""
    if dialect == "postgresql":
        default = (
            f"ALTER TABLE audit_events ALTER COLUMN xid SET DEFAULT {TRANSACTION_DEFAULT[dialect]}"
        )
        return [default, _REFUSAL, *_postgresql_triggers()]
    return [
        f"CREATE TRIGGER {table}_refuse_{verb.lower()} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END"
        for table in AUDIT_TABLES
        for verb in ("UPDATE", "DELETE")
    ]


def drop_statements(dialect: str) -> list[str]:
    """Undo `create_statements`: for a downgrade, and for tests that tamper."""
    if dialect == "postgresql":
        drops = [
            f"DROP TRIGGER IF EXISTS {table}_refuse_{kind} ON {table}"
            for table in AUDIT_TABLES
            for kind in ("change", "truncate")
        ]
        return [*drops, "DROP FUNCTION IF EXISTS refuse_audit_change()"]
    return [
        f"DROP TRIGGER IF EXISTS {table}_refuse_{verb}"
        for table in AUDIT_TABLES
        for verb in ("update", "delete")
    ]


def _postgresql_triggers() -> list[str]:
    statements = []
    for table in AUDIT_TABLES:
        call = "EXECUTE FUNCTION refuse_audit_change()"
        statements += [
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW {call}",
            f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT {call}",
        ]
    return statements
