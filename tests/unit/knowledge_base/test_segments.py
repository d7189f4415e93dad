"""Changes beside a base, and the history: what a search of now and of then may find."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base import Audience, Document, Indexer, LiveKnowledgeBase, SearchMode
from knowledge_base.index_store import IndexStore, Part
from models.fakes import HashingEncoder
from tests.unit.knowledge_base.support import ARTICLES, MOMENT, after_days, build_document, now

ENCODER = HashingEncoder(64)
ALL_MODES = pytest.mark.parametrize("mode", list(SearchMode))


@pytest.fixture
def indexer(tmp_path: Path) -> Indexer:
    indexer = Indexer(tmp_path, ENCODER, now=now)
    indexer.rebuild(ARTICLES)
    return indexer


@pytest.fixture
def live(tmp_path: Path, indexer: Indexer) -> LiveKnowledgeBase:
    return LiveKnowledgeBase(tmp_path, ENCODER, now=now, check_every_s=0)


def _texts(live: LiveKnowledgeBase, question: str, **options: object) -> list[str]:
    hits = live.search(question, k=10, **options)  # type: ignore[arg-type]  # options of one call
    return [hit.chunk.text for hit in hits]


@ALL_MODES
def test_a_changed_document_takes_the_place_of_its_old_form(
    live: LiveKnowledgeBase, indexer: Indexer, mode: SearchMode
) -> None:
    changed = build_document("en-transfers", "A transfer arrives within seconds.", version=2)
    indexer.change([changed], hides=["en-transfers"])
    found = _texts(live, "when does a transfer arrive", mode=mode)
    assert "A transfer arrives within seconds." in found
    assert not any("next working day" in text for text in found)


@ALL_MODES
def test_a_document_that_is_gone_is_found_no_more(
    live: LiveKnowledgeBase, indexer: Indexer, mode: SearchMode
) -> None:
    indexer.change([], hides=["en-transfers"])
    found = _texts(live, "monthly fee, and how fast is a transfer", mode=mode)
    assert found
    assert not any("transfer" in text for text in found)


def test_changes_are_cumulative_and_replace_one_another(
    live: LiveKnowledgeBase, indexer: Indexer
) -> None:
    indexer.change([build_document("one", "Cheques are green.")], hides=[])
    assert "Cheques are green." in _texts(live, "cheques")
    indexer.change([], hides=[])
    assert "Cheques are green." not in _texts(live, "cheques")


def test_a_change_counts_words_as_the_base_does(live: LiveKnowledgeBase, indexer: Indexer) -> None:
    """Alone, every word of a single new document would be a common one."""
    same = "## How fast is a transfer?\n\nA transfer arrives on the next working day."
    indexer.change([build_document("copy", same, title="Transfers")], hides=[])
    hits = live.search("next working day", k=2, mode=SearchMode.KEYWORD)
    assert {hit.chunk.document_id for hit in hits} == {"en-transfers", "copy"}
    scores = [hit.keyword_score or 0.0 for hit in hits]
    assert scores[0] == pytest.approx(scores[1], rel=0.35)


def test_a_new_base_ends_the_changes(tmp_path: Path, indexer: Indexer) -> None:
    indexer.change([build_document("one", "Cheques are green.")], hides=[])
    store = IndexStore(tmp_path)
    assert store.live().changes is not None
    manifest = Indexer(tmp_path, ENCODER, now=after_days(1)).rebuild(ARTICLES)
    assert store.live().base == manifest.version
    assert store.live().changes is None
    assert manifest.reused_vectors == 3


def test_the_history_is_read_at_past_moments_only(
    live: LiveKnowledgeBase, indexer: Indexer
) -> None:
    ended = build_document(
        "old",
        "The monthly fee was nine euros.",
        effective_from=MOMENT - timedelta(days=30),
        expires_at=MOMENT - timedelta(days=10),
    )
    indexer.remember([ended])
    assert "The monthly fee was nine euros." not in _texts(live, "monthly fee")
    then = MOMENT - timedelta(days=20)
    assert "The monthly fee was nine euros." in _texts(live, "monthly fee", as_of=then)
    before = MOMENT - timedelta(days=40)
    assert "The monthly fee was nine euros." not in _texts(live, "monthly fee", as_of=before)
    answer = live.answer("monthly fee", as_of=then)
    assert answer.index_version.count("+") == 1


def test_a_change_opens_only_what_changed(live: LiveKnowledgeBase, indexer: Indexer) -> None:
    live.reload()
    base = live._parts.base if live._parts else None
    indexer.change([], hides=["en-fees"])
    live.reload()
    assert live._parts is not None
    assert live._parts.base is base


def test_parts_that_were_replaced_are_pruned(tmp_path: Path) -> None:
    for day in range(6):
        indexer = Indexer(tmp_path, ENCODER, now=after_days(day))
        if day == 0:
            indexer.rebuild(ARTICLES)
        indexer.change([build_document(f"d{day}", f"Text {day}.")], hides=[])
    assert len(IndexStore(tmp_path).versions(Part.CHANGES)) == 3


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_what_is_found_is_what_may_be_seen(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Any mix of base, changes and readers against the plain rule, document by document."""
    days = st.one_of(st.none(), st.integers(-3, 3))

    def draw(prefix: str, count: int) -> list[Document]:
        return [
            build_document(
                f"{prefix}{number}",
                f"Fees of kind {prefix}{number}.",
                audience=data.draw(st.sampled_from(list(Audience))),
                locale=data.draw(st.sampled_from(["en", "zh"])),
                effective_from=_moment(data.draw(days)),
                expires_at=_moment(data.draw(days)),
            )
            for number in range(count)
        ]

    in_base, changed = draw("b", 6), draw("c", 3)
    hidden = data.draw(st.sets(st.sampled_from([one.document_id for one in in_base])))
    folder = tmp_path_factory.mktemp("index")
    indexer = Indexer(folder, ENCODER, now=now)
    indexer.rebuild(in_base)
    indexer.change(changed, hides=hidden)
    live = LiveKnowledgeBase(folder, ENCODER, now=now)
    audiences = data.draw(st.sets(st.sampled_from(list(Audience)), min_size=1))
    as_of = _moment(data.draw(st.one_of(st.none(), st.integers(-4, 4))))
    expected = {
        one.document_id
        for one in [*changed, *(item for item in in_base if item.document_id not in hidden)]
        if one.audience in audiences
        and one.locale == "en"
        and (one.effective_from is None or one.effective_from <= (as_of or MOMENT))
        and (one.expires_at is None or (as_of or MOMENT) < one.expires_at)
    }
    for mode in SearchMode:
        hits = live.search(
            "fees", k=20, locale="en", audiences=tuple(audiences), mode=mode, as_of=as_of
        )
        assert {hit.chunk.document_id for hit in hits} == expected


def _moment(day: int | None) -> datetime | None:
    return None if day is None else MOMENT + timedelta(days=day)
