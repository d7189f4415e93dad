"""Raw SQL that a migration runs: no moment lies in two publications of a document.

A second fence behind the lock on the document's row. PostgreSQL compares ranges; a hash stands for
the document there, because comparing texts in such an index needs an extension.
"""

_SAME_DOCUMENT = (
    "int8range(hashtextextended(document_id, 0) >> 1, hashtextextended(document_id, 0) >> 1, '[]')"
)
_OVERLAP = (
    "SELECT 1 FROM document_publications AS other WHERE other.document_id = NEW.document_id"
    " AND other.id <> NEW.id"
    " AND (other.shown_until IS NULL OR other.shown_until > NEW.shown_from)"
    " AND (NEW.shown_until IS NULL OR NEW.shown_until > other.shown_from)"
)
_CONSTRAINT = "ex_document_publications_overlap"
_TRIGGERS = {
    "document_publications_no_overlap_insert": "INSERT",
    "document_publications_no_overlap_update": "UPDATE",
}


def create_statements(dialect: str) -> list[str]:
    """Refuse an overlap, whoever writes it."""
    if dialect == "postgresql":
        return [
            f"ALTER TABLE document_publications ADD CONSTRAINT {_CONSTRAINT} EXCLUDE USING gist "
            f"({_SAME_DOCUMENT} WITH &&, tstzrange(shown_from, shown_until) WITH &&)"
        ]
    return [
        f"CREATE TRIGGER {name} BEFORE {verb} ON document_publications WHEN EXISTS ({_OVERLAP})"
        " BEGIN SELECT RAISE(ABORT, 'publications of a document overlap'); END"
        for name, verb in _TRIGGERS.items()
    ]


def drop_statements(dialect: str) -> list[str]:
    """Undo `create_statements`."""
    if dialect == "postgresql":
        return [f"ALTER TABLE document_publications DROP CONSTRAINT IF EXISTS {_CONSTRAINT}"]
    return [f"DROP TRIGGER IF EXISTS {name}" for name in _TRIGGERS]
