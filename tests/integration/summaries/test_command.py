"""`switchboard summarise`: the summary and the facts of a file, for people and as JSON."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import summarising
from app.cli.main import app
from app.errors import BadInput
from models.fakes import HashingEncoder

TEXT = "## Fees\n\nA paper copy costs €8 for each customer. We are glad that you read this far.\n"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(summarising, "open_encoders", lambda _settings: None)
    monkeypatch.setattr(summarising, "article_encoder", lambda _shelf: HashingEncoder())
    (tmp_path / "terms.md").write_text(TEXT, encoding="utf-8")
    return CliRunner()


def test_people_read_the_summary_and_a_table_of_facts(run: CliRunner) -> None:
    printed = run.invoke(app, ["summarise", "terms.md", "--sentences", "1"])
    assert printed.exit_code == 0, printed.output
    assert "• A paper copy costs €8 for each customer." in printed.output
    assert "8.00 EUR" in printed.output


def test_programs_read_json(run: CliRunner) -> None:
    printed = run.invoke(app, ["summarise", "terms.md", "--json", "--quotes"])
    shown = json.loads(printed.output)
    assert shown["method"] == "extractive"
    assert [fact["normalised"] for fact in shown["facts"]] == ["8.00 EUR"]


def test_a_file_that_is_not_there_is_said(run: CliRunner) -> None:
    refused = run.invoke(app, ["summarise", "other.md"])
    assert isinstance(refused.exception, BadInput)
