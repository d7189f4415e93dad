"""Opaque secrets: make, hash, compare, seal. High-entropy tokens need no slow hash."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

WIDGET_PREFIX = "sbw_"
STAFF_PREFIX = "sbs_"
KEY_PREFIX = "sb_"


def new_token(prefix: str) -> str:
    """256 random bits behind a prefix that tells what it is."""
    return prefix + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """SHA-256 in hex: what the database keeps instead of the token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class NewKey:
    """A fresh API key: the whole is shown once, prefix and hash are stored."""

    whole: str
    prefix: str
    secret_hash: str


def new_api_key() -> NewKey:
    """`sb_<prefix>_<secret>` with 8 hex characters and 256 random bits."""
    prefix, secret = secrets.token_hex(4), secrets.token_hex(32)
    return NewKey(f"{KEY_PREFIX}{prefix}_{secret}", prefix, hash_token(secret))


def split_api_key(whole: str) -> tuple[str, str] | None:
    """Prefix and secret of `sb_<prefix>_<secret>`, or None when it has another form."""
    parts = whole.split("_")
    if len(parts) != 3 or parts[0] != "sb" or not parts[1] or not parts[2]:
        return None
    return parts[1], parts[2]


def same(left: str, right: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(left.encode("utf-8", "replace"), right.encode("utf-8", "replace"))


def keyed_hash(key: str, *parts: str) -> str:
    """HMAC-SHA256 in hex over the parts; for short codes and derived tokens."""
    message = "\x1f".join(parts).encode("utf-8", "replace")
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


class Sealer:
    """Encrypts what must be readable again, such as an inbox secret."""

    def __init__(self, secret_key: str) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"switchboard sealed text v1").derive(
            secret_key.encode()
        )
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text; ValueError when it was sealed under another key."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as bad:
            raise ValueError("sealed under another secret key") from bad
