"""What can go wrong with a generated answer. The turn translates it into its degrade ladder.

GenerationError
├── GenerationUnavailable  loading, full, gone or broken: go down the ladder, or try again later
├── GenerationTimeout      the deadline passed before the answer was complete
└── GenerationRejected     this request can never be served: its limits or its length
"""


class GenerationError(Exception):
    """Base of the errors of this room."""


class GenerationUnavailable(GenerationError):
    """Nobody can answer now; `retry_after` says in how many seconds it may be worth a try."""

    def __init__(self, reason: str, *, retry_after: float = 5.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class GenerationTimeout(GenerationError):
    """The answer did not end in time; text that was already streamed is incomplete."""


class GenerationRejected(GenerationError):
    """Trying again does not help."""
