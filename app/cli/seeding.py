"""Staff, the CRM key and the widget inbox of a development installation; secrets shown once."""

import json
import os
import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit_trail import SYSTEM, record
from app.auth.caller import Role, Scope
from app.auth.passwords import hash_password
from app.auth.tokens import Sealer, new_api_key
from app.config import Settings
from app.db.credential import ApiKeyRecord, InboxRecord
from app.db.people import StaffRecord

STAFF = (
    ("admin", "admin@example.com", "Alex Admin", Role.ADMIN),
    ("agent", "agent@example.com", "Grace Agent", Role.AGENT),
)


def seed_people(session: Session, settings: Settings) -> bool:
    """Make them and write `credentials.json` (mode 600); False when staff exist already."""
    if session.scalar(select(StaffRecord.id).limit(1)) is not None:
        return False
    credentials: dict[str, Any] = {}
    for name, email, shown, role in STAFF:
        password = secrets.token_urlsafe(15)
        staff = StaffRecord(
            email=email, name=shown, role=role.value, password_hash=hash_password(password)
        )
        session.add(staff)
        session.flush()
        record(session, "staff.created", actor=SYSTEM, subject=staff.id, role=role.value)
        credentials[name] = {"email": email, "password": password}
    credentials["crm_api_key"] = _seed_key(session)
    credentials["widget_inbox"] = _seed_inbox(session, settings)
    _write_private(settings, credentials)
    return True


def _seed_key(session: Session) -> str:
    key = new_api_key()
    row = ApiKeyRecord(
        prefix=key.prefix,
        secret_hash=key.secret_hash,
        name="CRM (development)",
        scopes=[scope.value for scope in Scope],
    )
    session.add(row)
    session.flush()
    record(session, "api_key.created", actor=SYSTEM, subject=row.id)
    return key.whole


def _seed_inbox(session: Session, settings: Settings) -> dict[str, str]:
    secret = secrets.token_urlsafe(32)
    sealer = Sealer(settings.security.secret_key.get_secret_value())
    row = InboxRecord(
        name="Demo bank website",
        secret=sealer.seal(secret),
        allowed_origins=list(settings.security.allowed_origins),
    )
    session.add(row)
    session.flush()
    record(session, "inbox.created", actor=SYSTEM, subject=row.id)
    return {"id": row.id, "secret": secret}


def _write_private(settings: Settings, credentials: dict[str, Any]) -> None:
    path = settings.var / "credentials.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as target:
        json.dump(credentials, target, indent=2)
