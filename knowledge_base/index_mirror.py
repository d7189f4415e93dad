"""Share index versions between machines through any fsspec store. Knows files, not what is in them.

The builder sends whole parts, then the pointer; a reader fetches the parts that the pointer names,
holds them against their digests, then points to them itself. FAISS maps local files only, so every
machine keeps a copy of what it searches.
"""

import json
import logging
import shutil
import threading
import time
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec

from knowledge_base.errors import IndexDamaged, IndexNotFound, IndexUnavailable
from knowledge_base.index_store import LIVE_NAME, IndexStore, Live, Part
from knowledge_base.manifest import read_manifest, verify_digests

log = logging.getLogger(__name__)
CHECK_EVERY_S = 1.0


class IndexMirror:
    """The copy of an index store at an address such as `s3://bank/knowledge`."""

    def __init__(self, url: str, store: IndexStore, *, keep: int = 3) -> None:
        self._filesystem: Any
        self._filesystem, root = fsspec.core.url_to_fs(url)
        self._root = PurePosixPath(root)
        self._store = store
        self._keep = keep
        self._fetching = threading.Lock()
        self._fetched_at = float("-inf")

    def fetch_soon(self) -> None:
        """Fetch in a thread of its own, once a second at most: a search does not wait for files."""
        if time.monotonic() - self._fetched_at < CHECK_EVERY_S:
            return
        self._fetched_at = time.monotonic()
        threading.Thread(target=self._fetch_quietly, name="index-mirror", daemon=True).start()

    def send(self) -> None:
        """Send what is published here; the pointer last, so that readers find whole parts."""
        live = self._store.live()
        for part, version in _named(live).items():
            target = self._root / part / version
            if not self._filesystem.exists(str(target / "manifest.json")):
                self._put(self._store.folder(part, version), target)
        with self._filesystem.open(str(self._root / LIVE_NAME), "w") as pointer:
            json.dump(asdict(live), pointer)
        self._prune(live)

    def fetch(self) -> bool:
        """Whether something new is live here now; `IndexUnavailable` when it came damaged."""
        try:
            live = Live(**json.loads(self._filesystem.cat_file(str(self._root / LIVE_NAME))))
        except FileNotFoundError:
            return False
        except (ValueError, TypeError) as error:
            raise IndexNotFound("the shared pointer names no index version") from error
        if self._is_live(live):
            return False
        for part, version in _named(live).items():
            if version not in self._store.versions(part):
                self._get(part, version)
        self._store.publish(live)
        return True

    def _fetch_quietly(self) -> None:
        if not self._fetching.acquire(blocking=False):
            return  # the one before still copies
        try:
            self.fetch()
        except (IndexUnavailable, OSError):
            log.warning("knowledge_base.fetch_failed", exc_info=True)
        finally:
            self._fetching.release()

    def _is_live(self, live: Live) -> bool:
        try:
            return self._store.live() == live
        except IndexUnavailable:
            return False

    def _get(self, part: Part, version: str) -> None:
        source = self._root / part / version

        def write(folder: Path) -> None:
            try:
                self._filesystem.get(f"{source}/", f"{folder}/", recursive=True)
            except FileNotFoundError as error:
                raise IndexNotFound(f"index version {version} is gone from the store") from error

        def verify(folder: Path) -> None:
            manifest = read_manifest(folder)
            if manifest.version != version:
                raise IndexDamaged(f"the store holds {manifest.version} under {version}")
            verify_digests(folder, manifest)

        self._store.add(part, version, write=write, verify=verify)

    def _put(self, folder: Path, target: PurePosixPath) -> None:
        """The manifest last: a version with one is whole."""
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        for path in sorted(files, key=lambda path: path.name == "manifest.json"):
            place = str(target / path.relative_to(folder).as_posix())
            self._filesystem.makedirs(str(PurePosixPath(place).parent), exist_ok=True)
            with path.open("rb") as source, self._filesystem.open(place, "wb") as copy:
                shutil.copyfileobj(source, copy)

    def _prune(self, live: Live) -> None:
        for part, version in _named(live).items():
            folder = str(self._root / part)
            found = sorted(
                PurePosixPath(path).name for path in self._filesystem.ls(folder, detail=False)
            )
            others = [name for name in found if name != version]
            for name in others[: max(0, len(others) - (self._keep - 1))]:
                self._filesystem.rm(f"{folder}/{name}", recursive=True)


def _named(live: Live) -> dict[Part, str]:
    return {Part(part): version for part, version in asdict(live).items() if version is not None}
