"""Append-only proof of what happened. `payload` holds the exact bytes that were hashed."""

from datetime import datetime

from sqlalchemy import BigInteger, FetchedValue, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base

# SQLite counts rowids only in INTEGER; PostgreSQL needs 64 bits
RowId = BigInteger().with_variant(Integer, "sqlite")


class AuditEventRecord(Base):
    """One audit event. Never updated, never deleted: triggers refuse both."""

    __tablename__ = "audit_events"
    # the sealer walks in this order: without the index each pass reads the whole table
    __table_args__ = (Index("ix_audit_events_xid_position", "xid", "position"),)
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - read by SQLAlchemy

    position: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=True)
    # PostgreSQL: the transaction's number (set by the migration's default); SQLite: 0
    transaction: Mapped[int] = mapped_column(
        "xid", BigInteger, server_default=FetchedValue(), nullable=False
    )
    id: Mapped[str] = mapped_column(String(36), unique=True)
    time: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(100), index=True)
    action: Mapped[str] = mapped_column(String(100), index=True)
    subject: Mapped[str] = mapped_column(String(100), index=True)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)  # SHA-256(0x00 || payload)
    mac: Mapped[bytes] = mapped_column(LargeBinary)  # HMAC-SHA256(audit key, payload)


class AuditBlockRecord(Base):
    """A sealed run of events: a signed Merkle root, chained to the block before."""

    __tablename__ = "audit_blocks"

    number: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    last_transaction: Mapped[int] = mapped_column(BigInteger)
    last_position: Mapped[int] = mapped_column(BigInteger)
    events: Mapped[int]
    root: Mapped[bytes] = mapped_column(LargeBinary)
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)  # Ed25519 over `hash`
    key_id: Mapped[str] = mapped_column(String(32))
    sealed_at: Mapped[datetime]
