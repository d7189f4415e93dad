"""Every format gives the same rows; what cannot be read is named with file, line and remedy."""

import json
import sys
from pathlib import Path

import pytest

from routing.dataset import LabelledUtterance, load_utterances, read_test_rows
from routing.errors import DatasetError

LOST = LabelledUtterance("I lost it, sadly", "card_lost", "en")
BALANCE = LabelledUtterance("我的余额", "balance", "zh")
SONG = LabelledUtterance("sing a song", None, "en")


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'text,label\n"I lost it, sadly",card_lost\n我的余额,balance\nsing a song,oos\n'),
        (
            "a.csv",
            '\ufefftext,label\r\n"I lost it, sadly",card_lost\r\n我的余额,balance\r\n'
            "sing a song,OOS\r\n",
        ),
        ("a.csv", "Text;Category\nI lost it, sadly;card_lost\n我的余额;balance\nsing a song;oos\n"),
        (
            "a.tsv",
            "id\ttext\tintent\n1\tI lost it, sadly\tcard_lost\n2\t我的余额\tbalance\n"
            "3\tsing a song\toos\n",
        ),
        (
            "a.jsonl",
            '{"text": "I lost it, sadly", "label": "card_lost"}\n'
            '{"text": "我的余额", "intent": "balance"}\n'
            '{"text": "sing a song", "intent": null}\n',
        ),
        (
            "a.json",
            '[["I lost it, sadly", "card_lost"], ["我的余额", "balance"], ["sing a song", "oos"]]',
        ),
        (
            "a.json",
            '{"train": [["I lost it, sadly", "card_lost"], ["我的余额", "balance"]], '
            '"oos_train": [["sing a song", "oos"]], "val": [["never read", "x"]]}',
        ),
    ],
    ids=["csv", "csv-with-bom", "semicolons", "tsv", "json-lines", "json-list", "clinc"],
)  # fmt: skip
def test_every_format_gives_the_same_rows(tmp_path: Path, name: str, text: str) -> None:
    found = load_utterances(write(tmp_path, name, text))

    assert sorted(found, key=lambda u: u.text) == sorted(
        [LOST, BALANCE, SONG], key=lambda u: u.text
    )


def test_measuring_reads_the_test_part_or_the_one_that_is_named(tmp_path: Path) -> None:
    splits = {name: [[f"of {name}", "x"]] for name in ("train", "val", "oos_val", "extra")}
    path = write(tmp_path, "clinc.json", json.dumps(splits))

    assert [u.text for u in read_test_rows(path)] == ["of val", "of oos_val"]
    assert [u.text for u in load_utterances(Path(f"{path}#extra"))] == ["of extra"]
    with pytest.raises(DatasetError, match="no split 'test'; it has extra, oos_val, train, val"):
        load_utterances(Path(f"{path}#test"))


def test_measuring_keeps_every_row(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "text,label\nlost,x\nlost,x\nLost?,y\n")

    assert len(read_test_rows(path)) == 3


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("text,label\nlost,x\n".encode("utf-16"), r"byte 0: FF FE.*iconv -f UTF-16LE"),
        ("text,label\nlost,x\n".encode("utf-16-be"), r"looks like UTF-16BE"),
        ("text,label\n我的余额,x\n".encode("gbk"), r"line 2: .*byte 11: CE looks like GB18030"),
        ("text,label\nmy café card,x\n".encode("latin-1"), r"byte 17: E9 looks like WINDOWS-1252"),
        (b"text,label\nlo\0st,x\n", r"line 2: a NUL byte \(byte 13\)"),
        (b'text,label\nfine,x\n"never closed,x\nlost,y\n', r"line 3: broken quoting"),
        (b'text,label\n"closed" too soon,x\n', r"line 2: broken quoting"),
        (b"text,label\nlost, sadly,x\n", r"line 2: 3 fields, expected 2"),
        (b"text,label\n" + b"x" * 1_000_001, r"line 2: longer than 1,000,000 bytes"),
        (b"", r"line 1: expected columns"),
    ],
    ids=[
        "utf-16", "utf-16-without-mark", "gbk", "latin-1", "nul", "open-quote", "early-quote",
        "bare-comma", "endless-line", "empty-file",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(tmp_path: Path, raw: bytes, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        load_utterances(write(tmp_path, "a.csv", raw))


@pytest.mark.parametrize("name", ["hf:somebody/bank", "a.parquet"])
def test_a_missing_library_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for module in ("datasets", "pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, module, None)
    source = name if name.startswith("hf:") else write(tmp_path, name, b"PAR1")

    with pytest.raises(DatasetError, match=r"needs the package .*switchboard\[hub\]"):
        read_test_rows(source)


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "notes.txt", "nothing")

    with pytest.raises(DatasetError, match="no CSV, TSV, JSON Lines or parquet file"):
        load_utterances(tmp_path)
