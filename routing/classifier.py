"""The intent model behind routing's protocol: adapts values, gathers concurrent calls."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.checkpoint import load_checkpoint
from models.encoder_shelf import Encoders, as_shelf
from models.errors import BatcherFull
from models.fakes import FixedClassifier
from models.intent_classifier import KIND, restore_intent_model
from models.micro_batch import MicroBatcher
from models.types import IntentRanker, RankedIntents
from routing.errors import RouterOverloaded
from routing.risk_dial import thresholds_at
from routing.types import Classification, IntentScore, NearestExample, Signal, Thresholds

MAX_QUEUED = 1024  # utterances that may wait for the model in one process


class BatchedClassifier:
    """An IntentClassifier over any intent model; many threads share one forward pass."""

    def __init__(
        self,
        model: IntentRanker,
        *,
        thresholds: Thresholds | None = None,
        max_batch: int = 32,
        max_queued: int = MAX_QUEUED,
    ) -> None:
        self._model = model
        self._thresholds = thresholds or Thresholds(**model.thresholds)
        self._batcher: MicroBatcher[tuple[str, str], RankedIntents] = MicroBatcher(
            self._predict, max_batch=max_batch, max_queued=max_queued, name="intent-batcher"
        )

    @property
    def version(self) -> str:
        return self._model.version

    @property
    def thresholds(self) -> Thresholds:
        return self._thresholds

    def classify(self, texts: Sequence[str], *, language: str) -> list[Classification]:
        """One classification for each text, in order; RouterOverloaded when too many wait."""
        try:
            seen = self._batcher.call([(text, language) for text in texts])
        except BatcherFull as full:
            raise RouterOverloaded(str(full)) from full
        return [to_classification(ranked) for ranked in seen]

    def close(self) -> None:
        """Finish what was accepted and stop the batching thread."""
        self._batcher.close()

    def _predict(self, items: list[tuple[str, str]]) -> list[RankedIntents]:
        places: dict[str, list[int]] = defaultdict(list)
        for place, (_, language) in enumerate(items):
            places[language].append(place)
        found: dict[int, RankedIntents] = {}
        for language, chosen in places.items():
            rankings = self._model.predict([items[place][0] for place in chosen], language=language)
            found |= dict(zip(chosen, rankings, strict=True))
        return [found[place] for place in range(len(items))]


def load_classifier(
    checkpoint: Path,
    *,
    encoder: Encoders = None,
    max_wrong: float | None = None,
    max_queued: int = MAX_QUEUED,
) -> BatchedClassifier:
    """The classifier of a checkpoint folder, digests verified; the bundled encoders by default.

    `max_wrong` moves the dial: the thresholds of that promise instead of those chosen in training.
    """
    saved = load_checkpoint(checkpoint, kind=KIND)
    moved = None if max_wrong is None else thresholds_at(saved.manifest.dial, max_wrong)
    model = restore_intent_model(saved, as_shelf(encoder, checkpoint.parent))
    return BatchedClassifier(model, thresholds=moved, max_queued=max_queued)


def fixed_classifier(
    keywords: Mapping[str, str],
    *,
    confidence: float = 0.9,
    thresholds: Thresholds | None = None,
) -> BatchedClassifier:
    """A deterministic classifier for tests and demonstrations: keyword -> intent."""
    dials = (thresholds or Thresholds()).as_dict()
    model = FixedClassifier(keywords, confidence=confidence, thresholds=dials)
    return BatchedClassifier(model)


def to_classification(seen: RankedIntents) -> Classification:
    """The model room's value as routing's."""
    ranking = tuple(IntentScore(intent, confidence) for intent, confidence in seen.ranking)
    nearest = tuple(NearestExample(n.text, n.intent, n.similarity) for n in seen.nearest)
    signals = tuple(Signal(name, value) for name, value in seen.signals)
    return Classification(ranking, seen.out_of_scope_score, nearest, signals)
