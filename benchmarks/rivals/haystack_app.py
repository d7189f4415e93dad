"""deepset's Haystack as its documentation builds a hybrid search: BM25 and vectors, joined by rank.

Runs in the rival's own environment. Reads a JSON job on the first line of its input: documents with
their vectors; then one JSON question with its vector per line, answered by one line each.
"""

import json
import sys
import time
from typing import Any

from haystack import Document, Pipeline  # type: ignore[import-not-found]
from haystack.components.joiners import DocumentJoiner  # type: ignore[import-not-found]
from haystack.components.retrievers.in_memory import (  # type: ignore[import-not-found]
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import (  # type: ignore[import-not-found]
    InMemoryDocumentStore,
)


def build(job: dict[str, Any]) -> Pipeline:
    """The pipeline over the job's documents; `join` is how both rankings become one."""
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(
        [
            Document(content=row["text"], embedding=row["vector"], meta={"article": row["article"]})
            for row in job["documents"]
        ]
    )
    pipeline = Pipeline()
    width = job["width"]
    pipeline.add_component("words", InMemoryBM25Retriever(document_store=store, top_k=width))
    pipeline.add_component("vectors", InMemoryEmbeddingRetriever(document_store=store, top_k=width))
    pipeline.add_component("join", DocumentJoiner(join_mode=job["join"]))
    pipeline.connect("words.documents", "join.documents")
    pipeline.connect("vectors.documents", "join.documents")
    return pipeline


def ask(pipeline: Pipeline, asked: dict[str, Any]) -> dict[str, Any]:
    """Articles in the order of their best piece, and the time that it took."""
    began = time.perf_counter()
    found = pipeline.run(
        {
            "words": {"query": asked["question"]},
            "vectors": {"query_embedding": asked["vector"]},
        }
    )["join"]["documents"]
    milliseconds = (time.perf_counter() - began) * 1_000
    articles = list(dict.fromkeys(document.meta["article"] for document in found))
    return {"articles": articles, "milliseconds": milliseconds}


def main() -> None:
    """Until the input ends."""
    pipeline = build(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(ask(pipeline, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
