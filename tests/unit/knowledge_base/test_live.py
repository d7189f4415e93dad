"""Search and answer over the live index version."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge_base import (
    Audience,
    Document,
    ExampleQuestion,
    Indexer,
    LiveKnowledgeBase,
    SearchMode,
)
from tests.unit.knowledge_base.support import (
    ARTICLES,
    MOMENT,
    EnglishOnlyEncoder,
    after_days,
    build_document,
    now,
)


def _ids(live: LiveKnowledgeBase, question: str, **options: object) -> list[str]:
    hits = live.search(question, k=10, **options)  # type: ignore[arg-type]  # options of one call
    return [hit.chunk.document_id for hit in hits]


def test_without_an_index_nothing_is_found_and_no_answer_is_given(
    tmp_path: Path, encoder: EnglishOnlyEncoder
) -> None:
    empty = LiveKnowledgeBase(tmp_path / "none", encoder, now=now)
    assert empty.search("fee", k=5) == []
    assert empty.answer("fee").abstained
    assert empty.index_version == ""


@pytest.mark.parametrize("mode", list(SearchMode))
def test_every_mode_finds_the_english_article(live: LiveKnowledgeBase, mode: SearchMode) -> None:
    assert _ids(live, "monthly fee", locale="en", mode=mode)[0] == "en-fees"


def test_chinese_is_found_by_keywords_and_never_encoded(
    live: LiveKnowledgeBase, encoder: EnglishOnlyEncoder
) -> None:
    live.reload()
    encoder.seen.clear()
    assert _ids(live, "账户月费是多少", locale="zh") == ["zh-fees"]
    assert _ids(live, "账户月费是多少", locale="zh", mode=SearchMode.DENSE) == []
    assert encoder.seen == []


@pytest.mark.parametrize(
    "question",
    ["", "   ", "?!", "，。", "\x00", "a" * 20_000],
    ids=["empty", "blank", "marks", "zh-marks", "null", "long"],
)
def test_odd_questions_do_no_harm(live: LiveKnowledgeBase, question: str) -> None:
    live.search(question, k=5)
    assert live.answer(question).confidence <= 1


@pytest.mark.parametrize(
    ("changes", "visible"),
    [
        pytest.param({}, True, id="public"),
        pytest.param({"audience": Audience.STAFF}, False, id="other-audience"),
        pytest.param({"effective_from": MOMENT + timedelta(seconds=1)}, False, id="not-yet"),
        pytest.param({"effective_from": MOMENT}, True, id="from-now"),
        pytest.param({"expires_at": MOMENT}, False, id="expired"),
        pytest.param({"expires_at": MOMENT + timedelta(seconds=1)}, True, id="expires-soon"),
        pytest.param({"locale": "zh"}, False, id="other-locale"),
    ],
)
def test_rights_and_dates_are_applied_before_the_cut(
    tmp_path: Path, encoder: EnglishOnlyEncoder, changes: dict[str, object], visible: bool
) -> None:
    better = [
        build_document(f"hidden-{n}", "zebra stripes zebra", audience=Audience.STAFF)
        for n in range(30)
    ]
    target = build_document("target", "One zebra in a longer text about fees.", **changes)
    Indexer(tmp_path, encoder, now=now).rebuild([*better, target])
    found = LiveKnowledgeBase(tmp_path, encoder, now=now).search("zebra", k=1, locale="en")
    assert [hit.chunk.document_id for hit in found] == (["target"] if visible else [])


def test_examples_lead_to_documents_that_share_no_word(
    tmp_path: Path, encoder: EnglishOnlyEncoder
) -> None:
    examples = [
        ExampleQuestion("why do you take my money", "account_fees"),
        ExampleQuestion("干嘛扣钱", "account_fees"),
    ]
    others = [build_document(f"zh-{n}", f"## 扣\n\n第{n}篇", locale="zh") for n in range(3)]
    Indexer(tmp_path, encoder, now=now).rebuild([*ARTICLES, *others], examples)
    live = LiveKnowledgeBase(tmp_path, encoder, now=now)
    assert _ids(live, "why do you take money", locale="en", mode=SearchMode.DENSE)[0] == "en-fees"


def test_the_intent_lifts_its_documents(tmp_path: Path, encoder: EnglishOnlyEncoder) -> None:
    twins = [
        build_document("a", "Cards cost money.", title="t"),
        build_document("b", "Cards cost money.", title="t", intents=("card_fees",)),
    ]
    Indexer(tmp_path, encoder, now=now).rebuild(twins)
    live = LiveKnowledgeBase(tmp_path, encoder, now=now)
    plain, boosted = (live.answer("cards cost money", intent=i) for i in (None, "card_fees"))
    assert plain.citations[0].document_id == "a"
    assert boosted.citations[0].document_id == "b"
    assert boosted.confidence > plain.confidence


def test_an_answer_quotes_the_document_exactly(live: LiveKnowledgeBase) -> None:
    answer = live.answer("How fast is a transfer?", locale="en")
    (citation,) = answer.citations
    assert answer.text == citation.quote == "A transfer arrives on the next working day."
    assert citation.url == "https://lanternbank.example/transfers"
    assert citation.version == 1
    assert answer.index_version == live.index_version
    assert 0.5 <= answer.confidence <= 1


def test_a_list_is_given_whole(live: LiveKnowledgeBase) -> None:
    answer = live.answer("What does the account cost?", locale="en")
    assert answer.text is not None
    assert answer.text.endswith("- Basic: free\n- Plus: twelve")


@pytest.mark.parametrize("question", ["What is the weather like?", "今天天气怎么样？", "zebra"])
def test_off_topic_questions_get_no_answer(live: LiveKnowledgeBase, question: str) -> None:
    answer = live.answer(question)
    assert answer.abstained
    assert answer.citations == ()
    assert answer.confidence < 0.5


def test_reload_swaps_to_the_published_version(
    tmp_path: Path, live: LiveKnowledgeBase, encoder: EnglishOnlyEncoder
) -> None:
    before = live.index_version
    later = Indexer(tmp_path, encoder, now=after_days(1))
    later.rebuild([build_document("only", "Nothing but cheques.")])
    live.reload()
    assert live.index_version != before
    assert _ids(live, "cheques") == ["only"]


def test_a_damaged_new_version_leaves_the_old_one_answering(
    tmp_path: Path, live: LiveKnowledgeBase, encoder: EnglishOnlyEncoder
) -> None:
    eager = LiveKnowledgeBase(tmp_path, encoder, now=now, check_every_s=0)
    before = eager.index_version
    later = Indexer(tmp_path, encoder, now=after_days(1))
    manifest = later.rebuild(ARTICLES)
    (tmp_path / "base" / manifest.version / "chunks.jsonl").write_text("", encoding="utf-8")
    assert eager.index_version == before
    assert _ids(eager, "monthly fee")[0] == "en-fees"


def test_searches_go_on_while_versions_are_swapped(
    tmp_path: Path, live: LiveKnowledgeBase, encoder: EnglishOnlyEncoder
) -> None:
    documents: tuple[Document, ...] = ARTICLES
    failures: list[BaseException] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                assert _ids(live, "monthly fee", locale="en")[0] == "en-fees"
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for day in range(1, 6):
        Indexer(tmp_path, encoder, now=after_days(day)).rebuild(documents)
        live.reload()
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
