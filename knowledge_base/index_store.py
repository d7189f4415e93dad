"""Keep the parts of an index on disk: write whole, publish, prune. Knows nothing of their content.

A part is written to a hidden folder, flushed, verified and renamed; `live.json` is replaced after
that. Whatever moment a process is killed at, `live.json` names whole parts.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from knowledge_base.errors import IndexNotFound

LIVE_NAME = "live.json"


class Part(StrEnum):
    """What a folder holds of an index."""

    BASE = "base"  # everything that was shown, or scheduled, when it was built
    CHANGES = "changes"  # what changed since, built anew with each change
    HISTORY = "history"  # what had ended, for searches of a past moment


@dataclass(frozen=True, slots=True)
class Live:
    """Which versions of the parts are searched."""

    base: str
    changes: str | None = None
    history: str | None = None


class IndexStore:
    """The folder that holds every version of every part."""

    def __init__(self, root: Path, *, keep: int = 3) -> None:
        self.root = root
        self._keep = keep

    def folder(self, part: Part, version: str) -> Path:
        """Where a version of a part lies; `IndexNotFound` when it does not."""
        if version not in self.versions(part):
            raise IndexNotFound(f"there is no index version {version!r}")
        return self.root / part / version

    def versions(self, part: Part) -> list[str]:
        """Names of the whole versions, oldest first."""
        folder = self.root / part
        if not folder.is_dir():
            return []
        return sorted(
            path.name for path in folder.iterdir() if path.is_dir() and path.name[0] != "."
        )

    def live(self) -> Live:
        """What is published; `IndexNotFound` before the first."""
        try:
            return Live(**json.loads((self.root / LIVE_NAME).read_bytes()))
        except FileNotFoundError:
            raise IndexNotFound("no index version was published yet") from None
        except (ValueError, TypeError) as error:
            raise IndexNotFound(f"{LIVE_NAME} names no index version") from error

    def changed_at(self) -> tuple[int, int] | None:
        """Differs whenever something was published in between; None before the first."""
        try:
            found = (self.root / LIVE_NAME).stat()
        except FileNotFoundError:
            return None
        return (found.st_ino, found.st_mtime_ns)

    def add(
        self,
        part: Part,
        version: str,
        *,
        write: Callable[[Path], None],
        verify: Callable[[Path], object],
    ) -> None:
        """Let `write` fill a folder and `verify` read it back; only then does the version exist."""
        parent = self.root / part
        parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{version}-", dir=parent))
        try:
            write(draft)
            _flush_tree(draft)
            verify(draft)
            draft.chmod(0o755)
            draft.replace(parent / version)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _flush(parent)

    def publish(self, live: Live) -> None:
        """Let these versions be searched, then remove versions that are too old."""
        named = {Part(part): version for part, version in asdict(live).items()}
        for part, version in named.items():
            if version is not None:
                self.folder(part, version)
        with tempfile.NamedTemporaryFile(
            "w", dir=self.root, prefix=".live-", delete=False, encoding="utf-8"
        ) as pointer:
            json.dump(asdict(live), pointer)
            pointer.flush()
            os.fsync(pointer.fileno())
        Path(pointer.name).chmod(0o644)
        Path(pointer.name).replace(self.root / LIVE_NAME)
        _flush(self.root)
        for part, version in named.items():
            self._prune(part, live=version)

    def _prune(self, part: Part, *, live: str | None) -> None:
        """Processes that still search a removed version keep its open files until they let go."""
        others = [version for version in self.versions(part) if version != live]
        for version in others[: max(0, len(others) - (self._keep - 1))]:
            shutil.rmtree(self.root / part / version, ignore_errors=True)


def _flush_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        _flush(path)
    _flush(folder)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
