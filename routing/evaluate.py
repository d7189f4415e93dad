"""Measure a checkpoint on labelled utterances: `python -m routing.evaluate --help`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from models.checkpoint import Manifest, load_checkpoint, load_manifest
from models.encoder_shelf import Encoders, EncoderShelf, as_shelf, named_encoder
from models.errors import ModelError
from models.intent_classifier import KIND, IntentModel, restore_intent_model
from routing.classifier import to_classification
from routing.dataset import LabelledUtterance, data_digest, read_test_rows, source_name
from routing.errors import DatasetError
from routing.evaluation_text import summarise
from routing.measuring import Comparison, EvaluationReport, LanguageReport, SeenRow, measure
from routing.paired import compare
from routing.predictions import routes_by
from routing.risk_dial import thresholds_at
from routing.taxonomy import load_taxonomy
from routing.types import Thresholds

_TOP = 5

__all__ = ["EvaluationReport", "LanguageReport", "evaluate", "evaluate_model", "summarise"]


def evaluate(
    checkpoint: Path,
    data: Path | str | None = None,
    *,
    encoder: Encoders = None,
    other: Path | None = None,
    max_wrong: float | None = None,
) -> EvaluationReport:
    """Measure a checkpoint folder on a file or folder; without one, on our own utterances.

    `other` is a second checkpoint for a paired test; `max_wrong` moves the dial.
    """
    utterances = read_test_rows(data)
    manifest = load_manifest(checkpoint)
    using = as_shelf(encoder, checkpoint.parent)
    model = _model(checkpoint, using)
    thresholds, promised = dials_of(manifest, max_wrong)
    rows = classify(model, utterances)
    name = source_name(data) if data else "own utterances"
    return report_on(
        rows,
        utterances,
        checkpoint=model.version,
        name=name,
        thresholds=thresholds,
        promised=promised,
        unknown=_unknown(model, utterances),
        comparison=_compare(rows, utterances, other, using) if other else None,
    )


def evaluate_model(
    model: IntentModel, utterances: Sequence[LabelledUtterance], *, name: str
) -> EvaluationReport:
    """Measure a model in memory."""
    return report_on(
        classify(model, utterances),
        utterances,
        checkpoint=model.version,
        name=name,
        thresholds=Thresholds(**model.thresholds),
        unknown=_unknown(model, utterances),
    )


def report_on(
    rows: Sequence[SeenRow],
    utterances: Sequence[LabelledUtterance],
    *,
    checkpoint: str,
    name: str,
    thresholds: Thresholds,
    unknown: list[str],
    promised: float | None = None,
    comparison: Comparison | None = None,
    leaks: dict[str, float] | None = None,
) -> EvaluationReport:
    """The figures of classified rows, together and by language."""
    route_of = routes_by(load_taxonomy())
    languages = sorted({row.language for row in rows})
    return EvaluationReport(
        checkpoint=checkpoint,
        data=name,
        data_digest=data_digest(utterances),
        rows=len(rows),
        unknown_labels=unknown,
        overall=measure(rows, thresholds, route_of=route_of),
        languages={
            language: measure(
                [row for row in rows if row.language == language], thresholds, route_of=route_of
            )
            for language in languages
        },
        thresholds=thresholds.as_dict(),
        promised=promised,
        comparison=comparison,
        leaks=leaks or {},
    )


def classify(model: IntentModel, utterances: Sequence[LabelledUtterance]) -> list[SeenRow]:
    """What the model sees in each utterance, in their order."""
    known = set(model.labels)
    rows: dict[int, SeenRow] = {}
    for language in sorted({u.language for u in utterances}):
        places = [place for place, u in enumerate(utterances) if u.language == language]
        texts = [utterances[place].text for place in places]
        rankings = model.predict(texts, language=language, top=_TOP)
        for place, ranking in zip(places, rankings, strict=True):
            chosen = utterances[place]
            truth = chosen.intent if chosen.intent in known else None
            seen = to_classification(ranking)
            rows[place] = SeenRow(chosen.text, truth, language, chosen.source, seen)
    return [rows[place] for place in range(len(utterances))]


def dials_of(manifest: Manifest, max_wrong: float | None) -> tuple[Thresholds, float | None]:
    """(thresholds, promised share of wrong routes) of a checkpoint, or at another promise."""
    if max_wrong is not None:
        return thresholds_at(manifest.dial, max_wrong), max_wrong
    return Thresholds(**manifest.thresholds), manifest.dial.get("promised")


def _model(checkpoint: Path, encoder: EncoderShelf) -> IntentModel:
    return restore_intent_model(load_checkpoint(checkpoint, kind=KIND), encoder)


def _unknown(model: IntentModel, utterances: Sequence[LabelledUtterance]) -> list[str]:
    return sorted({u.intent for u in utterances if u.intent} - set(model.labels))


def _compare(
    rows: Sequence[SeenRow],
    utterances: Sequence[LabelledUtterance],
    other: Path,
    encoder: EncoderShelf,
) -> Comparison:
    """Only rows that are in scope for the first; the other may not know their label."""
    model = _model(other, encoder)
    pairs = [
        (row.is_correct, rival.guess == row.truth)
        for row, rival in zip(rows, classify(model, utterances), strict=True)
        if row.truth is not None
    ]
    found = compare([mine for mine, _ in pairs], [theirs for _, theirs in pairs])
    return Comparison(
        other=model.version,
        accuracy=sum(theirs for _, theirs in pairs) / len(pairs) if pairs else 0.0,
        only_this_right=found.lost,
        only_other_right=found.won,
        p_value=found.p_value,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m routing.evaluate",
        description=__doc__,
        epilog="example: python -m routing.evaluate --checkpoint var/models/intent/VERSION "
        "--data golden.csv --json report.json",
    )
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", help="CSV, TSV, JSON Lines, a folder, hf:NAME; default: our own")
    parser.add_argument("--compare", type=Path, help="another checkpoint, for McNemar's test")
    parser.add_argument("--max-wrong", type=float, help="move the dial; default: as trained")
    parser.add_argument("--json", type=Path, help="write the whole report here")
    parser.add_argument("--encoder", help="folder or hub id; default: the bundled ones")
    chosen = parser.parse_args(arguments)
    try:
        report = evaluate(
            chosen.checkpoint,
            chosen.data,
            encoder=named_encoder(chosen.encoder),
            other=chosen.compare,
            max_wrong=chosen.max_wrong,
        )
    except (DatasetError, ModelError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(summarise(report) + "\n")
    if chosen.json:
        write_report(report, chosen.json)
    return 0


def write_report(report: EvaluationReport, path: Path) -> None:
    """The whole report as JSON."""
    path.write_text(json.dumps(report.as_dict(), ensure_ascii=False, indent=2), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
