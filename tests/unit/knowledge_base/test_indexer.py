"""Index versions: whole or absent, verified, kept, reused."""

from pathlib import Path

import pytest

from knowledge_base import EncoderMismatch, ExampleQuestion, IndexDamaged, Indexer, IndexNotFound
from knowledge_base.index_store import IndexStore, Live, Part
from knowledge_base.segment import load_segment
from models.fakes import HashingEncoder
from tests.unit.knowledge_base.support import (
    ARTICLES,
    EnglishOnlyEncoder,
    after_days,
    build_document,
)


def test_a_version_records_what_it_was_built_from(indexer: Indexer, tmp_path: Path) -> None:
    manifest = indexer.rebuild(ARTICLES)
    assert (manifest.documents, manifest.chunks, manifest.vectors) == (3, 3, 2)
    assert manifest.locales == ("en", "zh")
    assert set(manifest.calibration) == {"en", "zh"}
    assert manifest.version.startswith("20261123T090000")
    assert IndexStore(tmp_path).live() == Live(base=manifest.version)


def test_no_chinese_reaches_an_english_encoder(
    indexer: Indexer, encoder: EnglishOnlyEncoder
) -> None:
    mixed = build_document("m", "The word 余额 means balance in this article.")
    indexer.rebuild([*ARTICLES, mixed], [ExampleQuestion("月费多少", "account_fees")])
    assert encoder.seen
    assert all(text.isascii() for text in encoder.seen)


def test_known_vectors_are_not_computed_again(tmp_path: Path) -> None:
    first, second = EnglishOnlyEncoder(), EnglishOnlyEncoder()
    examples = [ExampleQuestion("why do you charge me", "account_fees")]
    Indexer(tmp_path, first, now=after_days(0)).rebuild(ARTICLES, examples)
    added = build_document("en-new", "A new article about cheques.")
    later = Indexer(tmp_path, second, now=after_days(1))
    assert later.rebuild([*ARTICLES, added], examples).reused_vectors == 3
    assert sum("cheques" in text for text in second.seen) == 1
    assert not any("monthly fee" in text for text in second.seen)


def test_a_damaged_file_is_noticed(indexer: Indexer, tmp_path: Path) -> None:
    folder = tmp_path / "base" / indexer.rebuild(ARTICLES).version
    (folder / "chunks.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(IndexDamaged, match=r"chunks\.jsonl"):
        load_segment(folder, encoder_revision=None)


def test_other_encoder_weights_are_refused(indexer: Indexer, tmp_path: Path) -> None:
    folder = tmp_path / "base" / indexer.rebuild(ARTICLES).version
    with pytest.raises(EncoderMismatch, match="rebuild"):
        load_segment(folder, encoder_revision=HashingEncoder(8).revision)


def test_three_versions_are_kept_and_the_live_one_always(
    tmp_path: Path, encoder: EnglishOnlyEncoder
) -> None:
    built = [Indexer(tmp_path, encoder, now=after_days(day)).rebuild(ARTICLES) for day in range(5)]
    names = [manifest.version for manifest in built]
    assert IndexStore(tmp_path).versions(Part.BASE) == names[2:]
    IndexStore(tmp_path).publish(Live(base=names[2]))
    assert IndexStore(tmp_path).live() == Live(base=names[2])


def test_a_failed_build_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("x", encoding="utf-8")
        raise IndexDamaged("broken")

    with pytest.raises(IndexDamaged):
        IndexStore(tmp_path).add(Part.BASE, "v1", write=fail, verify=lambda folder: None)
    assert list((tmp_path / "base").iterdir()) == []


@pytest.mark.parametrize("version", ["", "..", "a/b", "absent"])
def test_only_versions_can_be_published(tmp_path: Path, version: str) -> None:
    with pytest.raises(IndexNotFound):
        IndexStore(tmp_path).publish(Live(base=version))


def test_an_empty_set_of_documents_is_an_index_too(indexer: Indexer) -> None:
    assert indexer.rebuild([]).chunks == 0
