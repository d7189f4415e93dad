"""What a block says and how it is hashed. Pure."""

import hashlib
from datetime import datetime

from app.audit.repository import StoredBlock
from app.audit_trail import canonical_bytes
from app.clock import rfc3339

GENESIS = bytes(32)  # the hash before the first block
FORMAT = "switchboard-audit-block-1"


def header_of(block: StoredBlock) -> bytes:
    """The canonical header: every stored field that the signature must cover."""
    return header_bytes(
        number=block.number,
        last=(block.last_transaction, block.last_position),
        events=block.events,
        root=block.root,
        previous_hash=block.previous_hash,
        key_id=block.key_id,
        sealed_at=block.sealed_at,
    )


def header_bytes(
    *,
    number: int,
    last: tuple[int, int],
    events: int,
    root: bytes,
    previous_hash: bytes,
    key_id: str,
    sealed_at: datetime,
) -> bytes:
    """Sorted keys, no spaces, hashes in hexadecimal: what SHA-256 reads."""
    return canonical_bytes(
        {
            "format": FORMAT,
            "number": number,
            "last_transaction": last[0],
            "last_position": last[1],
            "events": events,
            "root": root.hex(),
            "previous_hash": previous_hash.hex(),
            "key_id": key_id,
            "sealed_at": rfc3339(sealed_at),
        }
    )


def block_hash(header: bytes) -> bytes:
    return hashlib.sha256(header).digest()
