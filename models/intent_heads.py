"""The heads of one language: encoder head and lexical head, blended, calibrated, with a stranger
score. Knows neither the encoder's weights nor where a decision leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scipy.sparse import csr_matrix

from models.calibration import apply_temperature
from models.lexical import LexicalFeatures, LexicalModel
from models.linear_head import LinearHead
from models.strangers import StrangerScale, familiarity
from models.types import Doubles, Floats, Tensors


@dataclass(frozen=True, slots=True)
class HeadSettings:
    """What was chosen on held-out data."""

    lexical_weight: float = 1.0  # of the lexical head's log probabilities; the encoder's is 1
    temperature: float = 1.0
    scale: StrangerScale = field(default_factory=lambda: StrangerScale((0.0,), (1.0,)))


@dataclass(frozen=True, slots=True)
class IntentHeads:
    """Everything fitted for one language. `vectors` are None where no encoder reads it."""

    labels: tuple[str, ...]
    lexical: LexicalModel
    lexical_memory: csr_matrix  # features of the training texts: (texts, features)
    encoder_head: LinearHead | None = None
    encoder_memory: Floats | None = None  # vectors of the training texts: (texts, dimension)
    settings: HeadSettings = field(default_factory=HeadSettings)

    @property
    def needs_encoder(self) -> bool:
        return self.encoder_head is not None

    def read(self, texts: Sequence[str], vectors: Floats | None) -> tuple[Doubles, Doubles]:
        """Calibrated log probabilities (n, labels) and out-of-scope scores (n,)."""
        features = self.lexical.features.transform(texts)
        lexical = self.lexical.head.log_probs(features)
        encoder = self._encoder_log_probs(vectors)
        blended = blend(encoder, lexical, self.settings.lexical_weight)
        log_probs = apply_temperature(blended, self.settings.temperature)
        return log_probs, self.settings.scale.score(self.signals(features, vectors))

    def signals(self, features: csr_matrix, vectors: Floats | None) -> Doubles:
        """How familiar a text is, by the encoder where there is one: (n, 3)."""
        if vectors is not None and self.encoder_head is not None:
            assert self.encoder_memory is not None
            scores = self.encoder_head.scores(vectors)
            return familiarity(scores, vectors @ self.encoder_memory.T)
        return familiarity(self.lexical.head.scores(features), features @ self.lexical_memory.T)

    def _encoder_log_probs(self, vectors: Floats | None) -> Doubles | None:
        if self.encoder_head is None:
            return None
        assert vectors is not None, "this language was fitted with an encoder"
        return self.encoder_head.log_probs(vectors)

    def tensors(self) -> Tensors:
        memory = self.lexical_memory
        found: dict[str, Any] = {
            **self.lexical.features.tensors(),
            **self.lexical.head.tensors("lexical"),
            "lexical.memory.data": memory.data,
            "lexical.memory.indices": memory.indices,
            "lexical.memory.indptr": memory.indptr,
        }
        if self.encoder_head is not None and self.encoder_memory is not None:
            found |= {**self.encoder_head.tensors("encoder"), "encoder.memory": self.encoder_memory}
        return found

    def settings_document(self) -> dict[str, Any]:
        return {
            "lexical_weight": self.settings.lexical_weight,
            "temperature": self.settings.temperature,
            "out_of_scope_scale": self.settings.scale.as_dict(),
        }

    @classmethod
    def restore(
        cls,
        labels: Sequence[str],
        settings: Mapping[str, Any],
        vocabulary: Sequence[Mapping[str, Any]],
        tensors: Tensors,
    ) -> "IntentHeads":
        """Rebuild from what was saved."""
        features = LexicalFeatures.restore(vocabulary, tensors)
        head = LinearHead.from_tensors(tensors, "lexical")
        memory_parts = tuple(tensors[f"lexical.memory.{p}"] for p in ("data", "indices", "indptr"))
        width = head.weight.shape[1]
        has_encoder = "encoder.memory" in tensors
        return cls(
            labels=tuple(labels),
            lexical=LexicalModel(features, head),
            lexical_memory=csr_matrix(memory_parts, shape=(len(memory_parts[2]) - 1, width)),
            encoder_head=LinearHead.from_tensors(tensors, "encoder") if has_encoder else None,
            encoder_memory=tensors["encoder.memory"] if has_encoder else None,
            settings=HeadSettings(
                lexical_weight=float(settings["lexical_weight"]),
                temperature=float(settings["temperature"]),
                scale=StrangerScale.from_dict(settings["out_of_scope_scale"]),
            ),
        )


def blend(encoder: Doubles | None, lexical: Doubles, lexical_weight: float) -> Doubles:
    """Log-linear: the encoder's log probabilities plus the weighted lexical ones."""
    return lexical if encoder is None else encoder + lexical_weight * lexical
