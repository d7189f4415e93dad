"""Turn unsealed events into signed Merkle blocks. Appends blocks; never touches an event."""

from pathlib import Path

from sqlalchemy.orm import Session

from app.audit.block import GENESIS, block_hash, header_bytes
from app.audit.checkpoint import CHECKPOINT_FILE, Checkpoint
from app.audit.merkle import merkle_root
from app.audit.repository import START, AuditRepository, Point
from app.audit.signing import Signer
from app.clock import utc_now
from app.db.audit import AuditBlockRecord
from app.db.session import Database

MAX_EVENTS = 20_000


class Sealer:
    """Seals what is ready and remembers the newest block outside the database."""

    def __init__(self, database: Database, signer: Signer, folder: Path) -> None:
        self._database = database
        self._signer = signer
        self._checkpoint_path = folder / CHECKPOINT_FILE

    def run_once(self) -> int:
        """Seal everything that is ready now; the number of events sealed."""
        sealed = 0
        while count := seal_once(self._database, self._signer):
            sealed += count
        self._remember_newest()
        return sealed

    def _remember_newest(self) -> None:
        with self._database.read() as session:
            block = AuditRepository(session).find_last_block()
            newest = None if block is None else checkpoint_of(block)
        if newest is not None:
            newest.save(self._checkpoint_path)


def seal_once(database: Database, signer: Signer, *, limit: int = MAX_EVENTS) -> int:
    """Append at most one block; how many events it seals. 0: nothing ready, or another seals."""
    if database.is_sqlite and not _has_work(database):
        return 0  # do not take the only write lock for nothing
    with database.write() as session:
        return _append_block(session, signer, limit=limit)


def checkpoint_of(block: AuditBlockRecord) -> Checkpoint:
    return Checkpoint(block.number, block.hash.hex(), block.signature.hex(), block.key_id)


def _has_work(database: Database) -> bool:
    with database.read() as session:
        repository = AuditRepository(session)
        return bool(repository.list_sealable(_end_of(repository.find_last_block()), limit=1))


def _append_block(session: Session, signer: Signer, *, limit: int) -> int:
    repository = AuditRepository(session)
    if not repository.hold_sealing():
        return 0
    last = repository.find_last_block()
    rows = repository.list_sealable(_end_of(last), limit=limit)
    if not rows:
        return 0
    end = (rows[-1][0], rows[-1][1])
    repository.add_block(_build_block(signer, last, end=end, leaves=[leaf for _, _, leaf in rows]))
    return len(rows)


def _build_block(
    signer: Signer, last: AuditBlockRecord | None, *, end: Point, leaves: list[bytes]
) -> AuditBlockRecord:
    number = 1 if last is None else last.number + 1
    previous_hash = GENESIS if last is None else last.hash
    root, sealed_at = merkle_root(leaves), utc_now()
    header = header_bytes(
        number=number,
        last=end,
        events=len(leaves),
        root=root,
        previous_hash=previous_hash,
        key_id=signer.key_id,
        sealed_at=sealed_at,
    )
    digest = block_hash(header)
    return AuditBlockRecord(
        number=number,
        last_transaction=end[0],
        last_position=end[1],
        events=len(leaves),
        root=root,
        previous_hash=previous_hash,
        hash=digest,
        signature=signer.sign(digest),
        key_id=signer.key_id,
        sealed_at=sealed_at,
    )


def _end_of(block: AuditBlockRecord | None) -> Point:
    return START if block is None else (block.last_transaction, block.last_position)
