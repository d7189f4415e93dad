"""The whole of `switchboard train`: data, dial, measurement, and the report beside it."""

import json
import re
from pathlib import Path

import pytest

from models.fakes import HashingEncoder
from routing.classifier import load_classifier
from routing.data_checks import CheckRules
from routing.evaluate import evaluate
from routing.fitting import TrainingOptions
from routing.train import TrainingRun, run_training

WORDS = ["at home", "in London", "by train", "help me", "please now", "today then", "on Friday"]
TEXTS = {
    "card_lost": "my card got lost",
    "balance": "what is left on it",
    "fees": "what do you charge",
}
CHINESE = {"card_lost": "我的卡丢了", "balance": "查一下余额"}
PROMISE = 0.05


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "ours.csv"
    rows = [f"{text} {w} {v},{i}" for i, text in TEXTS.items() for w in WORDS for v in ("a", "bb")]
    rows += [f"{text}{w}{n},{i}" for i, text in CHINESE.items() for n, w in enumerate(WORDS * 2)]
    rows += [f"sing me {w} a song,oos" for w in WORDS]
    rows += ["我的卡丢了at home0,fees", ",balance"]
    path.write_text("text,label\n" + "\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(data: Path, tmp_path_factory: pytest.TempPathFactory) -> TrainingRun:
    test = data.with_name("test.csv")
    test.write_text("text,label\nmy card got lost,card_lost\n我的卡丢了呀,card_lost\nsong,oos\n")
    return run_training(
        str(data),
        tmp_path_factory.mktemp("models"),
        TrainingOptions(1, PROMISE, CheckRules("drop")),
        test=test,
        encoder=HashingEncoder(),
    )


def test_the_data_report_tells_what_was_dropped(run: TrainingRun) -> None:
    assert run.trained.data.dropped["missing label"] == 0
    assert run.trained.data.dropped["empty text"] == 1
    assert run.trained.data.conflict_texts == 1


def test_the_page_stands_alone_and_shows_chinese(run: TrainingRun) -> None:
    assert run.report is not None
    page = run.report.read_text(encoding="utf-8")

    assert run.trained.folder.name in page
    assert "我的卡丢了" in page
    assert not re.search(r"<(script|link|img|iframe)|src=|@import|url\((?!#)", page)
    assert page.count("<svg") >= 2
    assert run.report.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_a_test_file_is_measured_and_written(run: TrainingRun) -> None:
    assert run.evaluation is not None
    assert run.evaluation.rows == 3
    assert run.evaluation.promised == PROMISE
    folder = run.trained.folder
    assert json.loads(folder.with_name(f"{folder.name}.test.json").read_text())["rows"] == 3
    assert "95 % interval" in run.summary()


def test_the_service_picks_another_row(run: TrainingRun) -> None:
    strict = next(row for row in run.trained.dial.rows if row.promised == 0.01)

    classifier = load_classifier(run.trained.folder, encoder=HashingEncoder(), max_wrong=0.01)
    classifier.close()

    assert classifier.thresholds.as_dict() == strict.thresholds


def test_a_model_compared_with_itself_does_not_differ(run: TrainingRun, data: Path) -> None:
    folder = run.trained.folder

    report = evaluate(folder, data.with_name("test.csv"), encoder=HashingEncoder(), other=folder)

    assert report.comparison is not None
    assert report.comparison.p_value == 1.0
    assert report.comparison.accuracy == report.overall.accuracy
