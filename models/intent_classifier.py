"""IntentModel: ranks the intents of an utterance. Knows nothing about routes or customers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from tokenizers import Tokenizer

from models import romanised
from models.checkpoint import Checkpoint
from models.encoder_shelf import EncoderShelf
from models.errors import CheckpointError
from models.heads_file import restore_heads
from models.intent_heads import BASE, SECOND, TUNED, IntentHeads
from models.onnx_encoder import OnnxEncoder
from models.types import Doubles, Encoder, RankedIntents

KIND = "intent"
TOP = 5
_UNREADABLE = 2.0  # out-of-scope score of a language without heads: well above the cut of 1


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """The heads of one language with the encoders of their views."""

    heads: IntentHeads
    encoders: Mapping[str, Encoder] = field(default_factory=dict)  # view -> encoder


class IntentModel:
    """One language model for each language. Safe from many threads."""

    def __init__(
        self,
        languages: Mapping[str, LanguageModel],
        *,
        version: str = "unsaved",
        thresholds: Mapping[str, float] | None = None,
    ) -> None:
        self._languages = dict(languages)
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
        return tuple(sorted(self._languages))

    @property
    def labels(self) -> tuple[str, ...]:
        """Every intent of any language, in alphabetical order."""
        found = {label for model in self._languages.values() for label in model.heads.labels}
        return tuple(sorted(found))

    def predict(
        self, texts: Sequence[str], *, language: str, top: int = TOP
    ) -> list[RankedIntents]:
        """One ranking for each text; a language that was never trained gets empty rankings."""
        model = self._languages.get(language)
        if model is None:
            return [RankedIntents((), out_of_scope_score=_UNREADABLE) for _ in texts]
        if not texts:
            return []
        if language == romanised.LANGUAGE:
            texts = romanised.feature_texts(texts)
        vectors = {view: encoder.encode(texts) for view, encoder in model.encoders.items()}
        seen = model.heads.read(texts, vectors)
        return [
            RankedIntents(_rank(model.heads.labels, row, top), float(score), nearest)
            for row, score, nearest in zip(
                np.exp(seen.log_probs), seen.out_of_scope, seen.nearest, strict=True
            )
        ]


def restore_intent_model(checkpoint: Checkpoint, encoders: EncoderShelf) -> IntentModel:
    """Rebuild from a verified checkpoint; the encoders must be those it was fitted with."""
    manifest = checkpoint.manifest
    return IntentModel(
        {
            language: _restore_language(checkpoint, language, encoders)
            for language in manifest.languages
        },
        version=manifest.version,
        thresholds=dict(manifest.thresholds),
    )


def _restore_language(
    checkpoint: Checkpoint, language: str, encoders: EncoderShelf
) -> LanguageModel:
    settings = checkpoint.manifest.settings[language]
    heads = restore_heads(
        checkpoint.manifest.labels[language],
        settings,
        checkpoint.documents[f"heads.{language}.json"],
        checkpoint.tensors[f"heads.{language}.safetensors"],
    )
    found: dict[str, Encoder] = {}
    frozen = {BASE: ("encoder", encoders.find), SECOND: ("second", encoders.second)}
    for view, (wanted, find) in frozen.items():
        if view in settings["views"]:
            found[view] = _verified(checkpoint, settings[wanted], find(language))
    if TUNED in settings["views"]:
        found[TUNED] = _own_encoder(checkpoint, language)
    return LanguageModel(heads, found)


def _verified(checkpoint: Checkpoint, wanted: str, encoder: Encoder | None) -> Encoder:
    revision = None if encoder is None else encoder.revision
    if encoder is None or revision != wanted:
        raise CheckpointError(
            f"{checkpoint.manifest.version} was fitted with the encoder {wanted}, "
            f"not {revision or 'without one'}: train again, or set the encoder back"
        )
    return encoder


def _own_encoder(checkpoint: Checkpoint, language: str) -> Encoder:
    """The encoder that the checkpoint carries; its bytes are verified like every file."""
    facts = checkpoint.manifest.settings[language]["tuned"]
    return OnnxEncoder(
        checkpoint.graphs[f"encoder.{language}.onnx"],
        Tokenizer.from_str(json.dumps(checkpoint.documents[f"tokenizer.{language}.json"])),
        name=facts["name"],
        prefix=facts["prefix"],
        reads_cjk=facts["reads_cjk"],
    )


def _rank(labels: Sequence[str], probabilities: Doubles, top: int) -> tuple[tuple[str, float], ...]:
    best = np.argsort(-probabilities, kind="stable")[:top]
    return tuple((labels[index], float(probabilities[index])) for index in best)
