"""Passwords with argon2id. An unknown account costs the same time as a wrong password."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def verify_password(password: str, stored: str | None) -> bool:
    """Whether it matches; without a stored hash a dummy is checked, so that time tells nothing."""
    try:
        _hasher.verify(stored or _dummy_hash(), password)
    except (VerifyMismatchError, InvalidHashError, UnicodeEncodeError):
        return False
    return stored is not None


@cache
def _dummy_hash() -> str:
    return _hasher.hash("no such account")
