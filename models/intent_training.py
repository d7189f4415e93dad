"""Fit the heads of one language: folds, views, blend, temperature, scope score, final fit.

Everything that is chosen, is chosen on held-out texts. Knows no files and no policy.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.blending import choose_blend
from models.calibration import apply_temperature, expected_calibration_error
from models.intent_fitter import STRANGER, Fitter, Hidden, Look, Tuned, Tuner, join_looks
from models.intent_heads import HeadSettings, IntentHeads, blend
from models.scope import ScopeScale, fit_weights, place_cut
from models.types import Doubles, Encoder, Indices

FOLDS = 5
_LARGE = 4000  # rows; from here on one held-out fold says enough

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
    fold_rows: tuple[Indices, ...]  # the held-out examples of each fold, in the order seen
    strangers: Indices  # the held-out strangers, in the order seen

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
class FittedLanguage:
    """What a language's fit leaves: heads, what was seen held out, and an encoder of its own."""

    heads: IntentHeads
    held_out: HeldOut
    tuned: Tuned | None = None


def fit_language(
    examples: IntentExamples,
    *,
    language: str,
    encoder: Encoder | None,
    seed: int,
    tuner: Tuner | None = None,
    second: Encoder | None = None,
    on_progress: Progress | None = None,
) -> FittedLanguage:
    """Heads for one language; `encoder` is None where none reads it. Tuner and second encoder each
    add a view.
    """
    report = on_progress or (lambda _step, _share: None)
    report(f"{language}: encode", 0.0)
    fitter = replace(
        _prepare(examples, language=language, encoder=encoder, seed=seed),
        tuner=tuner,
        second=second,
    )
    splits = list(split_folds(fitter.targets[: fitter.examples], seed=seed))
    splits = splits[:1] if tuner else splits  # tuning is dear: one held-out part says enough
    everybody = np.arange(len(examples.strangers))
    strangers = [everybody[everybody % FOLDS == number] for number in range(len(splits))]
    steps = len(splits) + 3
    looks: list[Look] = []
    for number, (train, held_out) in enumerate(splits):
        report(f"{language}: fold {number + 1} of {len(splits)}", (1 + number) / steps)
        shown = np.setdiff1d(everybody, strangers[number])
        looks += fitter.look(*fitter.fit(train, shown), held_out, strangers[number])
    report(f"{language}: hide intents", (steps - 2) / steps)
    settings, seen = _choose(
        join_looks(looks),
        fitter,
        fitter.hide_intents(),
        [rows for _, rows in splits],
        np.concatenate(strangers),
    )
    report(f"{language}: final fit", (steps - 1) / steps)
    heads, tuned = fitter.fit(np.arange(fitter.examples), everybody, settings)
    return FittedLanguage(heads, seen, tuned)


def _prepare(
    examples: IntentExamples,
    *,
    language: str,
    encoder: Encoder | None,
    seed: int,
) -> Fitter:
    labels = tuple(sorted(set(examples.intents)))
    place = {label: index for index, label in enumerate(labels)}
    anchors = [(text, intent) for text, intent in examples.anchors if intent in place]
    intents = (*examples.intents, *(intent for _, intent in anchors))
    texts = (*examples.texts, *(text for text, _ in anchors))
    return Fitter(
        texts=texts,
        targets=np.array([place[intent] for intent in intents], dtype=np.int64),
        examples=len(examples.texts),
        vectors=None if encoder is None else encoder.encode(texts),
        strangers=examples.strangers,
        stranger_vectors=None if encoder is None else encoder.encode(examples.strangers),
        labels=labels,
        language=language,
        seed=seed,
    )


def _choose(
    seen: Look,
    fitter: Fitter,
    hidden: Hidden,
    fold_rows: Sequence[Indices],
    strangers: Indices,
) -> tuple[HeadSettings, HeldOut]:
    """Blend, temperature and scope score by what was held out."""
    known = seen.targets != STRANGER
    labels = fitter.labels
    # strangers have a class of their own, the last, or tell nothing of the intents
    judged = known | fitter.has_background
    classes = np.where(known, seen.targets, len(labels))
    weights, temperature = choose_blend(
        {view: log_probs[judged] for view, log_probs in seen.views.items()},
        classes[judged],
        examples_per_intent=fitter.examples / len(labels),
    )
    calibrated = apply_temperature(blend(seen.views, weights), temperature)
    probabilities = np.exp(calibrated[:, : len(labels)])
    ranked = np.sort(probabilities, axis=1)
    confidence = ranked[:, -1]
    scale = _scope(seen, hidden)
    predicted = probabilities.argmax(axis=1)
    pairs = zip(seen.targets[known], predicted[known], strict=True)
    held_out = HeldOut(
        confidence=confidence,
        margin=confidence - (ranked[:, -2] if ranked.shape[1] > 1 else 0.0),
        is_correct=predicted == seen.targets,
        is_stranger=~known,
        score=scale.score(seen.signals),
        predictions=tuple((labels[truth], labels[guess]) for truth, guess in pairs),
        fold_rows=tuple(fold_rows),
        strangers=strangers,
    )
    return HeadSettings(weights, temperature, scale), held_out


def _scope(seen: Look, hidden: Hidden) -> ScopeScale:
    """Learnt from hidden intents and strangers; the cut by strangers, else by hidden intents."""
    known = seen.targets != STRANGER
    in_scope, strangers = seen.signals[known], seen.signals[~known]
    if len(hidden.hidden) == 0:
        return place_cut(fit_weights(in_scope, strangers), in_scope, strangers)
    familiar = np.concatenate([in_scope, hidden.known])
    strange = np.concatenate([strangers, hidden.hidden])
    scale = fit_weights(familiar, strange)
    return place_cut(scale, in_scope, strangers if len(strangers) else hidden.hidden)


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
