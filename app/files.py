"""Files on any fsspec store: knowledge-base originals, exports."""

from pathlib import PurePosixPath
from typing import Any

import fsspec


class FileStore:
    """Named byte blobs under one root; names are relative paths without `..`."""

    def __init__(self, url: str) -> None:
        self._filesystem: Any
        self._filesystem, self._root = fsspec.core.url_to_fs(url)

    def write(self, name: str, content: bytes) -> None:
        path = self._path(name)
        self._filesystem.makedirs(str(PurePosixPath(path).parent), exist_ok=True)
        with self._filesystem.open(path, "wb") as target:
            target.write(content)

    def read(self, name: str) -> bytes:
        content: bytes = self._filesystem.cat_file(self._path(name))
        return content

    def exists(self, name: str) -> bool:
        return bool(self._filesystem.exists(self._path(name)))

    def _path(self, name: str) -> str:
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts:
            raise ValueError(f"not a file name inside the store: {name!r}")
        return f"{self._root}/{name}"
