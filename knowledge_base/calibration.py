"""Fit the confidence of an index to its own articles: which questions does it answer, which not?

Nobody labels anything. A labelled example question is answerable where its article is found; the
same question with its articles taken away is not, nor is a question marked as strange to the bank.
Half of the intents are asked as if nobody had asked for them before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from knowledge_base.evidence import Calibration, Signals, confidence, signals
from knowledge_base.off_topic import OFF_TOPIC
from knowledge_base.protocols import Embedder, Reranker
from knowledge_base.retriever import RetrievalSettings, Retriever
from knowledge_base.snapshot import Snapshot
from knowledge_base.tokens import language_of
from knowledge_base.types import STRANGE, Audience, ExampleQuestion, Hit

PROBES = 200  # asked in each language; twice that many searches at most, whatever the index holds
STRANGERS = 120
_FEWEST = 30  # answerable probes below which the default weights stay
_ANSWERED = 0.92  # share of the answerable probes that is answered
_REFUSED = 0.97  # share of the off-topic probes that is refused where nothing can be fitted
_RIDGE = 1e-2
_DIRECTION = np.array(Signals(1.0, 1.0, -1.0, 1.0, 1.0))  # no signal may count the wrong way round
Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Probed:
    """Signals of probes, and whether the article that they speak for was the right one."""

    found: list[Signals]
    is_right: list[bool]

    def __add__(self, other: "_Probed") -> "_Probed":
        return _Probed(self.found + other.found, self.is_right + other.is_right)


def calibrate(
    index: Snapshot,
    embedder: Embedder,
    *,
    retrieval: RetrievalSettings,
    reranker: Reranker | None = None,
) -> dict[str, Calibration]:
    """A calibration for every locale of the index: JSON-able, a few numbers each.

    Costs a bounded number of searches, however large the index is. RerankerError where the
    reranker fails: what would be fitted holds for another order.
    """
    return {
        locale: _calibrate(_Asking(index, embedder, locale, retrieval, reranker))
        for locale in index.manifest.locales
    }


def _calibrate(asking: "_Asking") -> Calibration:
    index, locale = asking.index, asking.locale
    heard_of = {STRANGE, *index.manifest.intents}
    places = [
        place
        for place, example in enumerate(index.examples.examples)
        if example.intent in heard_of and language_of(example.text) == locale
    ]
    probes, strangers = _draw(index.examples.examples, places)
    gone = set(sorted({index.examples.examples[place].intent for place in probes})[::2])
    unheard = [place for place in places if index.examples.examples[place].intent in gone]
    questions = [index.examples.examples[place] for place in [*probes, *strangers]]
    off_topic = [ExampleQuestion(text, STRANGE) for text in OFF_TOPIC.get(locale, ())]
    heard = asking.without([*probes, *strangers], [*questions, *off_topic])
    never_heard = asking.without(
        [*unheard, *strangers], [one for one in questions if one.intent in gone]
    )
    probed = heard + never_heard
    return fit(probed.found, probed.is_right)


def fit(found: Sequence[Signals], right: Sequence[bool]) -> Calibration:
    """From signals, and whether the article that they speak for was the right one.

    No weight counts the wrong way round; the default weights stay where there is too little.
    """
    rows = np.array(found, dtype=np.float64).reshape(-1, len(_DIRECTION))
    is_right = np.array(right, dtype=np.bool_)
    if is_right.sum() < _FEWEST or (~is_right).sum() < _FEWEST:
        return _with_default_weights(rows[~is_right])
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    solution = _logistic((rows - middle) / spread * _DIRECTION, is_right)
    weights = solution[:-1] * _DIRECTION / spread
    fitted = Calibration(
        weights=Signals(*(round(float(weight), 4) for weight in weights)),
        bias=round(float(solution[-1] - weights @ middle), 4),
    )
    sure = [confidence(Signals(*row), fitted) for row in rows[is_right]]
    accept = min(0.5, float(np.quantile(sure, 1 - _ANSWERED)))
    return fitted.model_copy(update={"accept": round(accept, 4)})


def _logistic(rows: Rows, is_right: NDArray[np.bool_]) -> Rows:
    """Non-negative weights and a bias, (signals + 1,); both classes weigh the same."""
    share = np.where(is_right, 0.5 / is_right.sum(), 0.5 / (~is_right).sum())

    def loss(solution: Rows) -> tuple[float, Rows]:
        logits = rows @ solution[:-1] + solution[-1]
        value = share @ (np.logaddexp(0.0, logits) - is_right * logits)
        slope = share * (1 / (1 + np.exp(-logits)) - is_right)
        gradient = np.append(rows.T @ slope + 2 * _RIDGE * solution[:-1], slope.sum())
        return float(value + _RIDGE * (solution[:-1] ** 2).sum()), gradient

    start = np.zeros(rows.shape[1] + 1)
    bounds = [(0.0, None)] * rows.shape[1] + [(None, None)]
    solved: Rows = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    return solved


def _with_default_weights(refused: Rows) -> Calibration:
    """The default weights; the bias is where all but a few unanswerable probes stay below."""
    usual = Calibration()
    if not len(refused):
        return usual
    amounts = refused @ np.array(usual.weights)
    return usual.model_copy(update={"bias": round(-float(np.quantile(amounts, _REFUSED)), 4)})


@dataclass(frozen=True, slots=True)
class _Asking:
    """Asks probes in one locale, as somebody who may read everything."""

    index: Snapshot
    embedder: Embedder
    locale: str
    retrieval: RetrievalSettings
    reranker: Reranker | None

    def without(self, hidden: Collection[int], probes: Iterable[ExampleQuestion]) -> _Probed:
        """What the index finds when these examples had never been collected."""
        created_at = datetime.fromisoformat(self.index.manifest.created_at)
        retriever = Retriever(
            self.index,
            self.embedder,
            now=lambda: created_at,
            settings=self.retrieval,
            examples=self.index.examples.without(hidden),
            reranker=self.reranker,
            fail_open=False,
        )
        probed = _Probed([], [])
        for probe in probes:
            hits = retriever.search(
                probe.text,
                k=self.retrieval.candidates,
                locale=self.locale,
                audiences=tuple(Audience),
            )
            for kept in (hits, _without_intent(hits, probe.intent)):
                if kept:
                    found = signals(probe.text, kept, self.index.keywords)
                    probed.found.append(found)
                    probed.is_right.append(probe.intent in kept[0].chunk.intents)
        return probed


def _without_intent(hits: Sequence[Hit], intent: str) -> list[Hit]:
    """The hits as they are in a base without the articles on this intent; none for a stranger."""
    return [] if intent == STRANGE else [hit for hit in hits if intent not in hit.chunk.intents]


def _draw(
    examples: Sequence[ExampleQuestion], places: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Places of answerable probes, the same number of every intent, and of strangers."""
    by_intent: defaultdict[str, list[int]] = defaultdict(list)
    for place in sorted(places, key=lambda place: sha256(examples[place].text.encode()).digest()):
        by_intent[examples[place].intent].append(place)
    strange = by_intent.pop(STRANGE, [])
    strangers = strange[: min(STRANGERS, len(strange) // 2)]  # the others stay to be heard
    each = max(1, PROBES // max(1, len(by_intent)))
    drawn = [place for intent in sorted(by_intent) for place in by_intent[intent][:each]]
    return drawn[:PROBES], strangers
