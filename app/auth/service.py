"""Sign in and out, begin widget sessions. Every attempt leaves an audit event."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.auth.identity_token import (
    Identity,
    InvalidIdentityToken,
    SigningKey,
    read_identity_token,
)
from app.auth.passwords import verify_password
from app.auth.repository import CredentialRepository
from app.auth.tokens import STAFF_PREFIX, WIDGET_PREFIX, Sealer, hash_token, new_token
from app.clock import utc_now
from app.config import Settings
from app.db.credential import InboxRecord, StaffSessionRecord, WidgetSessionRecord
from app.db.people import CustomerRecord, StaffRecord
from app.errors import NotFound, Unauthenticated, Unavailable


class WrongCredentials(Unauthenticated):
    code = "wrong_credentials"


@dataclass(frozen=True, slots=True)
class NewStaffSession:
    token: str
    staff: StaffRecord
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewWidgetSession:
    token: str
    row: WidgetSessionRecord
    customer: CustomerRecord | None


class AuthService:
    """Turns proofs of identity into sessions."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session = session
        self.settings = settings
        self.credentials = CredentialRepository(session)

    def sign_in(self, email: str, password: str) -> NewStaffSession | None:
        """A fresh session id at every sign-in; None when address or password is wrong."""
        staff = self.credentials.find_staff_by_email(email)
        is_right = verify_password(password, staff.password_hash if staff else None)
        if staff is None or not is_right:
            record(
                self.session,
                "staff.sign_in",
                actor=Actor("visitor", "console"),
                subject=staff.id if staff else "unknown",
                outcome="failure",
            )
            return None
        now = utc_now()
        token = new_token(STAFF_PREFIX)
        expires_at = now + timedelta(minutes=self.settings.security.staff_session_minutes)
        self.session.add(
            StaffSessionRecord(
                token_hash=hash_token(token),
                staff_id=staff.id,
                expires_at=expires_at,
                last_seen_at=now,
            )
        )
        staff.presence = "online"
        record(self.session, "staff.sign_in", actor=Actor("staff", staff.id), subject=staff.id)
        return NewStaffSession(token, staff, expires_at)

    def sign_out(self, token: str, *, actor: Actor) -> None:
        """End this console session at once."""
        self.session.execute(
            delete(StaffSessionRecord).where(StaffSessionRecord.token_hash == hash_token(token))
        )
        record(self.session, "staff.sign_out", actor=actor, subject=actor.id)

    def begin_widget_session(
        self, *, inbox_id: str | None, identity_token: str | None
    ) -> NewWidgetSession:
        """Anonymous, or the customer whom the bank's signed token names."""
        inbox = self._inbox(inbox_id)
        if identity_token is None and inbox.identity_required:
            raise InvalidIdentityToken("identity_token: this website requires one")
        customer = self._customer(inbox, identity_token) if identity_token else None
        token = new_token(WIDGET_PREFIX)
        hours = self.settings.security.widget_session_hours
        row = WidgetSessionRecord(
            token_hash=hash_token(token),
            inbox_id=inbox.id,
            customer_id=customer.id if customer else None,
            expires_at=utc_now() + timedelta(hours=hours),
        )
        self.session.add(row)
        self.session.flush()
        who = Actor("customer", customer.id) if customer else Actor("visitor", row.id)
        record(self.session, "widget_session.begun", actor=who, subject=row.id, inbox=inbox.id)
        return NewWidgetSession(token, row, customer)

    def _inbox(self, inbox_id: str | None) -> InboxRecord:
        found = (
            self.credentials.find_inbox(inbox_id)
            if inbox_id
            else self.credentials.find_default_inbox()
        )
        if found is None:
            raise NotFound("No such inbox.", code="inbox_not_found")
        return found

    def _customer(self, inbox: InboxRecord, identity_token: str) -> CustomerRecord:
        identity = read_identity_token(identity_token, self._signing_key(inbox))
        self._use_once(inbox, identity)
        return self.credentials.get_or_add_customer(
            identity.external_id, name=identity.name, email=identity.email
        )

    def _use_once(self, inbox: InboxRecord, identity: Identity) -> None:
        jti_hash = hash_token(f"{inbox.id}:{identity.token_id}")
        if not self.credentials.use_token_once(jti_hash, expires_at=identity.expires_at):
            raise InvalidIdentityToken("identity_token: jti was used before")

    def _signing_key(self, inbox: InboxRecord) -> SigningKey:
        sealer = Sealer(self.settings.security.secret_key.get_secret_value())
        try:
            secret = sealer.open(inbox.secret)
        except ValueError as changed:
            raise Unavailable(
                "The inbox secret was sealed under another secret key.", code="inbox_key_changed"
            ) from changed
        return SigningKey(inbox.id, secret=secret, public_key=inbox.public_key)
