"""From a file to a classifier: train, save, evaluate, serve, with a small encoder."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.fakes import HashingEncoder
from routing import evaluate as evaluation
from routing import train as training
from routing.classifier import fixed_classifier, load_classifier
from routing.errors import DatasetError
from routing.evaluate import evaluate
from routing.train import train, train_with_holdout
from routing.types import Thresholds

ENGLISH = {"card_lost": "lost card number", "balance": "balance account number", "fees": "fee for"}
PLACES = ["at home", "now", "in London", "today", "on Friday", "by train", "at work", "please"]
WORDS = list(enumerate([*PLACES, *(f"{place} or not" for place in PLACES[:7])]))
CHINESE = {"card_lost": "银行卡丢了第", "balance": "查询余额第"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "ours.csv"
    rows = [f"{text} {n} {w},{name}" for name, text in ENGLISH.items() for n, w in WORDS]
    rows += [f"{text}{n}次{w},{name}" for name, text in CHINESE.items() for n, w in WORDS]
    rows += [f"weather {n} tomorrow,oos" for n in range(10)]
    path.write_text("text,label\n" + "\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def checkpoint(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(data, tmp_path_factory.mktemp("models"), encoder=HashingEncoder())


def test_progress_ends_at_one(data: Path, tmp_path: Path) -> None:
    steps: list[tuple[str, float]] = []

    train(
        data, tmp_path, 0, lambda step, share: steps.append((step, share)), encoder=HashingEncoder()
    )

    assert steps[-1] == ("done", 1.0)
    assert [share for _, share in steps] == sorted(share for _, share in steps)


def test_same_data_and_seed_give_the_same_version(
    data: Path, checkpoint: Path, tmp_path: Path
) -> None:
    assert train(data, tmp_path, encoder=HashingEncoder()).name == checkpoint.name


def test_the_manifest_tells_the_facts(checkpoint: Path) -> None:
    facts = json.loads((checkpoint / "manifest.json").read_text())

    assert facts["labels"] == {
        "en": ["balance", "card_lost", "fees"],
        "zh": ["balance", "card_lost"],
        "zh-Latn": ["balance", "card_lost"],
    }
    assert facts["encoder_revision"] == "en: hashing-64; zh: hashing-64"
    assert set(facts["thresholds"]) == set(Thresholds().as_dict())
    assert facts["metrics"]["en"]["accuracy"] == 1.0
    assert facts["settings"]["zh"]["temperature"] > 0
    assert [row["promised"] for row in facts["dial"]["rows"]] == [0.01, 0.02, 0.05, 0.1]
    assert facts["training"]["seed"] == 0
    assert facts["training"]["kept"] == 85
    assert facts["training"]["libraries"]["numpy"]
    assert facts["code_version"].startswith("0.")


def test_serves_many_threads_in_both_languages(checkpoint: Path) -> None:
    classifier = load_classifier(checkpoint, encoder=HashingEncoder())
    questions = [("lost card number 3", "en"), ("查询余额", "zh")] * 20

    def ask(question: tuple[str, str]) -> str:
        (seen,) = classifier.classify([question[0]], language=question[1])
        return seen.ranking[0].intent

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, questions))
    classifier.close()

    assert answers == ["card_lost", "balance"] * 20
    assert classifier.version == checkpoint.name
    assert classifier.thresholds.out_of_scope == 1.0


def test_evaluation_reports_every_language_as_json(checkpoint: Path, data: Path) -> None:
    report = evaluate(checkpoint, data, encoder=HashingEncoder())

    assert report.overall.accuracy == 1.0
    assert set(report.languages) == {"en", "zh"}
    assert report.overall.out_of_scope["auroc"] > 0.9
    assert report.languages["zh"].out_of_scope == {}
    assert json.loads(json.dumps(report.as_dict()))["rows"] == 85


def test_labels_the_model_does_not_know_are_out_of_scope(checkpoint: Path, tmp_path: Path) -> None:
    path = tmp_path / "near.csv"
    path.write_text("text,label\nlost card number 2,card_lost\ndo you sell gold,gold\n")

    report = evaluate(checkpoint, path, encoder=HashingEncoder())

    assert report.unknown_labels == ["gold"]
    assert report.overall.in_scope == 1
    assert report.overall.out_of_scope["rows"] == 1


def test_a_held_out_part_is_measured(data: Path, tmp_path: Path) -> None:
    folder, report = train_with_holdout(data, tmp_path, share=0.2, encoder=HashingEncoder())

    assert report.overall.in_scope == 15
    assert report.overall.accuracy > 0.9
    assert (tmp_path / f"{folder.name}.holdout.json").is_file()


def test_too_little_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("text,label\nlost,card_lost\nit is gone,card_lost\nbalance,balance\n")

    with pytest.raises(DatasetError, match=r"few\.csv: too little data"):
        train(path, tmp_path, encoder=HashingEncoder())


def test_the_commands_train_and_evaluate(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(training, "named_encoder", lambda _path: HashingEncoder())
    monkeypatch.setattr(evaluation, "named_encoder", lambda _path: HashingEncoder())
    output = tmp_path / "models"

    assert training.main(["--data", str(data), "--output", str(output), "--holdout", "0.2"]) == 0
    folder = capsys.readouterr().out.splitlines()[-1]
    report = tmp_path / "report.json"
    arguments = ["--checkpoint", folder, "--data", str(data), "--json", str(report)]
    assert evaluation.main(arguments) == 0
    assert json.loads(report.read_text())["checkpoint"] == Path(folder).name


def test_the_commands_explain_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(training, "named_encoder", lambda _path: HashingEncoder())
    monkeypatch.setattr(evaluation, "named_encoder", lambda _path: HashingEncoder())

    assert training.main(["--data", "nowhere.csv", "--output", str(tmp_path)]) == 2
    assert "no such file" in capsys.readouterr().err
    assert evaluation.main(["--checkpoint", str(tmp_path)]) == 2
    assert "not a checkpoint" in capsys.readouterr().err


def test_the_fixed_classifier_speaks_routings_language() -> None:
    classifier = fixed_classifier({"lost": "card_lost"}, thresholds=Thresholds(accept=0.7))

    (seen,) = classifier.classify(["I lost it"], language="en")
    classifier.close()

    assert seen.ranking[0].intent == "card_lost"
    assert classifier.thresholds.accept == 0.7
