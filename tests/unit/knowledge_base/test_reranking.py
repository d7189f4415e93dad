"""A reranker orders the best hits: what it sees, what it moves, and what happens when it fails."""

import logging
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge_base import (
    Audience,
    Document,
    ExampleQuestion,
    Hit,
    Indexer,
    LiveKnowledgeBase,
    RetrievalSettings,
)
from models.errors import RerankerError
from models.fakes import HashingEncoder
from tests.fixtures.reranker import Favourite
from tests.unit.knowledge_base.support import after_days, build_document, now

ENCODER = HashingEncoder(256)
ZEBRAS = [
    build_document("plain", "zebra zebra zebra", title="Zebra"),
    build_document("hidden", "zebra stripes grey", title="Zebra", audience=Audience.STAFF),
    build_document("grey", "A zebra, and much about grey stripes too.", title="Animals"),
    build_document("zh", "斑马的灰色条纹", title="斑马", locale="zh"),
    build_document("far", "Everything else about horses and one zebra.", title="Horses"),
]
QUESTION = "zebra"


def _open(
    root: Path, reranker: Favourite | None, *, first: int = 20, documents: Sequence[Document] = ()
) -> LiveKnowledgeBase:
    settings = RetrievalSettings(rerank=first)
    Indexer(root, ENCODER, now=now, reranker=reranker).rebuild(documents or ZEBRAS)
    return LiveKnowledgeBase(root, ENCODER, now=now, retrieval=settings, reranker=reranker)


def _ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.chunk.document_id for hit in hits]


def test_the_reranker_has_the_last_word(tmp_path: Path) -> None:
    plain = _open(tmp_path / "plain", None).search(QUESTION, k=5, locale="en")
    hits = _open(tmp_path / "ranked", Favourite()).search(QUESTION, k=5, locale="en")
    assert _ids(plain) == ["plain", "far", "grey"]
    assert _ids(hits) == ["grey", "plain", "far"]  # equal ones stay as they were found
    assert [hit.rerank_score for hit in hits] == [1, 0, 0]
    assert [hit.rerank_score for hit in plain] == [None] * 3
    # how far apart places are stays, for those who choose sections
    assert [hit.score for hit in hits] == [hit.score for hit in plain]


def test_it_looks_further_than_what_is_asked_for(tmp_path: Path) -> None:
    assert _ids(_open(tmp_path, Favourite()).search(QUESTION, k=1, locale="en")) == ["grey"]


def test_what_stands_behind_the_first_stays_there(tmp_path: Path) -> None:
    hits = _open(tmp_path, Favourite("horses"), first=2).search(QUESTION, k=5, locale="en")
    assert _ids(hits) == ["far", "plain", "grey"]
    assert [hit.rerank_score for hit in hits] == [2, 0, None]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


def test_it_never_sees_what_the_reader_may_not_read(tmp_path: Path) -> None:
    reranker = Favourite()
    live = _open(tmp_path, reranker)
    live.reload()
    reranker.seen.clear()
    live.search(QUESTION, k=5, locale="en")
    assert sorted(reranker.seen) == [
        "Animals. A zebra, and much about grey stripes too.",
        "Horses. Everything else about horses and one zebra.",
        "Zebra. zebra zebra zebra",
    ]
    reranker.seen.clear()
    live.search("斑马", k=5, locale="zh")
    assert reranker.seen == ["斑马. 斑马的灰色条纹"]
    live.search(QUESTION, k=5, locale="en", audiences=tuple(Audience))
    assert "Zebra. zebra stripes grey" in reranker.seen


def test_headings_are_read_with_the_text(tmp_path: Path) -> None:
    reranker = Favourite()
    document = build_document("a", "## Stripes\n\nGrey zebra.", title="Animals")
    _open(tmp_path, reranker, documents=[document]).search(QUESTION, k=5, locale="en")
    assert set(reranker.seen) == {"Animals. Stripes. Grey zebra."}


def test_an_answer_comes_from_the_first_of_the_new_order(tmp_path: Path) -> None:
    twins = [
        build_document("a", "Cards cost money."),
        build_document("b", "Cards cost money, grey ones too."),
    ]
    cited = []
    for name, reranker in (("plain", None), ("ranked", Favourite())):
        answer = _open(tmp_path / name, reranker, documents=twins).answer("Cards cost money.")
        cited.append([one.document_id for one in answer.citations])
    assert cited == [["a"], ["b"]]


def test_a_failing_reranker_leaves_what_was_found(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reranker = Favourite()
    live = _open(tmp_path, reranker)
    reranker.fails = True
    for _ in range(3):
        hits = live.search(QUESTION, k=5, locale="en")
    assert _ids(hits) == ["plain", "far", "grey"]
    assert [hit.rerank_score for hit in hits] == [None] * 3
    # once a minute, without a word of the question
    warned = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    assert warned == ["knowledge_base.reranker_failed"]
    reranker.fails = False
    assert _ids(live.search(QUESTION, k=5, locale="en"))[0] == "grey"


EXAMPLES = [ExampleQuestion(f"my zebra {n} is lost", "zebra_lost") for n in range(5)]
LOST = build_document("lost", "A lost zebra comes home.", intents=("zebra_lost",))


def test_a_base_is_not_calibrated_with_a_failing_reranker(tmp_path: Path) -> None:
    reranker = Favourite()
    indexer = Indexer(tmp_path, ENCODER, now=now, reranker=reranker)
    reranker.fails = True
    with pytest.raises(RerankerError):
        indexer.rebuild([*ZEBRAS, LOST], EXAMPLES)
    assert LiveKnowledgeBase(tmp_path, ENCODER, now=now).index_version == ""


def test_the_confidence_is_fitted_to_the_new_order(tmp_path: Path) -> None:
    bases = [
        Indexer(tmp_path / name, ENCODER, now=now, reranker=reranker).rebuild(
            [*ZEBRAS, LOST], EXAMPLES
        )
        for name, reranker in (("plain", None), ("ranked", Favourite()))
    ]
    assert [base.reranker for base in bases] == [None, "one"]
    assert bases[0].calibration["en"] != bases[1].calibration["en"]
    assert bases[0].version != bases[1].version


def test_another_reranker_waits_for_a_base_that_was_calibrated_to_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _open(tmp_path, Favourite(revision="one"))
    other = Favourite(revision="two")
    live = LiveKnowledgeBase(tmp_path, ENCODER, now=now, check_every_s=0, reranker=other)
    assert _ids(live.search(QUESTION, k=5, locale="en"))[0] == "plain"
    assert other.seen == []
    assert "knowledge_base.reranker_waits_for_new_base" in caplog.text
    Indexer(tmp_path, ENCODER, now=after_days(1), reranker=other).rebuild(ZEBRAS)
    assert _ids(live.search(QUESTION, k=5, locale="en"))[0] == "grey"


def test_changes_beside_a_base_are_ordered_too(tmp_path: Path) -> None:
    live = _open(tmp_path, Favourite())
    indexer = Indexer(tmp_path, ENCODER, now=after_days(1), reranker=Favourite())
    indexer.change([build_document("new", "Grey, grey and one zebra.")], hides=["grey"])
    live.reload()
    assert _ids(live.search(QUESTION, k=5, locale="en"))[0] == "new"
