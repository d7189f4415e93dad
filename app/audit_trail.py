"""Append one audit event in the caller's transaction. The only writer; sealing is `audit/`."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.clock import rfc3339, utc_now
from app.db.audit import AuditEventRecord
from app.ids import new_id

_KEY = "audit_key"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: `staff:<id>`, `key:<id>`, `customer:<id>`, `visitor:<id>`, `system:<part>`."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


SYSTEM = Actor("system", "switchboard")


def session_info(key: bytes) -> dict[str, object]:
    """What a session must carry so that its audit events are authenticated."""
    return {_KEY: key}


def record(
    session: Session,
    action: str,
    *,
    actor: Actor,
    subject: str,
    outcome: str = "success",
    **details: object,
) -> None:
    """Append one event; it commits or vanishes with the change that it describes.

    `details` holds ids, states and counts, never message text or account data.
    """
    event_id, now = new_id(), utc_now()
    payload = canonical_bytes(
        {
            "id": event_id,
            "time": rfc3339(now),
            "actor": str(actor),
            "action": action,
            "subject": subject,
            "outcome": outcome,
            "details": details,
        }
    )
    session.add(
        AuditEventRecord(
            id=event_id,
            time=now,
            actor=str(actor),
            action=action,
            subject=subject,
            payload=payload,
            leaf=leaf_hash(payload),
            mac=authenticate(payload, session.info[_KEY]),
        )
    )


def canonical_bytes(event: Mapping[str, Any]) -> bytes:
    """The exact bytes that are stored and hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        event, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    ).encode()


def leaf_hash(payload: bytes) -> bytes:
    """RFC 6962 leaf: SHA-256(0x00 || payload)."""
    return hashlib.sha256(b"\x00" + payload).digest()


def authenticate(payload: bytes, key: bytes) -> bytes:
    """HMAC-SHA256, so that an edit before sealing is seen as well."""
    return hmac.digest(key, payload, "sha256")
