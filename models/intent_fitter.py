"""Fits the heads of one language on chosen rows, and looks at held-out rows with them.

Encodes every text once. Chooses nothing: `models.intent_training` does. With enough strangers the
heads learn one more class, nobody's: a softmax over intents alone must give a stranger to one of
them (a background class: Dhamija, Günther & Boult, "Reducing Network Agnostophobia", 2018).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy.sparse import vstack

from models.familiarity import remember, signals
from models.intent_heads import BASE, SECOND, TUNED, HeadSettings, IntentHeads
from models.lexical import LexicalFeatures, blocks_for, fit_lexical
from models.linear_head import LinearHead, fit_head
from models.types import Doubles, Encoder, Floats, Indices

_ENCODER_STRENGTH = 8.5  # inverse regularisation for vectors in all directions, fixed in advance
_LEXICAL_STRENGTH = 20.0
_NARROWEST = 0.02
_GROUPS = 4  # of intents, each hidden once while the scope score is learnt
_FEWEST_INTENTS = 2 * _GROUPS
_HELD_OUT = 5  # one row in so many
_FEWEST_STRANGERS = 40  # for a class of their own


class Tuned(Encoder, Protocol):
    """An encoder fitted to the examples, with the bytes that a checkpoint keeps of it."""

    @property
    def graph(self) -> bytes:
        """The ONNX graph that serves it."""

    def facts(self) -> dict[str, Any]:
        """What a checkpoint must know to serve it."""

    def tokenizer_document(self) -> Any:  # noqa: ANN401 -- any JSON
        """The tokeniser as JSON."""


STRANGER = -1
# texts, targets, seed -> an encoder fitted to them
Tuner = Callable[[Sequence[str], Indices, int], Tuned]


@dataclass(frozen=True, slots=True)
class Look:
    """What some heads see in texts."""

    views: dict[str, Doubles]  # view -> log probabilities: (n, labels)
    signals: Doubles  # (n, signals)
    targets: Indices  # (n,); STRANGER for strangers


@dataclass(frozen=True, slots=True)
class Hidden:
    """Signals of texts whose own intent was known, and of texts whose intent was hidden."""

    known: Doubles  # (n, signals)
    hidden: Doubles  # (m, signals)


@dataclass(frozen=True, slots=True)
class Fitter:
    """The texts of one language; the rows after the examples are anchors: always learnt."""

    texts: tuple[str, ...]
    targets: Indices  # (texts,)
    examples: int
    vectors: Floats | None  # (texts, dimension)
    strangers: tuple[str, ...]
    stranger_vectors: Floats | None
    labels: tuple[str, ...]
    language: str
    seed: int
    tuner: Tuner | None = None
    second: Encoder | None = None

    @property
    def has_background(self) -> bool:
        """Whether strangers are a class of their own."""
        return len(self.strangers) >= _FEWEST_STRANGERS

    def fit(
        self, rows: Indices, strangers: Indices, settings: HeadSettings | None = None
    ) -> tuple[IntentHeads, Tuned | None]:
        """Heads on these rows, the anchors and these strangers; the tuned encoder with a tuner."""
        strangers = strangers if self.has_background else strangers[:0]
        nobody = [self.strangers[row] for row in strangers]
        rows = np.concatenate([rows, np.arange(self.examples, len(self.texts))])
        rows = rows[np.argsort(self.targets[rows], kind="stable")]  # in the order of their intents
        texts, targets = self._texts(rows), self.targets[rows]
        count = len(self.labels)
        classes = np.concatenate([targets, np.full(len(nobody), count)]).astype(np.int64)
        read = [*texts, *nobody]
        lexical = fit_lexical(read, classes, language=self.language, label_count=self._classes)
        heads: dict[str, LinearHead] = {}
        vectors = None if self.vectors is None else self.vectors[rows]
        if vectors is not None and self.stranger_vectors is not None:
            read_vectors = np.concatenate([vectors, self.stranger_vectors[strangers]])
            heads[BASE] = self._head(read_vectors, classes)
        if self.second is not None:
            heads[SECOND] = self._head(self.second.encode(read), classes)
        tuned = self.tuner(texts, targets, self.seed) if self.tuner else None
        if tuned is not None:
            heads[TUNED] = self._head(tuned.encode(read), classes)
        fitted = IntentHeads(
            labels=self.labels,
            lexical=lexical,
            memory=remember(targets, lexical.features.transform(texts), vectors, label_count=count),
            texts=tuple(texts),
            encoder_heads=heads,
            settings=settings or HeadSettings(),
        )
        return fitted, tuned

    def look(
        self, heads: IntentHeads, tuned: Tuned | None, rows: Indices, strangers: Indices
    ) -> list[Look]:
        """What these heads see in held-out rows and strangers."""
        vectors = None if self.vectors is None else self.vectors[rows]
        seen = [self._look(heads, self._texts(rows), vectors, tuned, self.targets[rows])]
        if len(strangers):
            nobody = np.full(len(strangers), STRANGER, dtype=np.int64)
            texts = [self.strangers[row] for row in strangers]
            vectors = None if self.stranger_vectors is None else self.stranger_vectors[strangers]
            seen.append(self._look(heads, texts, vectors, tuned, nobody))
        return seen

    def _look(
        self,
        heads: IntentHeads,
        texts: Sequence[str],
        vectors: Floats | None,
        tuned: Tuned | None,
        targets: Indices,
    ) -> Look:
        given: dict[str, Floats] = {} if vectors is None else {BASE: vectors}
        for view, encoder in ((SECOND, self.second), (TUNED, tuned)):
            if encoder is not None:
                given[view] = encoder.encode(texts)
        words = heads.lexical.features.transform(texts)
        return Look(heads.view_log_probs(words, given), heads.signals(words, given), targets)

    def hide_intents(self) -> Hidden:
        """Hide each group of intents once; what the rest sees in them is strange to it."""
        generator = np.random.default_rng(self.seed)
        shuffled = generator.permutation(len(self.labels))
        if len(shuffled) < _FEWEST_INTENTS:
            return Hidden(np.empty((0, 0)), np.empty((0, 0)))
        features = LexicalFeatures.fit(self.texts, blocks_for(self.language))
        words = features.transform(self.texts)
        rows: Any = words if self.vectors is None else self.vectors
        nobody: Any = None
        if self.has_background:
            strange = features.transform(self.strangers)
            nobody = strange if self.stranger_vectors is None else self.stranger_vectors
        stack: Any = vstack if self.vectors is None else np.concatenate
        targets = self.targets[: self.examples]
        known: list[Doubles] = []
        hidden: list[Doubles] = []
        for group in range(_GROUPS):
            is_hidden = np.isin(targets, shuffled[group::_GROUPS])
            shown = generator.permutation(np.flatnonzero(~is_hidden))
            held_out, learnt = np.split(shown, [len(shown) // _HELD_OUT])
            learnt = learnt[np.argsort(targets[learnt], kind="stable")]
            places = np.unique(self.targets[learnt], return_inverse=True)[1].astype(np.int64)
            count = int(places.max()) + 1
            vectors = None if self.vectors is None else self.vectors[learnt]
            memory = remember(places, words[learnt], vectors, label_count=count)
            strength = _LEXICAL_STRENGTH if self.vectors is None else _strength_for(rows)
            shown_rows, classes = rows[learnt], places
            if nobody is not None:
                shown_rows = stack([shown_rows, nobody])
                classes = np.concatenate([places, np.full(nobody.shape[0], count)])
            head = fit_head(
                shown_rows, classes, label_count=int(classes.max()) + 1, strength=strength
            )
            for chosen, seen in ((held_out, known), (np.flatnonzero(is_hidden), hidden)):
                given = None if self.vectors is None else self.vectors[chosen]
                seen.append(signals(memory, head.scores(rows[chosen]), words[chosen], given))
        return Hidden(np.concatenate(known), np.concatenate(hidden))

    def _texts(self, rows: Indices) -> list[str]:
        return [self.texts[row] for row in rows]

    def _head(self, vectors: Floats, targets: Indices) -> LinearHead:
        return fit_head(
            vectors, targets, label_count=self._classes, strength=_strength_for(vectors)
        )

    @property
    def _classes(self) -> int:
        return len(self.labels) + self.has_background


def _strength_for(vectors: Floats) -> float:
    """The narrower the cone of an encoder's unit vectors, the larger the weights must be."""
    middle = vectors.mean(axis=0)
    return _ENCODER_STRENGTH / max(1.0 - float(middle @ middle), _NARROWEST)


def join_looks(looks: Sequence[Look]) -> Look:
    """All folds as one."""
    return Look(
        views={
            view: np.concatenate([look.views[view] for look in looks]) for view in looks[0].views
        },
        signals=np.concatenate([look.signals for look in looks]),
        targets=np.concatenate([look.targets for look in looks]),
    )
