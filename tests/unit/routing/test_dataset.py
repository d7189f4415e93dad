"""Data sets: reading, refusing with file and line, splitting without leaks."""

from pathlib import Path

import pytest

from routing.dataset import (
    LabelledUtterance,
    data_digest,
    deduplicate,
    find_leaks,
    load_utterances,
    normalise,
    split_holdout,
)
from routing.errors import DatasetError


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("column", ["label", "category", "intent"])
def test_reads_csv_with_any_label_column(tmp_path: Path, column: str) -> None:
    path = write(
        tmp_path, "ours.csv", f'text,{column}\n"Lost, sadly",card_lost\n我的余额,balance\n'
    )

    assert load_utterances(path) == [
        LabelledUtterance("Lost, sadly", "card_lost", "en"),
        LabelledUtterance("我的余额", "balance", "zh"),
    ]


def test_reads_json_lines_with_the_language_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "utterances.zh.jsonl", '{"text": "12345", "intent": "fees"}\n\n')

    assert load_utterances(path) == [LabelledUtterance("12345", "fees", "zh")]


def test_reads_a_folder_with_strangers(tmp_path: Path) -> None:
    write(tmp_path, "utterances.en.jsonl", '{"text": "my card is lost", "intent": "card_lost"}\n')
    write(tmp_path, "out_of_scope.en.jsonl", '{"text": "sing a song"}\n')

    assert {u.intent for u in load_utterances(tmp_path)} == {"card_lost", None}


@pytest.mark.parametrize("label", ["oos", "out_of_scope"])
def test_out_of_scope_labels_are_no_intent(tmp_path: Path, label: str) -> None:
    path = write(tmp_path, "ours.csv", f"text,label\nsing a song,{label}\n")

    assert load_utterances(path)[0].intent is None


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "words,label\nx,y\n", r"a\.csv, line 1: expected columns"),
        ("a.csv", "text,topic\nx,y\n", r"a\.csv, line 1: expected columns"),
        ("a.csv", "text,label\nfine,y\n,y\n", r"a\.csv, line 3: the text is empty"),
        ("a.csv", "text,label\nfine,\n", r"a\.csv, line 2: the label is empty"),
        ("a.csv", f"text,label\n{'x' * 2001},y\n", r"a\.csv, line 2: the text has 2001"),
        ("a.jsonl", '{"text": "x", "intent": "y"}\n{oops\n', r"a\.jsonl, line 2: not JSON"),
        ("a.jsonl", "[1]\n", r"a\.jsonl, line 1: expected an object"),
        ("a.csv", "text,label\n", r"a\.csv: no utterances"),
    ],
    ids=[
        "no-text-column",
        "no-label-column",
        "empty-text",
        "empty-label",
        "too-long",
        "broken-json",
        "not-an-object",
        "no-rows",
    ],
)
def test_refuses_with_file_and_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        load_utterances(write(tmp_path, name, text))


def test_refuses_what_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("text,label\n余额,x\n".encode("gb18030"))

    with pytest.raises(
        DatasetError, match=r"a\.csv, line 2: not UTF-8 \(byte 11: D3 looks like GB18030"
    ):
        load_utterances(path)


def test_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such file or folder"):
        load_utterances(tmp_path / "nowhere.csv")


def test_normalising_ignores_case_width_and_punctuation() -> None:
    assert normalise("  Where's MY card?? ") == normalise("where s my card")
    assert normalise("余额，多少？") == normalise("余额 多少")
    assert normalise("???") == "???"


def test_the_first_of_equal_texts_stays() -> None:
    rows = [LabelledUtterance(text, name, "en") for text, name in [("A?", "x"), ("a", "y")]]

    assert deduplicate(rows) == rows[:1]


def utterances() -> list[LabelledUtterance]:
    many = [
        LabelledUtterance(f"text {n} of {i}", f"i{i}", "en") for i in range(3) for n in range(20)
    ]
    return [*many, LabelledUtterance("only one", "rare", "en")]


def test_the_split_is_stratified_repeatable_and_without_leaks() -> None:
    training, held_out = split_holdout(utterances(), share=0.2, seed=1)

    assert [sum(u.intent == f"i{i}" for u in held_out) for i in range(3)] == [4, 4, 4]
    assert "rare" in {u.intent for u in training}
    assert len(training) + len(held_out) == 61
    assert find_leaks(training, held_out) == []
    assert split_holdout(utterances()[::-1], share=0.2, seed=1) == (training, held_out)
    assert split_holdout(utterances(), share=0.2, seed=2) != (training, held_out)


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5])
def test_an_impossible_share_is_refused(share: float) -> None:
    with pytest.raises(DatasetError, match="between 0 and 1"):
        split_holdout(utterances(), share=share, seed=0)


def test_leaks_are_found_in_other_clothes() -> None:
    training = [LabelledUtterance("Where is my card?", "x", "en")]

    assert find_leaks(training, [LabelledUtterance("where is my card", "x", "en")]) == [
        "where is my card"
    ]


def test_the_digest_knows_contents_not_order() -> None:
    rows = utterances()

    assert data_digest(rows) == data_digest(rows[::-1])
    assert data_digest(rows) != data_digest(rows[1:])
