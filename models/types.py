"""Plain values and seams shared by the models of this room. Imports no torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.int64]
Tensors = Mapping[str, NDArray[Any]]


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into unit vectors; safe to call from many threads."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    @property
    def revision(self) -> str:
        """Identifies the weights; a head or an index belongs to exactly one revision."""

    @property
    def reads_cjk(self) -> bool:
        """Whether Chinese text becomes words rather than unknown tokens."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text, in order: (n, dimension)."""


@dataclass(frozen=True, slots=True)
class NearestExample:
    """A training text close to an utterance: why the model believes what it believes."""

    text: str
    intent: str
    similarity: float  # cosine, -1 to 1


@dataclass(frozen=True, slots=True)
class RankedIntents:
    """Intents with calibrated probabilities, best first, and how strange the text is."""

    ranking: tuple[tuple[str, float], ...]
    # 0 is a typical in-scope utterance, above 1 is out of scope, in every language
    out_of_scope_score: float
    nearest: tuple[NearestExample, ...] = ()  # training examples, most similar first
    signals: tuple[tuple[str, float], ...] = ()  # what each head said, by name, for explanations


class IntentRanker(Protocol):
    """What the adapter in routing needs of an intent model, real or fake."""

    @property
    def version(self) -> str:
        """Identifies weights, data and calibration."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The policy's dials by name."""

    def predict(self, texts: Sequence[str], *, language: str) -> list[RankedIntents]:
        """One ranking for each text, in order."""
