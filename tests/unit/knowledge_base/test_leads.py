"""An article's opening counts for all its chunks."""

from pathlib import Path

from knowledge_base import Indexer, LiveKnowledgeBase, RetrievalSettings, SearchMode
from models.fakes import HashingEncoder
from tests.unit.knowledge_base.support import build_document, now

LONG = "Bring the form to the counter and sign it there. " * 3


def _first(root: Path, settings: RetrievalSettings) -> str:
    documents = [
        build_document("a", f"All about travel money.\n\n## Steps\n\n{LONG}", title=""),
        build_document("b", f"All about children.\n\n## Steps\n\n{LONG}", title=""),
    ]
    Indexer(root, HashingEncoder(256), now=now).rebuild(documents)
    base = LiveKnowledgeBase(root, HashingEncoder(256), now=now, retrieval=settings)
    hits = base.search("sign the form at the counter for children", k=4, mode=SearchMode.DENSE)
    return next(hit.chunk.document_id for hit in hits if hit.chunk.headings)


def test_the_opening_decides_between_equal_chunks(tmp_path: Path) -> None:
    assert _first(tmp_path / "with", RetrievalSettings()) == "b"
    assert _first(tmp_path / "without", RetrievalSettings(lead_weight=0.0)) == "a"
