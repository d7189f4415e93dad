"""What a data set may contain, what is dropped with a reason, and what is refused."""

import itertools
from collections.abc import Iterator

import pytest

from routing.data_checks import CheckRules, ConflictRule, check_rows, refuse_unlearnable
from routing.dataset import LabelledUtterance, read_dataset
from routing.errors import DatasetError
from routing.rows import Row
from routing.sampling import FLOOR, MOST_LABELS


def rows(*pairs: tuple[str, str]) -> list[Row]:
    return [Row(text, label, f"a.csv, line {n}") for n, (text, label) in enumerate(pairs, start=2)]


def many(count: int) -> list[Row]:
    return rows(*[(f"question number {n}", f"intent_{n % 4}") for n in range(count)])


def test_unusable_rows_are_dropped_counted_and_shown() -> None:
    broken = rows(("", "x"), ("   ", "x"), ("no label", ""), ("x" * 2001, "x"))

    found = check_rows([*many(100), *broken], name="a.csv")

    assert found.report.rows == 104
    assert found.report.kept == len(found.utterances) == 100
    assert found.report.dropped == {"empty text": 2, "missing label": 1, "text too long": 1}
    assert found.report.examples["missing label"] == ["a.csv, line 4: no label"]


def test_too_many_unusable_rows_are_refused_with_the_first_of_them() -> None:
    with pytest.raises(DatasetError, match=r"a\.csv, line 2: the label is empty \(1 of 10 rows"):
        check_rows([*rows(("no label", "")), *many(9)], name="a.csv")


def test_duplicates_are_kept_once() -> None:
    found = check_rows([*many(20), *rows(("QUESTION, number 3!", "intent_3"))], name="a.csv")

    assert found.report.kept == 20
    assert found.report.dropped == {"duplicate": 1}
    assert found.report.conflict_texts == 0


DISPUTED = (("lost", "x"), ("Lost?", "x"), ("lost!", "y"), ("gone", "x"), ("Gone", "y"))


@pytest.mark.parametrize(
    ("rule", "kept"),
    [("majority", {"lost": "x"}), ("drop", {})],
)
def test_one_text_under_several_labels(rule: ConflictRule, kept: dict[str, str]) -> None:
    found = check_rows([*many(20), *rows(*DISPUTED)], name="a.csv", rules=CheckRules(rule))

    left = {u.text: u.intent for u in found.utterances if not u.text.startswith("question")}
    assert left == kept
    assert found.report.conflict_texts == 2
    (gone, lost) = sorted(found.report.conflicts, key=lambda c: c.text)
    assert lost.labels == {"x": 2, "y": 1}
    assert gone.resolution == "dropped"
    assert found.report.rows == found.report.kept + found.report.dropped.total()


@pytest.mark.parametrize("rule", ["auto", "error"])
def test_many_conflicts_are_refused_with_their_rows(rule: ConflictRule) -> None:
    with pytest.raises(
        DatasetError, match=r"2 texts stand under different labels .*x \(a\.csv, line 2\)"
    ):
        check_rows([*rows(*DISPUTED), *many(20)], name="a.csv", rules=CheckRules(rule))


def test_a_few_conflicts_are_settled_and_told() -> None:
    found = check_rows([*many(200), *rows(*DISPUTED[:3])], name="a.csv")

    assert found.report.conflicts[0].resolution == "kept as x"
    with pytest.raises(DatasetError, match="different labels"):
        check_rows([*many(200), *rows(*DISPUTED[:3])], name="a.csv", rules=CheckRules("error"))


def test_strangers_and_intents_conflict_too() -> None:
    with pytest.raises(DatasetError, match="out_of_scope"):
        check_rows(rows(("lost", "x"), ("lost", "oos")), name="a.csv")


def endless(count: int) -> Iterator[Row]:
    for n in range(count):
        yield Row(f"text {n}", "rare" if n % 1000 == 0 else f"common_{n % 3}", f"row {n}")


def test_a_long_stream_is_sampled_in_bounded_memory() -> None:
    rules = CheckRules(max_rows=2_000, seed=1)

    found = check_rows(endless(30_000), name="long", rules=rules)

    assert 1_500 < len(found.utterances) <= 2_000
    assert found.report.rows == 30_000
    assert sum(u.intent == "rare" for u in found.utterances) >= FLOOR
    common = [sum(u.intent == f"common_{k}" for u in found.utterances) for k in range(3)]
    assert max(common) - min(common) < 150
    assert any("sampled" in warning for warning in found.report.warnings)


def test_the_sample_depends_on_the_seed_and_not_on_the_order() -> None:
    everything = list(endless(5_000))

    def sample(given: list[Row], seed: int) -> set[str]:
        rules = CheckRules(max_rows=1_000, seed=seed)
        return {u.text for u in check_rows(given, name="long", rules=rules).utterances}

    assert sample(everything, 1) == sample(everything, 1)
    assert sample(everything, 1) != sample(everything, 2)
    forwards, backwards = sample(everything, 1), sample(everything[::-1], 1)
    assert len(forwards & backwards) > 0.85 * min(len(forwards), len(backwards))


def test_a_column_of_ids_is_no_column_of_labels() -> None:
    wrong = (Row(f"text {n}", f"id {n}", f"row {n}") for n in itertools.count())

    with pytest.raises(DatasetError, match=f"more than {MOST_LABELS:,} different labels"):
        check_rows(wrong, name="a.csv")


def test_more_labels_than_fit_are_refused() -> None:
    wide = [Row(f"text {n} of {k}", f"intent {k}", "row") for k in range(30) for n in range(FLOOR)]

    with pytest.raises(DatasetError, match="raise --max-rows"):
        check_rows(wide, name="a.csv", rules=CheckRules(max_rows=300))


@pytest.mark.parametrize(
    ("labels", "message"),
    [(["x", "x"], r"only one label \(x\)"), ([None], "only one label"), (["x", "y"], "one text")],
    ids=["one-class", "strangers-only", "one-row-per-class"],
)
def test_what_cannot_be_learnt_is_refused(labels: list[str | None], message: str) -> None:
    utterances = [LabelledUtterance(f"text {n}", label, "en") for n, label in enumerate(labels)]

    with pytest.raises(DatasetError, match=message):
        refuse_unlearnable(utterances, "a.csv")


def test_the_label_store_goes_through_the_same_checks() -> None:
    ours = [LabelledUtterance(f"text {n}", f"i{n % 2}", "en", "review") for n in range(30)]

    found = read_dataset([*ours, ours[0]])

    assert found.report.source == "label store"
    assert found.report.dropped == {"duplicate": 1}
    assert {u.source for u in found.utterances} == {"review"}
