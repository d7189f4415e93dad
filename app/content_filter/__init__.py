"""Public surface of the content filter: pure text rules, no database, no network."""

from app.content_filter.findings import FilterAction, FilterResult, Finding, FindingType
from app.content_filter.inspector import inspect, inspect_output, mask_for_log
from app.content_filter.links import CANARY_PREFIX
from app.content_filter.streaming import SentenceFilter

__all__ = [
    "CANARY_PREFIX",
    "FilterAction",
    "FilterResult",
    "Finding",
    "FindingType",
    "SentenceFilter",
    "inspect",
    "inspect_output",
    "mask_for_log",
]
