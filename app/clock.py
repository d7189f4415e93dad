"""The only source of time. Tests replace `utc_now`."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """2026-11-23T06:41:36.123456Z"""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
