"""What is live for a kind of model: `<root>/<kind>/<version>/` and one `live.json` beside them.

Pointers are replaced atomically, so a reader sees the old version or the new one; who changes one
holds a file lock. `shadow.json` names a version that is only compared.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.checkpoint import MANIFEST, verify_checkpoint
from models.errors import RegistryError

_POINTER = "live.json"
_SHADOW = "shadow.json"
_LOCK = ".lock"
_HISTORY = 20  # versions that a rollback can reach


@dataclass(frozen=True, slots=True)
class LivePointer:
    """The live version and those before it, latest last."""

    version: str
    previous: tuple[str, ...]
    promoted_at: str


class ModelRegistry:
    """Promote, roll back and find checkpoints under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, kind: str, version: str) -> Path:
        return self.root / kind / version

    def list(self, kind: str) -> list[str]:
        """The saved versions of a kind, oldest first."""
        found = [path.parent for path in (self.root / kind).glob(f"*/{MANIFEST}")]
        visible = [folder for folder in found if not folder.name.startswith(".")]
        visible.sort(key=lambda folder: ((folder / MANIFEST).stat().st_mtime_ns, folder.name))
        return [folder.name for folder in visible]

    def find_live(self, kind: str) -> Path | None:
        """The folder of the live version, None where nothing was promoted."""
        pointer = self.find_pointer(kind)
        return None if pointer is None else self.folder(kind, pointer.version)

    def live(self, kind: str) -> Path:
        """The folder of the live version; RegistryError where nothing was promoted."""
        folder = self.find_live(kind)
        if folder is None:
            raise RegistryError(f"no {kind} model is live: train one and promote it")
        return folder

    def find_pointer(self, kind: str) -> LivePointer | None:
        try:
            facts = json.loads((self.root / kind / _POINTER).read_text(encoding="utf-8"))
            return LivePointer(facts["version"], tuple(facts["previous"]), facts["promoted_at"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as broken:
            raise RegistryError(
                f"{_POINTER} of {kind} is damaged: promote a version again"
            ) from broken

    def promote(self, kind: str, version: str) -> Path:
        """Make a version live after verifying every digest. Safe to call twice."""
        folder = self._verify(kind, version)
        with self.changing(kind):
            pointer = self._pointer_or_none(kind)
            if pointer is None:
                self._write(kind, version, ())
            elif pointer.version != version:
                self._write(kind, version, (*pointer.previous, pointer.version))
        return folder

    def rollback(self, kind: str) -> Path:
        """Make the version before the live one live again."""
        with self.changing(kind):
            pointer = self.find_pointer(kind)
            if pointer is None or not pointer.previous:
                raise RegistryError(f"no earlier {kind} model to go back to")
            earlier = pointer.previous[-1]
            folder = self._verify(kind, earlier)
            self._write(kind, earlier, pointer.previous[:-1])
        return folder

    def restore(self, kind: str, pointer: LivePointer | None) -> None:
        """Put a pointer back as it was: the change around it did not come about."""
        with self.changing(kind):
            if pointer is None:
                (self.root / kind / _POINTER).unlink(missing_ok=True)
            else:
                self._write(kind, pointer.version, pointer.previous)

    def find_shadow(self, kind: str) -> str | None:
        """The version that scores the same traffic, without a say in it."""
        try:
            facts = json.loads((self.root / kind / _SHADOW).read_text(encoding="utf-8"))
            return str(facts["version"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as broken:
            raise RegistryError(f"{_SHADOW} of {kind} is damaged: set the shadow again") from broken

    def set_shadow(self, kind: str, version: str | None) -> None:
        """Compare a version after verifying every digest; None ends the comparison."""
        if version is not None:
            self._verify(kind, version)
        with self.changing(kind):
            if version is None:
                (self.root / kind / _SHADOW).unlink(missing_ok=True)
            else:
                self._replace(kind, _SHADOW, {"version": version, "since": _now()})

    @contextmanager
    def changing(self, kind: str) -> Iterator[None]:
        """One thread of one process at a time changes what is live; do not nest."""
        folder = self.root / kind
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _verify(self, kind: str, version: str) -> Path:
        folder = self.folder(kind, version)
        manifest = verify_checkpoint(folder)
        if manifest.kind != kind or manifest.version != version:
            raise RegistryError(f"{folder} holds {manifest.kind} {manifest.version}")
        return folder

    def _pointer_or_none(self, kind: str) -> LivePointer | None:
        try:
            return self.find_pointer(kind)
        except RegistryError:  # promoting again is the remedy for a damaged pointer
            return None

    def _write(self, kind: str, version: str, previous: tuple[str, ...]) -> None:
        facts = {"version": version, "previous": previous[-_HISTORY:], "promoted_at": _now()}
        self._replace(kind, _POINTER, facts)

    def _replace(self, kind: str, name: str, facts: Mapping[str, object]) -> None:
        path = self.root / kind / name
        draft = path.with_suffix(f".{os.getpid()}.draft")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(facts, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def _now() -> str:
    return datetime.fromtimestamp(time.time(), tz=UTC).isoformat(timespec="seconds")
