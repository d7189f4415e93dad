"""Opaque identifiers: UUIDv7, so that they sort by creation."""

import uuid_utils


def new_id() -> str:
    """A new id, 36 characters."""
    return str(uuid_utils.uuid7())
