"""The heads of one language as tensors and JSON, and back. Knows no folder and no encoder."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from models.familiarity import remember
from models.intent_heads import BASE, IntentHeads, restore_settings
from models.lexical import LexicalFeatures, LexicalModel
from models.linear_head import LinearHead
from models.types import Tensors


def heads_tensors(heads: IntentHeads) -> Tensors:
    """Every array of the heads; the memory's statistics are counted again when restored."""
    found: dict[str, Any] = {
        **heads.lexical.features.tensors(),
        **heads.lexical.head.tensors("lexical"),
        "memory.targets": heads.memory.targets,
        "memory.words.data": heads.memory.words.data,
        "memory.words.indices": heads.memory.words.indices,
        "memory.words.indptr": heads.memory.words.indptr,
    }
    for view, head in heads.encoder_heads.items():
        found |= head.tensors(f"encoder.{view}")
    if heads.memory.vectors is not None:
        found["memory.vectors"] = heads.memory.vectors
    return found


def restore_heads(
    labels: Sequence[str],
    settings: Mapping[str, Any],
    document: Mapping[str, Any],
    tensors: Tensors,
) -> IntentHeads:
    """Rebuild from what was saved."""
    features = LexicalFeatures.restore(document["vocabulary"], tensors)
    head = LinearHead.from_tensors(tensors, "lexical")
    parts = tuple(tensors[f"memory.words.{part}"] for part in ("data", "indices", "indptr"))
    words = csr_matrix(parts, shape=(len(parts[2]) - 1, head.weight.shape[1]))
    targets = np.asarray(tensors["memory.targets"], dtype=np.int64)
    vectors = tensors.get("memory.vectors")
    return IntentHeads(
        labels=tuple(labels),
        lexical=LexicalModel(features, head),
        memory=remember(targets, words, vectors, label_count=len(labels)),
        texts=tuple(document["texts"]),
        encoder_heads={
            view: LinearHead.from_tensors(tensors, f"encoder.{view}") for view in settings["views"]
        },
        settings=restore_settings(settings),
    )


def heads_document(heads: IntentHeads) -> dict[str, Any]:
    """Vocabulary and remembered texts, for JSON."""
    return {"vocabulary": heads.lexical.features.document(), "texts": list(heads.texts)}


def views_of(heads: IntentHeads) -> list[str]:
    """The encoder views in a fixed order, the frozen one first."""
    return sorted(heads.encoder_heads, key=lambda view: (view != BASE, view))
