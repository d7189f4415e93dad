"""Slices of real traffic: counted by hand."""

from app.fairness.slices import SMALLEST_JUDGED, Served, report


def turns(language: str, channel: str, **outcomes: int) -> list[Served]:
    return [
        Served(f"{language}-{channel}-{outcome}-{number}", language, channel, outcome)
        for outcome, count in outcomes.items()
        for number in range(count)
    ]


def test_rates_by_language_and_channel_with_their_n() -> None:
    rows = turns("en", "widget", answer=6, clarify=2) + turns("zh", "crm", answer=1, handoff=1)

    found = {(one.by, one.key): one for one in report(rows, {}).slices}

    assert set(found) == {
        ("language", "en"),
        ("language", "zh"),
        ("channel", "widget"),
        ("channel", "crm"),
    }
    english = found["language", "en"]
    assert (english.turns, english.answer.count, english.clarify.count) == (8, 6, 2)
    assert (english.handoff.count, english.handoff.n) == (0, 8)
    assert english.handoff.zero_bound == 3 / 8
    assert not english.is_large_enough


def test_accuracy_counts_only_what_people_checked() -> None:
    rows = turns("en", "widget", answer=4)
    checked = {"en-widget-answer-0": True, "en-widget-answer-1": False, "elsewhere": True}

    accuracy = report(rows, checked).slices[0].accuracy

    assert (accuracy.count, accuracy.n) == (1, 2)
    assert report(rows, {}).slices[0].accuracy.n == 0


def test_gaps_are_judged_between_large_slices_only() -> None:
    large = SMALLEST_JUDGED
    rows = (
        turns("en", "widget", answer=large)
        + turns("zh", "widget", answer=large // 2, clarify=large // 2)
        + turns("ga", "widget", clarify=5)
    )

    gaps = report(rows, {}).gaps

    assert [(gap.by, gap.worst, gap.best, gap.points) for gap in gaps] == [
        ("language", "zh", "en", 0.5)
    ]
    assert gaps[0].ratio == 0.5


def test_no_traffic_no_slices() -> None:
    assert report([], {}).slices == ()
