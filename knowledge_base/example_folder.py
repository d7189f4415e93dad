"""Build, write and read the examples of a base: how customers asked for what it is tagged with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.chunk_file import EXAMPLES_NAME, read_examples, write_rows
from knowledge_base.example_index import ExampleIndex
from knowledge_base.faiss_index import FaissIndex, build_index, on_best_device
from knowledge_base.keyword_index import Bm25Index, KeywordSettings
from knowledge_base.known_vectors import KnownVectors
from knowledge_base.tokens import tokenise
from knowledge_base.types import ExampleQuestion
from knowledge_base.vectoriser import Vectorised, write_vectorised

EXAMPLE_VECTORS = "examples"  # of what the known vectors in a folder are
_VECTORS_NAME = "examples.faiss"
_KEYWORDS_NAME = "example_keywords"


@dataclass(frozen=True, slots=True)
class BuiltExamples:
    """The index with the parts that are saved."""

    index: ExampleIndex
    keywords: Bm25Index
    vectors: FaissIndex
    vectorised: Vectorised


def build_examples(
    examples: Sequence[ExampleQuestion], vectorised: Vectorised, settings: KeywordSettings
) -> BuiltExamples:
    """An index of examples; `vectorised` are their texts, in the same order."""
    keywords = Bm25Index.build([tokenise(example.text) for example in examples], settings)
    vectors = build_index(vectorised.ids, vectorised.rows)
    return BuiltExamples(
        ExampleIndex(examples, keywords=keywords, vectors=vectors), keywords, vectors, vectorised
    )


def write_examples(folder: Path, built: BuiltExamples) -> None:
    """Into the folder of their base."""
    write_rows(folder / EXAMPLES_NAME, built.index.examples)
    built.vectors.save(folder / _VECTORS_NAME)
    built.keywords.save(folder / _KEYWORDS_NAME)
    write_vectorised(folder, EXAMPLE_VECTORS, built.vectorised)


def load_examples(folder: Path) -> ExampleIndex:
    """From the folder of a base, whose digests were verified."""
    examples = read_examples(folder)
    vectors = FaissIndex.load(folder / _VECTORS_NAME)
    known = KnownVectors(folder, EXAMPLE_VECTORS)
    return ExampleIndex(
        examples,
        keywords=Bm25Index.load(folder / _KEYWORDS_NAME, len(examples)),
        vectors=on_best_device(vectors, known.ids, known.rows),
    )
