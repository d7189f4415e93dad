"""Articles that state different figures for the same thing."""

from knowledge_base.conflicts import disagree, find_conflicts
from models.fakes import HashingEncoder
from tests.unit.knowledge_base.support import build_document

FEE = "## What does it cost?\n\nA replacement card costs €10 when it was damaged."
OTHER_FEE = "## Costs\n\nA replacement card costs €12 when it was damaged."


def test_two_fees_for_one_thing_are_a_conflict() -> None:
    documents = [build_document("cards", FEE), build_document("fees", OTHER_FEE)]
    for embedder in (None, HashingEncoder(256)):
        (conflict,) = find_conflicts(documents, embedder)
        assert {conflict.first.document_id, conflict.second.document_id} == {"cards", "fees"}
        assert conflict.unit == "€"
        assert conflict.first.quote.startswith("A replacement card")
        assert conflict.first.figures == ("10 €",)


def test_a_chinese_conflict_is_found() -> None:
    first = build_document("zh-a", "补办银行卡收费 10 欧元，五天寄到。", locale="zh")
    second = build_document("zh-b", "补办银行卡收费 12 欧元，五天寄到。", locale="zh")
    assert [conflict.unit for conflict in find_conflicts([first, second])] == ["€"]


def test_no_conflict_between_other_things_languages_or_within_a_document() -> None:
    same = build_document("same", FEE + "\n\n" + OTHER_FEE)
    equal = build_document("equal", FEE)
    other = build_document("other", "A statement on paper costs €12 when it is sent abroad.")
    chinese = build_document("zh", OTHER_FEE, locale="zh")
    assert find_conflicts([same]) == []
    assert find_conflicts([build_document("cards", FEE), equal, other, chinese]) == []


def test_short_rows_are_read_with_their_headings() -> None:
    points = build_document("points", "## Points\n\n| 1,000 points | €5 |", title="Rewards")
    fees = build_document("fees", "## Abroad\n\n| 1,000 points | €20 |", title="Transfers")
    assert find_conflicts([points, fees]) == []


def test_nothing_disagrees_with_itself() -> None:
    assert not disagree([], [])
