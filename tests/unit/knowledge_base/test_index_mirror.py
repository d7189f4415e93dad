"""Index versions travel between machines whole, or not at all."""

from pathlib import Path

import fsspec
import pytest

from knowledge_base import IndexDamaged, Indexer, LiveKnowledgeBase
from knowledge_base.index_mirror import IndexMirror
from knowledge_base.index_store import IndexStore
from models.fakes import HashingEncoder
from tests.unit.knowledge_base.support import ARTICLES, after_days, build_document, now

ENCODER = HashingEncoder(64)


@pytest.fixture(params=["file", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return f"file://{tmp_path}/shared"
    return f"memory://{tmp_path.name}"


def _build(root: Path, url: str, *, day: int = 0) -> IndexStore:
    Indexer(root, ENCODER, now=after_days(day)).rebuild(ARTICLES)
    store = IndexStore(root)
    IndexMirror(url, store).send()
    return store


def test_another_machine_searches_what_was_sent(tmp_path: Path, url: str) -> None:
    store = _build(tmp_path / "a", url)
    elsewhere = IndexStore(tmp_path / "b")
    mirror = IndexMirror(url, elsewhere)
    assert mirror.fetch()
    assert elsewhere.live() == store.live()
    live = LiveKnowledgeBase(tmp_path / "b", ENCODER, now=now)
    assert live.search("monthly fee", k=1, locale="en")[0].chunk.document_id == "en-fees"
    assert not mirror.fetch()


def test_changes_travel_without_the_base(tmp_path: Path, url: str) -> None:
    _build(tmp_path / "a", url)
    mirror = IndexMirror(url, IndexStore(tmp_path / "b"))
    mirror.fetch()
    new = build_document("new", "Cheques are green.")
    Indexer(tmp_path / "a", ENCODER, now=now).change([new], hides=["en-fees"])
    IndexMirror(url, IndexStore(tmp_path / "a")).send()
    assert mirror.fetch()
    live = LiveKnowledgeBase(tmp_path / "b", ENCODER, now=now)
    found = {hit.chunk.document_id for hit in live.search("cheques, monthly fee", k=9)}
    assert "new" in found
    assert "en-fees" not in found


def test_a_damaged_copy_is_refused_and_the_old_one_stays(tmp_path: Path, url: str) -> None:
    first = _build(tmp_path / "a", url).live()
    mirror = IndexMirror(url, IndexStore(tmp_path / "b"))
    mirror.fetch()
    second = _build(tmp_path / "a", url, day=1).live()
    filesystem, root = fsspec.core.url_to_fs(url)
    with filesystem.open(f"{root}/base/{second.base}/chunks.jsonl", "wb") as file:
        file.write(b"{}\n")
    with pytest.raises(IndexDamaged):
        mirror.fetch()
    assert IndexStore(tmp_path / "b").live() == first


def test_nothing_was_sent_yet(tmp_path: Path, url: str) -> None:
    assert not IndexMirror(url, IndexStore(tmp_path / "b")).fetch()


def test_old_versions_leave_the_store(tmp_path: Path, url: str) -> None:
    for day in range(5):
        _build(tmp_path / "a", url, day=day)
    filesystem, root = fsspec.core.url_to_fs(url)
    assert len(filesystem.ls(f"{root}/base")) == 3
