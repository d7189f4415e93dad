"""Ask an index off-topic questions to set the evidence it needs for an answer. Knows no files."""

from datetime import datetime

from knowledge_base.evidence import EvidenceSettings, evidence, threshold_from
from knowledge_base.off_topic import OFF_TOPIC
from knowledge_base.protocols import Embedder
from knowledge_base.retriever import RetrievalSettings, Retriever
from knowledge_base.snapshot import Snapshot
from knowledge_base.types import Audience


def abstain_thresholds(
    index: Snapshot,
    embedder: Embedder,
    *,
    retrieval: RetrievalSettings,
    evidence_settings: EvidenceSettings,
) -> dict[str, float]:
    """A threshold for every locale that has both chunks and probes."""
    created_at = datetime.fromisoformat(index.manifest.created_at)
    retriever = Retriever(index, embedder, now=lambda: created_at, settings=retrieval)
    return {
        locale: threshold_from(
            _probe(retriever, locale, settings=evidence_settings), evidence_settings
        )
        for locale in index.manifest.locales
        if locale in OFF_TOPIC
    }


def _probe(retriever: Retriever, locale: str, *, settings: EvidenceSettings) -> list[float]:
    """Evidence of the best chunk for every probe, whoever may read it."""
    amounts: list[float] = []
    for question in OFF_TOPIC[locale]:
        hits = retriever.search(question, k=1, locale=locale, audiences=tuple(Audience))
        amounts.extend(evidence(question, hit, retriever.index.keywords, settings) for hit in hits)
        amounts.extend([0.0] * (not hits))
    return amounts
