"""Sessions, keys and challenges: only hashes of secrets are stored."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class InboxRecord(IdMixin, CreatedMixin, Base):
    """A website that embeds the widget; its secret signs identity tokens (HS256)."""

    __tablename__ = "inboxes"

    name: Mapped[str] = mapped_column(String(200))
    secret: Mapped[str] = mapped_column(String(200))  # sealed with the secret key
    allowed_origins: Mapped[list[Any]] = mapped_column(default=list)
    identity_required: Mapped[bool] = mapped_column(default=False)
    public_key: Mapped[str | None] = mapped_column(String(4000))  # ES256/RS256, PEM


class WidgetSessionRecord(IdMixin, CreatedMixin, Base):
    """A visitor or an identified customer in the widget."""

    __tablename__ = "widget_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    inbox_id: Mapped[str] = mapped_column(ForeignKey("inboxes.id"))
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    expires_at: Mapped[datetime]


class StaffSessionRecord(IdMixin, CreatedMixin, Base):
    """A console sign-in."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff_members.id"))
    expires_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class ApiKeyRecord(IdMixin, CreatedMixin, Base):
    """An integration's key: 256 random bits, stored as SHA-256."""

    __tablename__ = "api_keys"

    prefix: Mapped[str] = mapped_column(String(12), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class UsedTokenRecord(Base):
    """The `jti` of each identity token that was exchanged: a token works once."""

    __tablename__ = "used_identity_tokens"

    jti_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class StepUpChallengeRecord(IdMixin, CreatedMixin, Base):
    """A one-time code, bound to one conversation and one action."""

    __tablename__ = "step_up_challenges"
    __table_args__ = (Index("ix_step_up_conversation_action", "conversation_id", "action"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    action: Mapped[str] = mapped_column(String(100))
    method: Mapped[str] = mapped_column(String(20))
    code_hash: Mapped[str] = mapped_column(String(64))
    sent_to: Mapped[str] = mapped_column(String(100))  # masked
    attempts: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    level_until: Mapped[datetime | None]
    # the turn whose answer waits for this code
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id"))
    request: Mapped[dict[str, Any]] = mapped_column(default=dict)  # action and slots to resume


class SocketTicketRecord(Base):
    """A one-time ticket for a WebSocket handshake."""

    __tablename__ = "socket_tickets"

    ticket_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    side: Mapped[str] = mapped_column(String(20))  # customer | staff | integration
    expires_at: Mapped[datetime] = mapped_column(index=True)
