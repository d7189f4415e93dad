"""The facts that travel with an index version. Knows JSON, no index."""

import hashlib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge_base.errors import IndexDamaged
from knowledge_base.evidence import Calibration

MANIFEST_NAME = "manifest.json"


class IndexManifest(BaseModel):
    """What an index version was built from, and how to tell that it is whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = 2
    # digest of the code that built it: other code may cut or read words otherwise
    builder: str = ""
    part: str  # base | changes | history
    version: str
    beside: str | None = None  # the base that these changes belong to
    hides: tuple[str, ...] = ()  # documents of that base that changed or are gone
    created_at: str
    encoder_revision: str
    reranker: str | None = None  # revision of what ordered the hits that a base is calibrated to
    dimension: int
    documents: int
    chunks: int
    examples: int
    vectors: int
    reused_vectors: int
    vector_index: str  # how exact, see faiss_index
    locales: tuple[str, ...]
    intents: tuple[str, ...]  # that a document is tagged with
    calibration: dict[str, Calibration]  # how confident an answer is, per locale
    digests: dict[str, str]  # SHA-256 of every other file of the version


@cache
def builder_digest() -> str:
    """Changes when any module of this room changes."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def write_manifest(folder: Path, manifest: IndexManifest) -> None:
    """Write the manifest into the version's folder."""
    (folder / MANIFEST_NAME).write_text(manifest.model_dump_json(indent=2), encoding="utf-8")


def read_manifest(folder: Path) -> IndexManifest:
    """Read the manifest; `IndexDamaged` when it is missing or not one of ours."""
    try:
        return IndexManifest.model_validate_json((folder / MANIFEST_NAME).read_bytes())
    except (OSError, ValidationError) as error:
        raise IndexDamaged(f"index version {folder.name} has no readable manifest") from error


def digest_files(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below the folder except the manifest, by relative name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): _digest(path)
        for path in files
        if path.name != MANIFEST_NAME
    }


def verify_digests(folder: Path, manifest: IndexManifest) -> None:
    """Refuse a version with a missing, changed or additional file."""
    found = digest_files(folder)
    if found != manifest.digests:
        wrong = sorted(
            name
            for name in found.keys() | manifest.digests.keys()
            if found.get(name) != manifest.digests.get(name)
        )
        raise IndexDamaged(
            f"index version {folder.name}: {', '.join(wrong)} differ from the manifest"
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
