"""Fit the heads of one language: folds, blend weight, temperature, stranger scale, final fit.

Everything that is chosen, is chosen on held-out folds. Knows no files and no policy.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from models.calibration import apply_temperature, expected_calibration_error, fit_temperature
from models.intent_heads import HeadSettings, IntentHeads, blend
from models.lexical import fit_lexical
from models.linear_head import LinearHead, fit_head
from models.strangers import fit_scale
from models.types import Doubles, Encoder, Floats, Indices

FOLDS = 5
_LARGE = 4000  # rows; from here on one held-out fold says enough
_ENCODER_STRENGTH = 10.0  # inverse regularisation, fixed in advance
_WEIGHTS_FEW = (0.0, 0.1, 0.25)  # under 20 examples per intent the lexical head soon hurts
_WEIGHTS_SOME = (0.1, 0.25, 0.5)
_WEIGHTS_MANY = (0.25, 0.5, 0.75, 1.0)  # from 50 on

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class IntentExamples:
    """The labelled texts of one language, and texts that belong to no intent."""

    texts: tuple[str, ...]
    intents: tuple[str, ...]
    strangers: tuple[str, ...] = ()
    anchors: tuple[tuple[str, str], ...] = ()  # (text, intent): always learnt, never held out


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What the folds saw, for choosing thresholds: one entry for each held-out text."""

    confidence: Doubles
    margin: Doubles
    is_correct: np.ndarray[tuple[int], np.dtype[np.bool_]]
    is_stranger: np.ndarray[tuple[int], np.dtype[np.bool_]]
    score: Doubles
    predictions: tuple[tuple[str, str], ...]  # (intent, predicted) of the in-scope texts
    folds: int  # every stranger was seen by so many

    def metrics(self) -> dict[str, float]:
        """Accuracy, calibration and refusal of the held-out texts."""
        known = ~self.is_stranger
        found = {
            "examples": float(known.sum()),
            "accuracy": float(self.is_correct[known].mean()),
            "ece": expected_calibration_error(self.confidence[known], self.is_correct[known]),
            "in_scope_refused": float((self.score[known] > 1).mean()),
        }
        if self.is_stranger.any():
            found["out_of_scope_refused"] = float((self.score[self.is_stranger] > 1).mean())
        return found


@dataclass(frozen=True, slots=True)
class _Fold:
    encoder: Doubles | None  # (held out, labels)
    lexical: Doubles  # (held out, labels)
    signals: Doubles  # (held out, signals)
    labels: Indices  # (held out,); -1 for strangers


def fit_language(
    examples: IntentExamples,
    *,
    language: str,
    encoder: Encoder,
    seed: int,
    on_progress: Progress | None = None,
) -> tuple[IntentHeads, HeldOut]:
    """Heads for one language and what their held-out folds saw."""
    report = on_progress or (lambda _step, _share: None)
    report(f"{language}: encode", 0.0)
    fitter = _prepare(examples, language=language, encoder=encoder)
    folds: list[_Fold] = []
    splits = list(split_folds(fitter.targets[: fitter.examples], seed=seed))
    for number, (train, held_out) in enumerate(splits):
        report(f"{language}: fold {number + 1} of {len(splits)}", (1 + number) / (len(splits) + 2))
        folds += fitter.look(fitter.fit(train), held_out)
    report(f"{language}: final fit", 1 - 1 / (len(splits) + 2))
    settings, seen = _choose_settings(
        _join(folds), fitter.examples, fitter.labels, folds=len(splits)
    )
    return fitter.fit(np.arange(fitter.examples), settings), seen


def _prepare(examples: IntentExamples, *, language: str, encoder: Encoder) -> "_Fitter":
    labels = tuple(sorted(set(examples.intents)))
    place = {label: index for index, label in enumerate(labels)}
    anchors = [(text, intent) for text, intent in examples.anchors if intent in place]
    intents = (*examples.intents, *(intent for _, intent in anchors))
    texts = (*examples.texts, *(text for text, _ in anchors))
    # an encoder that cannot read a language never sees it: its heads are lexical alone
    is_readable = language != "zh" or encoder.reads_cjk
    return _Fitter(
        texts=texts,
        targets=np.array([place[intent] for intent in intents], dtype=np.int64),
        examples=len(examples.texts),
        vectors=encoder.encode(texts) if is_readable else None,
        strangers=examples.strangers,
        stranger_vectors=encoder.encode(examples.strangers) if is_readable else None,
        labels=labels,
        language=language,
    )


def split_folds(targets: Indices, *, seed: int) -> Iterator[tuple[Indices, Indices]]:
    """Stratified (train, held out) indices; an intent with one example is never held out."""
    generator = np.random.default_rng(seed)
    fold_of = np.full(len(targets), -1)
    for target in np.unique(targets):
        members = generator.permutation(np.flatnonzero(targets == target))
        if len(members) > 1:
            fold_of[members] = (np.arange(len(members)) + generator.integers(FOLDS)) % FOLDS
    for fold in range(FOLDS if len(targets) < _LARGE else 1):
        if (fold_of == fold).any():
            yield np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)


@dataclass(frozen=True, slots=True)
class _Fitter:
    """Fits heads on rows of one language; the rows after the examples are anchors."""

    texts: tuple[str, ...]
    targets: Indices  # (texts,)
    examples: int
    vectors: Floats | None  # (texts, dimension)
    strangers: tuple[str, ...]
    stranger_vectors: Floats | None
    labels: tuple[str, ...]
    language: str

    def fit(self, rows: Indices, settings: HeadSettings | None = None) -> IntentHeads:
        rows = np.concatenate([rows, np.arange(self.examples, len(self.texts))])
        texts = [self.texts[row] for row in rows]
        targets, count = self.targets[rows], len(self.labels)
        lexical = fit_lexical(texts, targets, language=self.language, label_count=count)
        vectors = None if self.vectors is None else self.vectors[rows]
        return IntentHeads(
            labels=self.labels,
            lexical=lexical,
            lexical_memory=csr_matrix(lexical.features.transform(texts)),
            encoder_head=None if vectors is None else _fit_encoder_head(vectors, targets, count),
            encoder_memory=vectors,
            settings=settings or HeadSettings(),
        )

    def look(self, heads: IntentHeads, rows: Indices) -> list[_Fold]:
        """What these heads see in held-out rows and in the strangers."""
        texts = [self.texts[row] for row in rows]
        vectors = None if self.vectors is None else self.vectors[rows]
        seen = [_look(heads, texts, vectors, self.targets[rows])]
        if self.strangers:
            nobody = np.full(len(self.strangers), -1, dtype=np.int64)
            seen.append(_look(heads, self.strangers, self.stranger_vectors, nobody))
        return seen


def _fit_encoder_head(vectors: Floats, targets: Indices, count: int) -> LinearHead:
    return fit_head(vectors, targets, label_count=count, strength=_ENCODER_STRENGTH)


def _look(
    heads: IntentHeads, texts: Sequence[str], vectors: Floats | None, targets: Indices
) -> _Fold:
    features = heads.lexical.features.transform(texts)
    return _Fold(
        encoder=None
        if heads.encoder_head is None or vectors is None
        else heads.encoder_head.log_probs(vectors),
        lexical=heads.lexical.head.log_probs(features),
        signals=heads.signals(features, vectors),
        labels=targets,
    )


def _join(folds: Sequence[_Fold]) -> _Fold:
    encoders = [fold.encoder for fold in folds if fold.encoder is not None]
    return _Fold(
        encoder=np.concatenate(encoders) if encoders else None,
        lexical=np.concatenate([fold.lexical for fold in folds]),
        signals=np.concatenate([fold.signals for fold in folds]),
        labels=np.concatenate([fold.labels for fold in folds]),
    )


def _choose_settings(
    seen: _Fold, examples: int, labels: tuple[str, ...], *, folds: int
) -> tuple[HeadSettings, HeldOut]:
    known = seen.labels >= 0
    weight = choose_lexical_weight(seen.encoder, seen.lexical, seen.labels, examples)
    blended = blend(seen.encoder, seen.lexical, weight)
    temperature = fit_temperature(blended[known], seen.labels[known])
    probabilities = np.exp(apply_temperature(blended, temperature))
    ranked = np.sort(probabilities, axis=1)
    confidence = ranked[:, -1]
    scale = fit_scale(seen.signals[known], seen.signals[~known])
    predicted = probabilities.argmax(axis=1)
    pairs = zip(seen.labels[known], predicted[known], strict=True)
    held_out = HeldOut(
        confidence=confidence,
        margin=confidence - (ranked[:, -2] if ranked.shape[1] > 1 else 0.0),
        is_correct=predicted == seen.labels,
        is_stranger=~known,
        score=scale.score(seen.signals),
        predictions=tuple((labels[truth], labels[guess]) for truth, guess in pairs),
        folds=folds,
    )
    return HeadSettings(weight, temperature, scale), held_out


def choose_lexical_weight(
    encoder: Doubles | None, lexical: Doubles, targets: Indices, examples: int
) -> float:
    """The weight that wins on held-out rows, among those safe for this many examples."""
    if encoder is None:
        return 1.0
    known = targets >= 0
    grid = _weights_for(examples / lexical.shape[1])

    def accuracy(weight: float) -> float:
        guesses = blend(encoder, lexical, weight)[known].argmax(axis=1)
        return float((guesses == targets[known]).mean())

    return max(grid, key=lambda weight: (round(accuracy(weight), 4), -weight))


def _weights_for(examples_per_intent: float) -> tuple[float, ...]:
    if examples_per_intent < 20:
        return _WEIGHTS_FEW
    return _WEIGHTS_SOME if examples_per_intent < 50 else _WEIGHTS_MANY
