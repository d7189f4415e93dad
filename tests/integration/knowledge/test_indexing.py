"""Seeding and building the index: both skip what is done, both end at what is published."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit_trail import Actor
from app.cli.preparing import seed_articles
from app.clock import utc_now
from app.db.audit import AuditEventRecord
from app.db.document import DocumentRecord, DocumentVersionRecord
from app.db.job import JobRecord
from app.knowledge import indexing
from app.knowledge.index_queries import list_publication_keys, load_publications
from app.knowledge.indexing import build_index
from app.knowledge.releases import ReleaseService
from app.knowledge.schemas import DocumentCreate
from app.knowledge.service import KnowledgeService
from app.parts import Parts
from knowledge_base.index_store import IndexStore, Part
from knowledge_base.manifest import read_manifest
from models.fakes import HashingEncoder
from tests.fixtures.reranker import Favourite

EDITOR = Actor("staff", "emma")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for locale, text in (("en", "Block the card in the app."), ("zh", "请在应用中冻结卡片。")):
        (tmp_path / "content" / locale).mkdir(parents=True)
        (tmp_path / "content" / locale / "lost-card.md").write_text(f"# Card\n\n{text}")
    return tmp_path / "content"


def seed(parts: Parts, folder: Path) -> int:
    return seed_articles(parts.database, folder)


def build(parts: Parts, *, force: bool = False) -> str | None:
    return build_index(
        parts.database, parts.settings, parts.encoder, reranker=parts.reranker, force=force
    )


def published(parts: Parts) -> dict[str | None, tuple[int, str]]:
    with parts.database.read() as session:
        keys = list_publication_keys(session, ending_after=utc_now())
        return {
            one.document.slug: (one.version.version, one.version.body)
            for one in load_publications(session, keys)
        }


def test_articles_are_seeded_once_as_published(parts: Parts, folder: Path) -> None:
    (folder / "en" / "broken.md").write_text("---\nunknown: x\n---\ntext")
    assert (seed(parts, folder), seed(parts, folder)) == (2, 0)
    assert {slug: number for slug, (number, _) in published(parts).items()} == {
        "en-lost-card": 1,
        "zh-lost-card": 1,
    }
    with parts.database.read() as session:
        actions = session.scalars(select(AuditEventRecord.action)).all()
    assert sorted(set(actions)) == ["document.created", "document.published"]


def test_a_changed_file_is_a_new_published_version(parts: Parts, folder: Path) -> None:
    seed(parts, folder)
    (folder / "en" / "lost-card.md").write_text("# Card\n\nRing us.")
    assert (seed(parts, folder), seed(parts, folder)) == (1, 0)
    assert published(parts)["en-lost-card"] == (2, "# Card\n\nRing us.")


def test_what_editors_wrote_is_not_overwritten(parts: Parts, folder: Path) -> None:
    seed(parts, folder)
    with parts.database.write() as session:
        slug = DocumentRecord.slug == "en-lost-card"
        document_id = session.scalars(select(DocumentRecord.id).where(slug)).one()
        own = DocumentCreate(title="Card", body="Our own words.", locale="en")
        KnowledgeService(session, EDITOR).add_version(document_id, own)
    (folder / "en" / "lost-card.md").write_text("# Card\n\nRing us.")
    assert (seed(parts, folder), seed(parts, folder)) == (1, 0)
    assert published(parts)["en-lost-card"][0] == 1
    with parts.database.read() as session:
        newest = KnowledgeService(session, EDITOR).get(document_id).version
    assert (newest.version, newest.status, newest.author_kind) == (3, "submitted", "system")


def test_what_editors_deleted_stays_deleted(parts: Parts, folder: Path) -> None:
    seed(parts, folder)
    with parts.database.write() as session:
        document = session.scalars(select(DocumentRecord).limit(1)).one()
        ReleaseService(session, EDITOR).delete(document.id)
        slug = document.slug or ""
    (folder / slug[:2] / "lost-card.md").write_text("# Card\n\nChanged.")
    assert seed(parts, folder) == 0
    assert slug not in published(parts)


def test_an_index_is_built_once_for_the_same_documents(parts: Parts, folder: Path) -> None:
    seed(parts, folder)
    built = build(parts)
    assert built is not None
    assert build(parts) is None
    forced = build(parts, force=True)
    assert forced not in (None, built)


@pytest.mark.parametrize("change", ["document", "encoder", "reranker", "damage"])
def test_an_index_is_built_again_when_it_no_longer_fits(
    parts: Parts, folder: Path, change: str
) -> None:
    seed(parts, folder)
    version = build(parts)
    if change == "document":
        (folder / "en" / "lost-card.md").write_text("# Card\n\nRing us.")
        seed(parts, folder)
    elif change == "encoder":
        parts.encoder = HashingEncoder(128)
    elif change == "reranker":
        parts.reranker = Favourite("card")
    else:
        target = indexing.index_folder(parts.settings) / "base" / str(version) / "chunks.jsonl"
        target.write_text(target.read_text() + "\n")
    assert build(parts) is not None
    assert build(parts) is None


def test_the_job_takes_up_another_reranker_and_one_that_is_gone(
    parts: Parts, folder: Path, work: Callable[[], int]
) -> None:
    seed(parts, folder)
    calibrated_to: list[str | None] = []
    store = IndexStore(indexing.index_folder(parts.settings))
    for parts.reranker in (Favourite("card", "one"), Favourite("card", "two"), None):
        with parts.database.write() as session:
            KnowledgeService(session, EDITOR).request_reindex()
        assert work() == 1
        base = read_manifest(store.folder(Part.BASE, store.live().base))
        calibrated_to.append(base.reranker)
    assert calibrated_to == ["one", "two", None]


def test_progress_is_told(parts: Parts, folder: Path) -> None:
    seed(parts, folder)
    told: list[int] = []
    build_index(parts.database, parts.settings, parts.encoder, told.append)
    assert told
    assert told == sorted(told)


def test_what_is_published_during_a_build_is_in_the_index_at_its_end(
    parts: Parts, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(parts, folder)
    build_base = indexing._Builder.build_base
    bases: list[str] = []

    def build_and_change(builder: indexing._Builder) -> str:
        bases.append(build_base(builder))
        (folder / "en" / "lost-card.md").write_text("# Card\n\nRing us.")
        seed(parts, folder)
        return bases[-1]

    monkeypatch.setattr(indexing._Builder, "build_base", build_and_change)
    assert build(parts) not in (None, *bases)
    assert len(bases) == 1
    parts.knowledge.reload()
    texts = [hit.chunk.text for hit in parts.knowledge.search("Ring us", k=5, locale="en")]
    assert texts == ["Ring us."]


def test_one_unreadable_text_holds_up_no_other(parts: Parts, folder: Path) -> None:
    seed(parts, folder)
    with parts.database.write() as session:
        broken = session.scalars(
            select(DocumentVersionRecord).where(DocumentVersionRecord.body.contains("Block"))
        ).one()
        broken.format, broken.body = "html", "<div>" * 3_000 + "Block"
    assert build(parts) is not None
    assert build(parts) is None
    parts.knowledge.reload()
    assert parts.knowledge.search("Block", k=5, locale="en") == []
    assert parts.knowledge.search("冻结卡片", k=5, locale="zh") != []


def test_two_builders_at_once_build_once(parts: Parts, folder: Path) -> None:
    seed(parts, folder)
    results: list[str | None] = []
    threads = [threading.Thread(target=lambda: results.append(build(parts))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in results if one is not None]) == 1


def test_the_job_builds_reloads_and_is_done(
    parts: Parts, folder: Path, work: Callable[[], int]
) -> None:
    seed(parts, folder)
    with parts.database.write() as session:
        job_id = KnowledgeService(session, EDITOR).request_reindex().id
    assert work() == 1
    assert parts.knowledge.index_version != ""
    with parts.database.read() as session:
        assert session.get_one(JobRecord, job_id).state == "done"
        actions = session.scalars(select(AuditEventRecord.action)).all()
    assert "knowledge.reindexed" in actions
