"""Ed25519 keys that sign audit blocks: loaded from a file, made on first start."""

import contextlib
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.ids import new_id

KEY_FILE = "audit_signing.key"
TRUSTED_FILE = "audit_trusted_keys.txt"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs block hashes with one private key, and knows every public key it may trust."""

    private_key: Ed25519PrivateKey = field(repr=False)
    trusted: Mapping[str, bytes]  # key id -> public key, retired keys included

    @property
    def public_key(self) -> bytes:
        return self.private_key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        return key_id_of(self.public_key)

    def sign(self, digest: bytes) -> bytes:
        return self.private_key.sign(digest)


def load_signer(folder: Path) -> Signer:
    """The signer of this installation; its key file (mode 600) is made on the first start.

    A key that is replaced stays trusted while its public half (hexadecimal, one a line) is in
    `audit_trusted_keys.txt` beside it. Several replicas must share the key file.
    """
    key_path = folder / KEY_FILE
    if not key_path.exists():
        _create_key(key_path)
    return build_signer(key_path.read_bytes(), retired=_retired_keys(folder / TRUSTED_FILE))


def build_signer(seed: bytes, *, retired: tuple[bytes, ...] = ()) -> Signer:
    """A signer from the 32 bytes of a private key."""
    private_key = Ed25519PrivateKey.from_private_bytes(seed)
    public_keys = (*retired, private_key.public_key().public_bytes_raw())
    return Signer(private_key, {key_id_of(key): key for key in public_keys})


def key_id_of(public_key: bytes) -> str:
    """The first 16 hexadecimal digits of SHA-256 of the public key."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def is_signed(digest: bytes, signature: bytes, public_key: bytes) -> bool:
    """Whether the holder of `public_key` signed `digest`."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, digest)
    except (InvalidSignature, ValueError):
        return False
    return True


def _create_key(path: Path) -> None:
    """Write a whole key under another name, then link it: two processes agree on one key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{new_id()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(Ed25519PrivateKey.generate().private_bytes_raw())
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):  # another process was first: use its key
        os.link(draft, path)
    draft.unlink()


def _retired_keys(path: Path) -> tuple[bytes, ...]:
    if not path.exists():
        return ()
    return tuple(bytes.fromhex(line) for line in path.read_text().split())
