"""What can go wrong in routing.

RoutingError
├── TaxonomyError      intents.yaml is not valid
├── DatasetError       training or evaluation data is not usable
├── RouterOverloaded   more utterances wait for the intent model than it may hold
└── CheckpointRefused  no checkpoint can serve: none is live, or none passes its checks
"""


class RoutingError(Exception):
    """Base of all routing errors."""


class TaxonomyError(RoutingError):
    """The taxonomy file is not valid; the message names the intent and the field."""


class DatasetError(RoutingError):
    """A data set cannot be used; the message names the file and the line."""


class RouterOverloaded(RoutingError):
    """Too many utterances wait for the intent model: try again in a moment."""


class CheckpointRefused(RoutingError):
    """A checkpoint cannot serve; the message says which, and why."""
