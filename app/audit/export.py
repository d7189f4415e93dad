"""The whole trail as NDJSON: every event with its exact bytes, every block, a last checkpoint."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.audit.block import header_of
from app.audit.repository import START, AuditRepository, Point, StoredBlock, StoredEvent
from app.audit.signing import Signer


def export_lines(session: Session, signer: Signer) -> Iterator[str]:
    """Events of a block, then the block that seals them; unsealed events; then the checkpoint.

    `payload` and `header` are strings that hold the exact bytes that were hashed; a stored value of
    another type is null.
    """
    repository, end = AuditRepository(session), START
    last: StoredBlock | None = None
    for block in repository.iter_blocks():
        until: Point = (block.last_transaction, block.last_position)
        yield from _event_lines(repository, end, until)
        yield _line(_block_json(block))
        last, end = block, until
    yield from _event_lines(repository, end, None)
    yield _line(_checkpoint_json(last, signer))


def _event_lines(repository: AuditRepository, after: Point, until: Point | None) -> Iterator[str]:
    for event in repository.iter_events(after, until):
        yield _line(_event_json(event))


def _event_json(event: StoredEvent) -> dict[str, Any]:
    return {
        "type": "event",
        "transaction": event.transaction,
        "position": event.position,
        "payload": _text(event.payload),
        "leaf": _hex(event.leaf),
        "mac": _hex(event.mac),
    }


def _block_json(block: StoredBlock) -> dict[str, Any]:
    return {
        "type": "block",
        "number": block.number,
        "header": _header(block),
        "hash": _hex(block.hash),
        "signature": _hex(block.signature),
    }


def _checkpoint_json(last: StoredBlock | None, signer: Signer) -> dict[str, Any]:
    return {
        "type": "checkpoint",
        "number": last.number if last else 0,
        "hash": _hex(last.hash) if last else None,
        "signature": _hex(last.signature) if last else None,
        "public_keys": {key_id: key.hex() for key_id, key in signer.trusted.items()},
    }


def _header(block: StoredBlock) -> str | None:
    return None if None in block else header_of(block).decode()


def _text(stored: bytes | None) -> str | None:
    return None if stored is None else stored.decode(errors="backslashreplace")


def _hex(stored: bytes | None) -> str | None:
    return None if stored is None else stored.hex()


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
