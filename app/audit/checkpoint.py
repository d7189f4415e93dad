"""The newest block, remembered outside the database: shows that a tail was cut off.

A copy on the same machine catches whoever holds only the database; copy it elsewhere to catch more.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from app.ids import new_id

CHECKPOINT_FILE = "audit_checkpoint.json"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Number and hash of a block that must still exist."""

    number: int
    hash: str  # hexadecimal
    signature: str
    key_id: str

    @classmethod
    def load(cls, path: Path) -> Self | None:
        """The remembered checkpoint; None before the first block."""
        if not path.exists():
            return None
        found = json.loads(path.read_text())
        return cls(int(found["number"]), found["hash"], found["signature"], found["key_id"])

    def save(self, path: Path) -> None:
        """Replace the file in one step, and never with an older block."""
        known = Checkpoint.load(path)
        if known is not None and known.number >= self.number:
            return
        draft = path.with_name(f"{path.name}.{new_id()}")
        draft.write_text(json.dumps(self.as_json()))
        draft.replace(path)

    def as_json(self) -> dict[str, int | str]:
        return {
            "number": self.number,
            "hash": self.hash,
            "signature": self.signature,
            "key_id": self.key_id,
        }
