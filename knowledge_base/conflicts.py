"""Articles that state different figures for the same thing. Pure: documents and vectors in.

A bank that says €5 in one article and €6 in another has a mistake that only an editor can mend: it
is shown to editors, and no answer is given from either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from knowledge_base.chunker import chunk_document
from knowledge_base.figures import Figure, figures, without_figures
from knowledge_base.protocols import Embedder, Vectors
from knowledge_base.sentences import sentence_spans
from knowledge_base.tokens import tokenise
from knowledge_base.types import Chunk, Document
from knowledge_base.vectoriser import readable_text

_COMPARED_AT_ONCE = 1_000  # statements against all others: bounds the memory


@dataclass(frozen=True, slots=True)
class ConflictSettings:
    """When two statements are about the same thing."""

    least_cosine: float = 0.8  # where an encoder reads them; below it nothing is compared
    least_likeness: float = 0.7  # share of their words, figures apart, that both have
    fewest_words: int = 4  # a statement with fewer is read with its headings
    units: frozenset[str] = field(
        default_factory=lambda: frozenset(
            {"€", "$", "£", "¥", "%", "day", "working day", "week", "month", "year", "hour"}
            | {"minute", "time", "phone", "clock"}
        )
    )


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """Where a figure stands."""

    document_id: str
    version: int
    title: str
    section: str
    quote: str
    figures: tuple[str, ...]  # as a person reads them: "5 €"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two statements about one thing with different figures."""

    first: StatedFigure
    second: StatedFigure
    unit: str
    likeness: float  # share of the words that both have


@dataclass(frozen=True, slots=True)
class _Statement:
    chunk: Chunk
    text: str
    words: frozenset[str]
    figures: frozenset[Figure]


def find_conflicts(
    documents: Sequence[Document],
    embedder: Embedder | None = None,
    settings: ConflictSettings | None = None,
) -> list[Conflict]:
    """Pairs of statements from different documents of one language, the likest first.

    With an encoder only near statements are compared word by word, which is what makes thousands of
    articles bearable; without one all statements with a figure are.
    """
    settings = settings or ConflictSettings()
    found: list[Conflict] = []
    for locale in sorted({document.locale for document in documents}):
        statements = [
            statement
            for document in documents
            if document.locale == locale
            for chunk in chunk_document(document)
            for statement in _statements(chunk, settings)
        ]
        for first, second in _near_pairs(statements, embedder, settings):
            conflict = _conflict(statements[first], statements[second], settings)
            if conflict is not None:
                found.append(conflict)
    return sorted(found, key=lambda conflict: -conflict.likeness)


def disagree(
    first: Iterable[Chunk], second: Iterable[Chunk], settings: ConflictSettings | None = None
) -> bool:
    """Whether chunks of different documents state different figures for the same thing."""
    settings = settings or ConflictSettings()
    ours = [one for chunk in first for one in _statements(chunk, settings)]
    theirs = [one for chunk in second for one in _statements(chunk, settings)] if ours else []
    return any(_conflict(one, other, settings) is not None for one in ours for other in theirs)


def _conflict(first: _Statement, second: _Statement, settings: ConflictSettings) -> Conflict | None:
    if first.chunk.document_id == second.chunk.document_id:
        return None  # a table of one article lists different figures on purpose
    unit = _differing_unit(first.figures, second.figures, settings)
    if unit is None:
        return None
    likeness = len(first.words & second.words) / max(1, len(first.words | second.words))
    if likeness < settings.least_likeness:
        return None
    return Conflict(_stated(first), _stated(second), unit, round(likeness, 3))


def _differing_unit(
    first: frozenset[Figure], second: frozenset[Figure], settings: ConflictSettings
) -> str | None:
    """A unit in which both state figures, and none of them the same."""
    for unit in sorted(settings.units):
        ours = {figure.value for figure in first if figure.unit == unit}
        theirs = {figure.value for figure in second if figure.unit == unit}
        if ours and theirs and not ours & theirs:
            return unit
    return None


def _near_pairs(
    statements: Sequence[_Statement], embedder: Embedder | None, settings: ConflictSettings
) -> list[tuple[int, int]]:
    count = len(statements)
    readable = [
        readable_text(one.text, embedder) if embedder is not None else "" for one in statements
    ]
    if embedder is None or not all(readable):
        return [(first, second) for first in range(count) for second in range(first + 1, count)]
    vectors: Vectors = embedder.encode(readable)
    pairs: list[tuple[int, int]] = []
    for start in range(0, count, _COMPARED_AT_ONCE):
        cosines = vectors[start : start + _COMPARED_AT_ONCE] @ vectors.T
        near: NDArray[np.bool_] = cosines >= settings.least_cosine
        rows, columns = np.nonzero(near)
        pairs += [
            (start + int(row), int(column))
            for row, column in zip(rows, columns, strict=True)
            if start + row < column
        ]
    return pairs


def _statements(chunk: Chunk, settings: ConflictSettings) -> list[_Statement]:
    """What the chunk says in figures; a short row is read with its headings."""
    found: list[_Statement] = []
    for unit in _units(chunk.text):
        stated = frozenset(one for one in figures(unit) if one.unit in settings.units)
        words = _words(unit)
        if len(words) < settings.fewest_words:
            words |= _words(" ".join([chunk.title, *chunk.headings]))
        if stated:
            found.append(_Statement(chunk, unit, words, stated))
    return found


def _units(text: str) -> list[str]:
    """Sentences, list lines and table rows."""
    return [
        line[start:end].strip()
        for line in text.split("\n")
        for start, end in sentence_spans(line, 0, len(line))
    ]


def _words(text: str) -> frozenset[str]:
    """Words that name a thing: without figures and their units."""
    return frozenset(token for token in tokenise(without_figures(text)) if not token[0].isdigit())


def _stated(statement: _Statement) -> StatedFigure:
    return StatedFigure(
        document_id=statement.chunk.document_id,
        version=statement.chunk.version,
        title=statement.chunk.title,
        section=" › ".join(statement.chunk.headings),
        quote=statement.text,
        figures=tuple(
            f"{figure.value} {figure.unit}".strip() for figure in sorted(statement.figures)
        ),
    )
