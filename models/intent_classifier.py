"""IntentModel: ranks the intents of an utterance. Knows nothing about routes or customers."""

from collections.abc import Mapping, Sequence

import numpy as np

from models.checkpoint import Checkpoint
from models.errors import CheckpointError
from models.intent_heads import IntentHeads
from models.types import Doubles, Encoder, Floats, RankedIntents

KIND = "intent"
TOP = 5
_UNREADABLE = 2.0  # out-of-scope score of a language without heads: well above the cut of 1


class IntentModel:
    """One set of heads for each language over one frozen encoder. Safe from many threads."""

    def __init__(
        self,
        heads: Mapping[str, IntentHeads],
        encoder: Encoder,
        *,
        version: str = "unsaved",
        thresholds: Mapping[str, float] | None = None,
    ) -> None:
        self._heads = dict(heads)
        self._encoder = encoder
        self._version = version
        self._thresholds = dict(thresholds or {})

    @property
    def version(self) -> str:
        return self._version

    @property
    def thresholds(self) -> Mapping[str, float]:
        return self._thresholds

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(self._heads))

    @property
    def labels(self) -> tuple[str, ...]:
        """Every intent of any language, in alphabetical order."""
        return tuple(sorted({label for heads in self._heads.values() for label in heads.labels}))

    def predict(
        self, texts: Sequence[str], *, language: str, top: int = TOP
    ) -> list[RankedIntents]:
        """One ranking for each text; a language that was never trained gets empty rankings."""
        heads = self._heads.get(language)
        if heads is None:
            return [RankedIntents((), out_of_scope_score=_UNREADABLE) for _ in texts]
        if not texts:
            return []
        log_probs, scores = heads.read(texts, self._vectors(heads, texts))
        return [
            RankedIntents(_rank(heads.labels, row, top), float(score))
            for row, score in zip(np.exp(log_probs), scores, strict=True)
        ]

    def _vectors(self, heads: IntentHeads, texts: Sequence[str]) -> Floats | None:
        return self._encoder.encode(texts) if heads.needs_encoder else None


def restore_intent_model(checkpoint: Checkpoint, encoder: Encoder) -> IntentModel:
    """Rebuild from a verified checkpoint; the encoder must be the one it was fitted with."""
    manifest = checkpoint.manifest
    if manifest.encoder_revision != encoder.revision:
        raise CheckpointError(
            f"{manifest.version} was fitted with the encoder {manifest.encoder_revision}, "
            f"not {encoder.revision}: train again, or set the encoder back"
        )
    heads = {
        language: IntentHeads.restore(
            manifest.labels[language],
            manifest.settings[language],
            checkpoint.documents[f"vocabulary.{language}.json"],
            checkpoint.tensors[f"heads.{language}.safetensors"],
        )
        for language in manifest.languages
    }
    return IntentModel(
        heads, encoder, version=manifest.version, thresholds=dict(manifest.thresholds)
    )


def _rank(labels: Sequence[str], probabilities: Doubles, top: int) -> tuple[tuple[str, float], ...]:
    best = np.argsort(-probabilities, kind="stable")[:top]
    return tuple((labels[index], float(probabilities[index])) for index in best)
