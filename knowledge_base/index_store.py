"""Keep index versions on disk: write whole, publish, prune. Knows folders, not what is in them.

A version is written to a hidden folder, flushed, verified and renamed; `live.json` is replaced
after that. Whatever moment a process is killed at, `live.json` names a whole version.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from knowledge_base.errors import IndexNotFound

LIVE_NAME = "live.json"


class IndexStore:
    """The folder that holds every index version."""

    def __init__(self, root: Path, *, keep: int = 3) -> None:
        self.root = root
        self._keep = keep

    def folder(self, version: str) -> Path:
        """Where a version lies; `IndexNotFound` when it does not."""
        folder = self.root / version
        if version not in self.versions():
            raise IndexNotFound(f"there is no index version {version!r}")
        return folder

    def versions(self) -> list[str]:
        """Names of the whole versions, oldest first."""
        if not self.root.is_dir():
            return []
        return sorted(
            path.name for path in self.root.iterdir() if path.is_dir() and path.name[0] != "."
        )

    def live(self) -> str:
        """Name of the published version; `IndexNotFound` before the first."""
        try:
            pointer = json.loads((self.root / LIVE_NAME).read_bytes())
            return str(pointer["version"])
        except FileNotFoundError:
            raise IndexNotFound("no index version was published yet") from None
        except (ValueError, KeyError, TypeError) as error:
            raise IndexNotFound(f"{LIVE_NAME} names no index version") from error

    def add(
        self, version: str, write: Callable[[Path], None], verify: Callable[[Path], object]
    ) -> None:
        """Let `write` fill a folder and `verify` read it back; only then does the version exist."""
        self.root.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{version}-", dir=self.root))
        try:
            write(draft)
            _flush_tree(draft)
            verify(draft)
            draft.chmod(0o755)
            draft.replace(self.root / version)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _flush(self.root)

    def publish(self, version: str) -> None:
        """Make a version the live one, then remove versions that are too old."""
        self.folder(version)
        with tempfile.NamedTemporaryFile(
            "w", dir=self.root, prefix=".live-", delete=False, encoding="utf-8"
        ) as pointer:
            json.dump({"version": version}, pointer)
            pointer.flush()
            os.fsync(pointer.fileno())
        Path(pointer.name).chmod(0o644)
        Path(pointer.name).replace(self.root / LIVE_NAME)
        _flush(self.root)
        self._prune(live=version)

    def _prune(self, *, live: str) -> None:
        """Processes that still search a removed version keep its open files until they let go."""
        others = [version for version in self.versions() if version != live]
        for version in others[: max(0, len(others) - (self._keep - 1))]:
            shutil.rmtree(self.root / version, ignore_errors=True)


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
