"""What routing expects from a model room it does not know."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from routing.types import Classification, Thresholds


class IntentClassifier(Protocol):
    """Ranks intents for utterances of one language; safe to call from many threads."""

    @property
    def version(self) -> str:
        """Identifies weights, data and calibration; stored with every decision."""

    @property
    def thresholds(self) -> Thresholds:
        """The dials chosen with this model's held-out data."""

    def classify(self, texts: Sequence[str], *, language: str) -> list[Classification]:
        """One classification for each text, in order."""


@runtime_checkable
class LeasedClassifier(Protocol):
    """A classifier whose checkpoint may be replaced while it serves."""

    def lease(self, version: str | None = None) -> AbstractContextManager[IntentClassifier]:
        """One checkpoint until the end of the block; a version by name, or the live one."""
