"""All SQL for credentials."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.credential import (
    ApiKeyRecord,
    InboxRecord,
    StaffSessionRecord,
    UsedTokenRecord,
    WidgetSessionRecord,
)
from app.db.people import CustomerRecord, StaffRecord


class CredentialRepository:
    """Finds who a secret belongs to; expired and revoked ones are not found."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def find_api_key(self, prefix: str, *, now: datetime) -> ApiKeyRecord | None:
        row = self.session.scalar(
            select(ApiKeyRecord).where(
                ApiKeyRecord.prefix == prefix, ApiKeyRecord.revoked_at.is_(None)
            )
        )
        return row if row is not None and (row.expires_at is None or row.expires_at > now) else None

    def find_widget_session(
        self, token_hash: str, *, now: datetime
    ) -> tuple[WidgetSessionRecord, CustomerRecord | None] | None:
        found = self.session.execute(
            select(WidgetSessionRecord, CustomerRecord)
            .outerjoin(CustomerRecord, CustomerRecord.id == WidgetSessionRecord.customer_id)
            .where(
                WidgetSessionRecord.token_hash == token_hash, WidgetSessionRecord.expires_at > now
            )
        ).one_or_none()
        return None if found is None else (found[0], found[1])

    def find_staff_session(
        self, token_hash: str, *, now: datetime, idle_since: datetime
    ) -> tuple[StaffSessionRecord, StaffRecord] | None:
        found = self.session.execute(
            select(StaffSessionRecord, StaffRecord)
            .join(StaffRecord, StaffRecord.id == StaffSessionRecord.staff_id)
            .where(
                StaffSessionRecord.token_hash == token_hash,
                StaffSessionRecord.expires_at > now,
                StaffSessionRecord.last_seen_at > idle_since,
                StaffRecord.is_active,
            )
        ).one_or_none()
        return None if found is None else (found[0], found[1])

    def touch_staff_session(self, session_id: str, *, now: datetime) -> None:
        self.session.execute(
            update(StaffSessionRecord)
            .where(StaffSessionRecord.id == session_id)
            .values(last_seen_at=now)
        )

    def find_staff_by_email(self, email: str) -> StaffRecord | None:
        return self.session.scalar(
            select(StaffRecord).where(StaffRecord.email == email.lower(), StaffRecord.is_active)
        )

    def find_inbox(self, inbox_id: str) -> InboxRecord | None:
        return self.session.get(InboxRecord, inbox_id)

    def find_default_inbox(self) -> InboxRecord | None:
        return self.session.scalar(select(InboxRecord).order_by(InboxRecord.created_at).limit(1))

    def use_token_once(self, jti_hash: str, *, expires_at: datetime) -> bool:
        """False when this token was used before, here or in another replica."""
        try:
            with self.session.begin_nested():
                self.session.add(UsedTokenRecord(jti_hash=jti_hash, expires_at=expires_at))
                self.session.flush()
        except IntegrityError:
            return False
        return True

    def find_customer(self, external_id: str) -> CustomerRecord | None:
        return self.session.scalar(
            select(CustomerRecord).where(CustomerRecord.external_id == external_id)
        )

    def get_or_add_customer(
        self, external_id: str, *, name: str | None = None, email: str | None = None
    ) -> CustomerRecord:
        """The customer with this bank reference; a newer name or address replaces the old one."""
        row = self.find_customer(external_id)
        if row is None:
            try:
                with self.session.begin_nested():
                    row = CustomerRecord(external_id=external_id, name=name, email=email)
                    self.session.add(row)
                    self.session.flush()
            except IntegrityError:  # another request was first
                row = self.session.scalars(
                    select(CustomerRecord).where(CustomerRecord.external_id == external_id)
                ).one()
        row.name = name or row.name
        row.email = email or row.email
        return row
