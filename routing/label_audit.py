"""Texts whose label is probably wrong, by confident learning on cross-validated predictions.

Northcutt, Jiang & Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels" (JAIR 70,
2021): a text counts towards another label when that label's probability is at least the mean
probability which texts of that label get for it. A model of its own predicts, so that every text
is held out once: linear discriminant analysis of the encoder's vectors and of latent character
n-grams, closed-form and fast. The library cleanlab does the same under the AGPL.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold

from models.calibration import apply_temperature, fit_temperature
from models.encoder_shelf import EncoderShelf
from models.types import Doubles, Encoder, Indices
from routing.utterances import LabelledUtterance

FOLDS = 5
FEWEST_EXAMPLES = 3  # of an intent; fewer say nothing about its label
MOST_TEXTS = 50_000
_UNSEEN = -100.0  # log probability of a label without a text in the other folds
_LATENT = 128  # dimensions of the character n-grams
_ENGLISH_GRAMS, _CHINESE_GRAMS = ("char_wb", (2, 5)), ("char", (1, 3))


@dataclass(frozen=True, slots=True)
class SuspectLabel:
    """A text, the label that it has, and the one that the other texts speak for."""

    text: str
    language: str
    label: str
    suggested: str
    confidence: float  # probability of the suggested label
    margin: float  # of the suggested label over the given one; larger is more suspect


def find_suspects(
    utterances: Sequence[LabelledUtterance], *, encoders: EncoderShelf, seed: int = 0
) -> list[SuspectLabel]:
    """The most suspect first; out-of-scope texts are not judged."""
    found: list[SuspectLabel] = []
    for language in sorted({u.language for u in utterances}):
        chosen = _judgeable([u for u in utterances if u.language == language])
        labels = sorted({u.intent or "" for u in chosen})
        if len(labels) >= 2 and len(chosen) <= MOST_TEXTS:
            found += _suspects(chosen, labels, language, encoders.find(language), seed)
    return sorted(found, key=lambda suspect: (-suspect.margin, suspect.text))


def confident_labels(probabilities: Doubles, labels: Indices) -> Indices:
    """For each row the label that it confidently counts towards, -1 where there is none."""
    count = probabilities.shape[1]
    means = np.array([probabilities[labels == k, k].mean() for k in range(count)])
    eligible = np.where(probabilities >= means, probabilities, -1.0)
    best = eligible.argmax(axis=1)
    chosen: Indices = np.where(eligible.max(axis=1) < 0, -1, best).astype(np.int64)
    return chosen


def _judgeable(utterances: Sequence[LabelledUtterance]) -> list[LabelledUtterance]:
    counts: dict[str, int] = {}
    for utterance in utterances:
        if utterance.intent is not None:
            counts[utterance.intent] = counts.get(utterance.intent, 0) + 1
    return [u for u in utterances if counts.get(u.intent or "", 0) >= FEWEST_EXAMPLES]


def _suspects(
    utterances: Sequence[LabelledUtterance],
    names: Sequence[str],
    language: str,
    encoder: Encoder | None,
    seed: int,
) -> list[SuspectLabel]:
    place = {name: n for n, name in enumerate(names)}
    labels: Indices = np.array([place[u.intent or ""] for u in utterances], dtype=np.int64)
    features = _features([u.text for u in utterances], language, encoder, seed)
    probabilities = _cross_validated(features, labels, seed)
    found: list[SuspectLabel] = []
    for row, suggested in enumerate(confident_labels(probabilities, labels)):
        if suggested < 0 or suggested == labels[row]:
            continue
        given, other = probabilities[row, labels[row]], probabilities[row, suggested]
        if other > given:
            text, name = utterances[row].text, names[labels[row]]
            found.append(
                SuspectLabel(
                    text, language, name, names[suggested], float(other), float(other - given)
                )
            )
    return found


def _features(texts: Sequence[str], language: str, encoder: Encoder | None, seed: int) -> Doubles:
    """Latent character n-grams, beside the encoder's vectors where it reads the language."""
    analyser, span = _CHINESE_GRAMS if language == "zh" else _ENGLISH_GRAMS
    grams = TfidfVectorizer(analyzer=analyser, ngram_range=span, sublinear_tf=True, min_df=2)
    try:
        sparse = grams.fit_transform(texts)
    except ValueError:  # no n-gram occurs twice
        grams.set_params(min_df=1)
        sparse = grams.fit_transform(texts)
    size = max(1, min(_LATENT, min(sparse.shape) - 1))
    latent: Doubles = TruncatedSVD(size, random_state=seed).fit_transform(sparse)
    if encoder is None:
        return latent
    return np.hstack([latent, encoder.encode(texts).astype(np.float64)])


def _cross_validated(features: Doubles, labels: Indices, seed: int) -> Doubles:
    """Probabilities of every label by a model that has not seen the row: (rows, labels)."""
    shape = (len(labels), int(labels.max()) + 1)
    log_probs: Doubles = np.full(shape, _UNSEEN)
    folds = min(FOLDS, int(np.bincount(labels).min()))
    for train, held_out in StratifiedKFold(folds, shuffle=True, random_state=seed).split(
        features, labels
    ):
        model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
        model.fit(features[train], labels[train])
        seen = model.predict_log_proba(features[held_out])
        log_probs[np.ix_(held_out, model.classes_)] = np.maximum(seen, _UNSEEN)
    # discriminant analysis is too sure of itself
    probabilities: Doubles = np.exp(
        apply_temperature(log_probs, fit_temperature(log_probs, labels))
    )
    return probabilities
