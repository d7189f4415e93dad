"""The heads of one language: encoder views and a lexical view, blended, calibrated, with a scope
score and the nearest training texts. Knows neither an encoder's weights nor where a decision leads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from models.calibration import apply_temperature, log_softmax
from models.errors import CheckpointError
from models.familiarity import SIGNALS, Memory, judge, signals
from models.lexical import LexicalModel
from models.linear_head import LinearHead
from models.scope import ScopeScale
from models.types import Doubles, Floats, NearestExample

NEAREST = 3
BASE = "base"  # the frozen encoder: its vectors are remembered and judge what is in scope
SECOND = "second"  # another frozen encoder, where a recipe asks for the last point
TUNED = "tuned"  # an encoder that the checkpoint carries itself
LEXICAL = "lexical"
Vectors = Mapping[str, Floats]  # view -> (n, dimension)


@dataclass(frozen=True, slots=True)
class HeadSettings:
    """What was chosen on held-out data."""

    # exponents of the views' probabilities in the product
    weights: Mapping[str, float] = field(default_factory=lambda: {LEXICAL: 1.0})
    temperature: float = 1.0
    scale: ScopeScale = field(default_factory=ScopeScale)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the heads see in n texts."""

    log_probs: Doubles  # calibrated: (n, labels); where strangers are a class they sum to less
    out_of_scope: Doubles  # (n,)
    nearest: list[tuple[NearestExample, ...]]


@dataclass(frozen=True, slots=True)
class IntentHeads:
    """Everything fitted for one language. Without an encoder the lexical view stands alone."""

    labels: tuple[str, ...]
    lexical: LexicalModel
    memory: Memory
    texts: tuple[str, ...]  # the remembered training texts
    encoder_heads: Mapping[str, LinearHead] = field(default_factory=dict)
    settings: HeadSettings = field(default_factory=HeadSettings)

    def read(self, texts: Sequence[str], vectors: Vectors) -> Seen:
        """Calibrated log probabilities, out-of-scope scores and nearest examples."""
        words = self.lexical.features.transform(texts)
        scores = self._view_scores(words, vectors)
        logs = {view: log_softmax(raw) for view, raw in scores.items()}
        judge_view, base = self._judge(vectors)
        familiar, near = judge(self.memory, scores[judge_view], words, base, count=NEAREST)
        return Seen(
            log_probs=self._calibrated(logs)[:, : len(self.labels)],
            out_of_scope=self.settings.scale.score(familiar),
            nearest=[tuple(self._example(*pair) for pair in pairs) for pairs in near],
        )

    def view_log_probs(self, words: csr_matrix, vectors: Vectors) -> dict[str, Doubles]:
        """Log probabilities of every view: (n, labels) each, one column more with strangers."""
        scores = self._view_scores(words, vectors)
        return {view: log_softmax(raw) for view, raw in scores.items()}

    def _calibrated(self, logs: Mapping[str, Doubles]) -> Doubles:
        return apply_temperature(blend(logs, self.settings.weights), self.settings.temperature)

    def _view_scores(self, words: csr_matrix, vectors: Vectors) -> dict[str, Doubles]:
        found = {LEXICAL: self.lexical.head.scores(words)}
        for view, head in self.encoder_heads.items():
            found[view] = head.scores(vectors[view])
        return found

    def signals(self, words: csr_matrix, vectors: Vectors) -> Doubles:
        """Signals of familiarity: (n, signals)."""
        view, base = self._judge(vectors)
        head = self.lexical.head if base is None else self.encoder_heads[view]
        return signals(self.memory, head.scores(words if base is None else base), words, base)

    def _judge(self, vectors: Vectors) -> tuple[str, Floats | None]:
        """The view that judges and its vectors: the frozen encoder's, else words alone."""
        base = vectors.get(BASE)
        if base is None or BASE not in self.encoder_heads:
            return LEXICAL, None
        return BASE, base

    def _example(self, place: int, similarity: float) -> NearestExample:
        intent = self.labels[int(self.memory.targets[place])]
        return NearestExample(self.texts[place], intent, round(similarity, 4))


def blend(views: Mapping[str, Doubles], weights: Mapping[str, float]) -> Doubles:
    """Log-linear: the views' log probabilities, weighted and summed: (n, labels)."""
    chosen = {view: weight for view, weight in weights.items() if weight}
    total = sum(weight * views[view] for view, weight in chosen.items())
    return np.asarray(total, dtype=np.float64)


def settings_document(settings: HeadSettings) -> dict[str, Any]:
    """The settings as plain JSON."""
    return {
        "weights": dict(settings.weights),
        "temperature": settings.temperature,
        "out_of_scope_scale": settings.scale.as_dict(),
    }


def restore_settings(document: Mapping[str, Any]) -> HeadSettings:
    scale = ScopeScale.from_dict(document["out_of_scope_scale"])
    if len(scale.weights) != len(SIGNALS):
        raise CheckpointError(
            f"the scope score was fitted with {len(scale.weights)} signals, this code has "
            f"{len(SIGNALS)}: train again"
        )
    return HeadSettings(
        weights={view: float(weight) for view, weight in document["weights"].items()},
        temperature=float(document["temperature"]),
        scale=scale,
    )
