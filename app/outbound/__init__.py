"""Calls to addresses that somebody else chose: only to where they may lead, and never for long."""

from app.outbound.addresses import AddressRefused, OutboundPolicy, require_allowed
from app.outbound.fetch import Fetched, Fetcher, FetchFailed, FetchLimits
from app.outbound.network import CheckedTransport

__all__ = [
    "AddressRefused",
    "CheckedTransport",
    "FetchFailed",
    "FetchLimits",
    "Fetched",
    "Fetcher",
    "OutboundPolicy",
    "require_allowed",
]
