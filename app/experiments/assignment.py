"""Which variant a unit belongs to. Pure: the same answer in every process and in the browser."""

import hashlib
from collections.abc import Sequence

SPACE = 2**64


def position_of(salt: str, unit: str) -> float:
    """A point in [0, 1): the first 8 bytes of SHA-256(`salt|unit`), big-endian, over 2^64."""
    digest = hashlib.sha256(f"{salt}|{unit}".encode()).digest()
    return int.from_bytes(digest[:8]) / SPACE


def choose_variant(salt: str, unit: str, variants: Sequence[tuple[str, float]]) -> str:
    """The (key, weight) whose share of the cumulated weights holds the unit's point."""
    point = position_of(salt, unit) * sum(weight for _, weight in variants)
    cumulated = 0.0
    for key, weight in variants:
        cumulated += weight
        if point < cumulated:
            return key
    return variants[-1][0]  # rounding at the far end
