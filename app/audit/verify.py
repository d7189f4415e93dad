"""Recompute every MAC, leaf, root, chain link and signature; name the first that is wrong.

Reads the stored bytes only. What it cannot see: a whole database put back to an older copy, unless
the checkpoint beside the signing key is newer; and an event deleted before it was sealed.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.audit.block import GENESIS, block_hash, header_of
from app.audit.checkpoint import Checkpoint
from app.audit.merkle import merkle_root
from app.audit.repository import START, AuditRepository, Point, StoredBlock, StoredEvent
from app.audit.signing import is_signed
from app.audit_trail import authenticate, leaf_hash
from app.clock import rfc3339

EVENT_TYPES: Mapping[str, type] = {
    "payload": bytes,
    "leaf": bytes,
    "mac": bytes,
    "transaction": int,
    "id": str,
    "time": datetime,
    "actor": str,
    "action": str,
    "subject": str,
}
BLOCK_TYPES: Mapping[str, type] = {
    "last_transaction": int,
    "last_position": int,
    "events": int,
    "root": bytes,
    "previous_hash": bytes,
    "hash": bytes,
    "signature": bytes,
    "key_id": str,
    "sealed_at": datetime,
}


@dataclass(frozen=True, slots=True)
class Trust:
    """What a verifier knows that a forger of rows does not control."""

    audit_key: bytes
    public_keys: Mapping[str, bytes]
    checkpoint: Checkpoint | None = None


@dataclass(frozen=True, slots=True)
class BadPlace:
    """The first thing that is wrong: an event by position, or a block by number."""

    kind: str  # event | block
    reason: str
    position: int | None = None
    block: int | None = None

    def __str__(self) -> str:
        if self.kind == "event":
            return f"event {self.position} was changed: its {self.reason}"
        return f"block {self.block} is not as it was sealed: {self.reason}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found."""

    ok: bool
    events: int
    blocks: int
    unsealed: int
    first_bad: BadPlace | None

    def as_json(self) -> dict[str, Any]:  # a report is plain JSON
        bad = self.first_bad and {k: v for k, v in asdict(self.first_bad).items() if v is not None}
        return asdict(self) | {"first_bad": bad}


class _Tampered(Exception):
    def __init__(self, place: BadPlace) -> None:
        super().__init__(place.reason)
        self.place = place


class _Chain(NamedTuple):
    """Where the chain stands after a block."""

    number: int = 0
    hash: bytes = GENESIS
    end: Point = START


def verify(session: Session, trust: Trust) -> Report:
    """Walk all blocks, then the events that no block covers yet; stop at the first lie."""
    return _Verification(session, trust).run()


class _Verification:
    """One walk; counts what it has seen so that a failure can be reported with its place."""

    def __init__(self, session: Session, trust: Trust) -> None:
        self._repository = AuditRepository(session)
        self._trust = trust
        self._events = self._unsealed = 0
        self._chain = _Chain()

    def run(self) -> Report:
        try:
            self._walk_blocks()
            self._walk_unsealed()
        except _Tampered as found:
            return self._report(found.place)
        return self._report(None)

    def _report(self, bad: BadPlace | None) -> Report:
        return Report(bad is None, self._events, self._chain.number, self._unsealed, bad)

    def _walk_blocks(self) -> None:
        for block in self._repository.iter_blocks():
            self._check_header(block)
            self._check_events(block)
            self._chain = _Chain(
                block.number, block.hash, (block.last_transaction, block.last_position)
            )
            self._check_checkpoint(block)
        known = self._trust.checkpoint
        if known is not None and known.number > self._chain.number:
            raise _Tampered(_bad_block(self._chain.number + 1, "missing: a checkpoint names it"))

    def _walk_unsealed(self) -> None:
        for event in self._repository.iter_events(self._chain.end, None):
            self._check_event(event)
            self._events += 1
            self._unsealed += 1

    def _check_header(self, block: StoredBlock) -> None:
        expected = self._chain.number + 1
        if block.number != expected:
            raise _Tampered(_bad_block(expected, "missing"))
        if wrong := _wrong_field(block, BLOCK_TYPES):
            raise _Tampered(_bad_block(block.number, f"{wrong} is not of the type that was stored"))
        if block.previous_hash != self._chain.hash:
            raise _Tampered(_bad_block(block.number, "not chained to the block before"))
        if block.hash != block_hash(header_of(block)):
            raise _Tampered(_bad_block(block.number, "header does not match its hash"))
        public_key = self._trust.public_keys.get(block.key_id)
        if public_key is None:
            raise _Tampered(_bad_block(block.number, "signed by an unknown key"))
        if not is_signed(block.hash, block.signature, public_key):
            raise _Tampered(_bad_block(block.number, "bad signature"))

    def _check_events(self, block: StoredBlock) -> None:
        until = (block.last_transaction, block.last_position)
        leaves = []
        for event in self._repository.iter_events(self._chain.end, until):
            self._check_event(event)
            leaves.append(event.leaf)
        self._events += len(leaves)
        if len(leaves) != block.events:
            reason = f"holds {len(leaves)} events, {block.events} were sealed"
            raise _Tampered(_bad_block(block.number, reason))
        if merkle_root(leaves) != block.root:
            raise _Tampered(_bad_block(block.number, "events do not give the sealed root"))

    def _check_event(self, event: StoredEvent) -> None:
        if wrong := _wrong_field(event, EVENT_TYPES):
            raise _Tampered(_bad_event(event, f"{wrong} is not of the type that was stored"))
        if not hmac.compare_digest(authenticate(event.payload, self._trust.audit_key), event.mac):
            raise _Tampered(_bad_event(event, "payload does not match its authentication code"))
        if leaf_hash(event.payload) != event.leaf:
            raise _Tampered(_bad_event(event, "payload does not match its leaf hash"))
        if not _columns_match(event):
            raise _Tampered(_bad_event(event, "columns do not match the payload"))

    def _check_checkpoint(self, block: StoredBlock) -> None:
        known = self._trust.checkpoint
        if known is None or known.number != block.number:
            return
        if known.hash != block.hash.hex():
            raise _Tampered(_bad_block(block.number, "differs from the checkpoint"))


def _wrong_field(row: StoredEvent | StoredBlock, types: Mapping[str, type]) -> str | None:
    """The first field that does not hold what a writer of ours stores there."""
    for name, kind in types.items():
        if type(getattr(row, name)) is not kind:
            return name
    return None


def _columns_match(event: StoredEvent) -> bool:
    """The columns people search by repeat the payload; an edit of one of them is a lie, too."""
    columns = {
        "id": event.id,
        "time": rfc3339(event.time),
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
    }
    try:
        said = json.loads(event.payload)
    except (ValueError, RecursionError):  # authentic, yet not ours: the audit key has leaked
        return False
    return isinstance(said, dict) and columns == {name: said.get(name) for name in columns}


def _bad_event(event: StoredEvent, reason: str) -> BadPlace:
    return BadPlace("event", reason, position=event.position)


def _bad_block(number: int, reason: str) -> BadPlace:
    return BadPlace("block", reason, block=number)
