"""What does the customer want, and where does it go. Plain Python."""

from routing.errors import DatasetError, RoutingError, TaxonomyError
from routing.protocols import IntentClassifier
from routing.router import IntentRouter
from routing.taxonomy import Taxonomy, load_taxonomy
from routing.types import (
    Candidate,
    Classification,
    Intent,
    IntentScore,
    Level,
    Outcome,
    Priority,
    Route,
    RoutedPart,
    RoutingDecision,
    Thresholds,
    Utterance,
)

__all__ = [
    "Candidate",
    "Classification",
    "DatasetError",
    "Intent",
    "IntentClassifier",
    "IntentRouter",
    "IntentScore",
    "Level",
    "Outcome",
    "Priority",
    "Route",
    "RoutedPart",
    "RoutingDecision",
    "RoutingError",
    "Taxonomy",
    "TaxonomyError",
    "Thresholds",
    "Utterance",
    "load_taxonomy",
]
