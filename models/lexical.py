"""Words and characters to TF-IDF features, and a linear head on them. No encoder, no pickle.

English reads words and character pieces inside words; Chinese reads characters, because words
are not separated there. Vocabulary is kept as JSON, idf and weights as arrays.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import log, sqrt
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer

from models.chinese import to_simplified
from models.linear_head import LinearHead, fit_head
from models.types import Doubles, Indices, Tensors

_STRENGTH = 20.0  # inverse regularisation, fixed in advance


@dataclass(frozen=True, slots=True)
class NgramBlock:
    """One family of n-grams."""

    analyzer: str  # word, char, or char_wb: characters inside word boundaries
    shortest: int
    longest: int
    min_documents: int = 1  # rarer n-grams are dropped
    weight: float = 1.0  # against the other blocks


ENGLISH_BLOCKS = (NgramBlock("word", 1, 2, 2), NgramBlock("char_wb", 2, 5, 2))
# single characters carry most of a short Chinese question (docs/experiments/LOG.md)
CHINESE_BLOCKS = (NgramBlock("char", 1, 1, weight=2.0), NgramBlock("char", 2, 2))


# letters across the syllables, because nobody agrees on where a syllable ends
PINYIN_BLOCKS = (NgramBlock("char", 2, 4),)
_BLOCKS = {"zh": CHINESE_BLOCKS, "zh-Latn": PINYIN_BLOCKS}


def blocks_for(language: str) -> tuple[NgramBlock, ...]:
    """The n-grams that suit a language."""
    return _BLOCKS.get(language, ENGLISH_BLOCKS)


class LexicalFeatures:
    """Fitted TF-IDF blocks side by side; a row known to every block has length 1."""

    def __init__(
        self, blocks: Sequence[NgramBlock], vectorizers: Sequence[TfidfVectorizer]
    ) -> None:
        self.blocks = tuple(blocks)
        self._vectorizers = tuple(vectorizers)
        length = float(np.sqrt(sum(block.weight**2 for block in self.blocks)))
        self._fast: list[_FastBlock] = []
        self._width = 0
        for block, vectorizer in zip(self.blocks, self._vectorizers, strict=True):
            self._fast.append(_FastBlock(vectorizer, self._width, block.weight / length))
            self._width += len(vectorizer.vocabulary_)

    @classmethod
    def fit(cls, texts: Sequence[str], blocks: Sequence[NgramBlock]) -> "LexicalFeatures":
        vectorizers = [_vectorizer(block) for block in blocks]
        for vectorizer in vectorizers:
            vectorizer.fit(texts)
        return cls(blocks, vectorizers)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Rows of features: (n, features); an empty text is a row of zeros.

        The same numbers as the fitted vectorizers', without their checks on every call: those cost
        more than the work on a single short text.
        """
        places: list[int] = []
        values: list[float] = []
        starts = [0]
        for text in texts:
            folded = fold_text(text)
            for block in self._fast:
                block.collect(folded, places, values)
            starts.append(len(places))
        shape = (len(texts), self._width)
        arrays = (np.array(values, dtype=np.float32), np.array(places, dtype=np.int32), starts)
        rows = csr_matrix(arrays, shape=shape)
        rows.sort_indices()  # sums run in one order, alone or in a batch
        return rows

    def document(self) -> list[dict[str, Any]]:
        """The blocks and their vocabularies, for JSON."""
        return [
            {**asdict(block), "vocabulary": sorted(v.vocabulary_, key=v.vocabulary_.get)}
            for block, v in zip(self.blocks, self._vectorizers, strict=True)
        ]

    def tensors(self) -> Tensors:
        return {f"lexical.idf.{i}": v.idf_ for i, v in enumerate(self._vectorizers)}

    @classmethod
    def restore(cls, document: Sequence[Mapping[str, Any]], tensors: Tensors) -> "LexicalFeatures":
        """Rebuild from `document()` and `tensors()`."""
        blocks = []
        vectorizers = []
        for index, entry in enumerate(document):
            block = NgramBlock(**{k: v for k, v in entry.items() if k != "vocabulary"})
            vocabulary = {term: place for place, term in enumerate(entry["vocabulary"])}
            vectorizer = _vectorizer(block, vocabulary)
            vectorizer.idf_ = tensors[f"lexical.idf.{index}"]
            vectorizer.vocabulary_ = vocabulary
            blocks.append(block)
            vectorizers.append(vectorizer)
        return cls(blocks, vectorizers)


class _FastBlock:
    """One block's terms, counted and weighted as the fitted vectorizer would."""

    def __init__(self, vectorizer: TfidfVectorizer, offset: int, weight: float) -> None:
        self._terms = _term_reader(vectorizer)
        self._vocabulary: dict[str, int] = vectorizer.vocabulary_
        self._idf: list[float] = vectorizer.idf_.tolist()
        self._offset = offset
        self._weight = weight

    def collect(self, folded: str, places: list[int], values: list[float]) -> None:
        """Append the places and values of a folded text; sublinear counts, unit length."""
        find = self._vocabulary.get
        counts = Counter(place for term in self._terms(folded) if (place := find(term)) is not None)
        if not counts:
            return
        weighted = [(1 + log(count)) * self._idf[place] for place, count in counts.items()]
        scale = self._weight / sqrt(sum(value * value for value in weighted))
        places.extend(place + self._offset for place in counts)
        values.extend(value * scale for value in weighted)


def _term_reader(vectorizer: TfidfVectorizer) -> Callable[[str], Iterable[str]]:
    """The vectorizer's own analyzer, for text that is folded already."""
    plain = clone(vectorizer).set_params(preprocessor=str)
    analyzer: Callable[[str], Iterable[str]] = plain.build_analyzer()
    return analyzer


@dataclass(frozen=True, slots=True)
class LexicalModel:
    """A linear head on lexical features."""

    features: LexicalFeatures
    head: LinearHead

    def log_probs(self, texts: Sequence[str]) -> Doubles:
        """Log probabilities of the labels: (n, labels)."""
        return self.head.log_probs(self.features.transform(texts))


def fit_lexical(
    texts: Sequence[str], labels: Indices, *, language: str, label_count: int
) -> LexicalModel:
    """Fit features and head on the texts of one language."""
    features = LexicalFeatures.fit(texts, blocks_for(language))
    rows = features.transform(texts)
    return LexicalModel(
        features, fit_head(rows, labels, label_count=label_count, strength=_STRENGTH)
    )


def fold_text(text: str) -> str:
    """Full-width and compatibility forms to plain ones, traditional to simplified, lower case."""
    return to_simplified(unicodedata.normalize("NFKC", text)).lower()


def _vectorizer(block: NgramBlock, vocabulary: Mapping[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=block.analyzer,
        ngram_range=(block.shortest, block.longest),
        min_df=block.min_documents,
        sublinear_tf=True,
        preprocessor=fold_text,
        vocabulary=vocabulary,
        dtype=np.float64,
    )
