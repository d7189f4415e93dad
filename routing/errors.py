"""What can go wrong in routing.

RoutingError
├── TaxonomyError      intents.yaml is not valid
└── DatasetError       training or evaluation data is not usable
"""


class RoutingError(Exception):
    """Base of all routing errors."""


class TaxonomyError(RoutingError):
    """The taxonomy file is not valid; the message names the intent and the field."""


class DatasetError(RoutingError):
    """A data set cannot be used; the message names the file and the line."""
