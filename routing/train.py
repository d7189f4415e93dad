"""Fit an intent model, measure it, report on it: `python -m routing.train --help`.

Without data our own bilingual utterances are used; a bank's file may bring its own labels.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.checkpoint import load_checkpoint
from models.encoder_shelf import Encoders, EncoderShelf, as_shelf, named_encoder
from models.errors import ModelError
from models.intent_classifier import KIND, restore_intent_model
from models.recipes import Recipe
from models.remembering import RememberingShelf
from routing.dataset import (
    CheckedData,
    CheckRules,
    DataSource,
    LabelledUtterance,
    find_leaks,
    read_dataset,
    read_test_rows,
    source_name,
    split_holdout,
)
from routing.errors import DatasetError
from routing.evaluate import EvaluationReport, classify, report_on, summarise, write_report
from routing.fitting import Progress, Trained, TrainingOptions, fit_checked
from routing.measuring import SeenRow
from routing.report import write_training_report
from routing.splitting import find_near_leaks, find_twins
from routing.types import Thresholds


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """What a run made: the checkpoint, and where asked a measurement and a report."""

    trained: Trained
    evaluation: EvaluationReport | None = None
    report: Path | None = None  # HTML; a PNG lies beside it

    def summary(self) -> str:
        """Data, dial and measurement, for the terminal."""
        parts = [self.trained.data.summary(), self.trained.dial.summary()]
        if self.evaluation is not None:
            parts.append(summarise(self.evaluation))
        return "\n".join(parts)


def train(
    data: DataSource,
    output: Path,
    seed: int = 0,
    on_progress: Progress | None = None,
    *,
    encoder: Encoders = None,
) -> Path:
    """Fit on everything in `data` and write `output/<version>/`; the same data, the same version.

    Thresholds, blend and calibration are chosen on cross-validated folds of the same data.
    """
    run = run_training(
        data, output, TrainingOptions(seed), on_progress=on_progress, encoder=encoder, report=False
    )
    return run.trained.folder


def fit_and_save(
    utterances: Sequence[LabelledUtterance],
    output: Path,
    *,
    seed: int = 0,
    progress: Progress | None = None,
    using: Encoders = None,
) -> Path:
    """The same for utterances that somebody else gathered: the label store's, for example."""
    return train(utterances, output, seed, progress, encoder=using)


def train_with_holdout(
    data: DataSource,
    output: Path,
    *,
    share: float,
    seed: int = 0,
    on_progress: Progress | None = None,
    encoder: Encoders = None,
) -> tuple[Path, EvaluationReport]:
    """Fit on a part, measure on the stratified rest; the report lies beside the checkpoint."""
    run = run_training(
        data,
        output,
        TrainingOptions(seed),
        holdout=share,
        on_progress=on_progress,
        encoder=encoder,
        report=False,
    )
    assert run.evaluation is not None  # noqa: S101 -- a held-out part was asked for
    return run.trained.folder, run.evaluation


def run_training(
    data: DataSource,
    output: Path,
    options: TrainingOptions,
    *,
    holdout: float = 0.0,
    test: Path | str | None = None,
    on_progress: Progress | None = None,
    encoder: Encoders = None,
    report: bool = True,
) -> TrainingRun:
    """Read, check, split, fit, measure, report: the whole of `switchboard train`."""
    tell = on_progress or (lambda _step, _share: None)
    test_rows = read_test_rows(test) if test is not None else None  # a bad file fails at once
    checked = read_dataset(data, rules=options.rules, on_progress=_reading(tell))
    twins = find_twins(checked.utterances, checked.report)
    held_out: list[LabelledUtterance] = []
    if holdout:
        training, held_out = split_holdout(
            checked.utterances, share=holdout, seed=options.seed, twins=twins
        )
        _refuse_leaks(training, held_out)
        checked = CheckedData(training, replace(checked.report, kept=len(training)))
    using = RememberingShelf(as_shelf(encoder, output))
    trained = fit_checked(checked, output, options=options, twins=twins, progress=tell, using=using)
    evaluation = None
    if test_rows is not None and test is not None:
        evaluation = _measure(trained, test_rows, source_name(test), using, is_foreign=True)
    elif held_out:
        name = f"held-out {holdout:.0%}, seed {options.seed}"
        evaluation = _measure(trained, held_out, name, using, is_foreign=False)
    if evaluation is not None:
        suffix = "test" if test is not None else "holdout"
        write_report(evaluation, output / f"{trained.folder.name}.{suffix}.json")
    page = write_training_report(trained, evaluation, encoders=using) if report else None
    return TrainingRun(trained, evaluation, page)


def _measure(
    trained: Trained,
    rows: Sequence[LabelledUtterance],
    name: str,
    encoder: EncoderShelf,
    *,
    is_foreign: bool,
) -> EvaluationReport:
    model = restore_intent_model(load_checkpoint(trained.folder, kind=KIND), encoder)
    seen = classify(model, rows)
    return report_on(
        seen,
        rows,
        checkpoint=model.version,
        name=name,
        thresholds=Thresholds(**trained.manifest.thresholds),
        unknown=sorted({u.intent for u in rows if u.intent} - set(model.labels)),
        promised=trained.dial.promised,
        leaks=_leaks(trained.utterances, rows, seen) if is_foreign else None,
    )


def _leaks(
    training: Sequence[LabelledUtterance],
    rows: Sequence[LabelledUtterance],
    seen: Sequence[SeenRow],
) -> dict[str, float]:
    """A foreign test file is measured as it is; what training knew of it is told beside it."""
    similar = set(find_near_leaks(training, rows))
    alone = [r for n, r in enumerate(seen) if n not in similar and r.truth is not None]
    return {
        "equal": float(len(find_leaks(training, rows))),
        "similar": float(len(similar)),
        "accuracy_without": sum(r.is_correct for r in alone) / len(alone) if alone else 0.0,
        "rows_without": float(len(alone)),
    }


def _refuse_leaks(
    training: Sequence[LabelledUtterance], held_out: Sequence[LabelledUtterance]
) -> None:
    leaks = find_leaks(training, held_out)
    if leaks:
        raise DatasetError(f"{len(leaks)} held-out texts occur in training, first: {leaks[0]!r}")


def _reading(tell: Progress) -> Callable[[str], None]:
    return lambda step: tell(step, 0.0)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m routing.train",
        description=__doc__,
        epilog="example: python -m routing.train --data train.csv --test test.csv "
        "--output var/models/intent",
    )
    parser.add_argument("--data", help="CSV, TSV, JSON Lines, a folder, hf:NAME; default: our own")
    parser.add_argument("--output", type=Path, required=True, help="folder of the versions")
    parser.add_argument("--holdout", type=float, default=0.0, help="share kept for measuring")
    parser.add_argument("--test", help="file to measure on after training")
    parser.add_argument(
        "--recipe", type=Recipe, choices=tuple(Recipe), default=Recipe.FROZEN, help="how to train"
    )
    parser.add_argument("--max-wrong", type=float, default=TrainingOptions().max_wrong)
    parser.add_argument(
        "--conflicts", choices=("auto", "majority", "drop", "error"), default="auto"
    )
    parser.add_argument("--max-rows", type=int, default=CheckRules().max_rows)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--encoder", help="folder or hub id; default: the bundled ones")
    parser.add_argument("--no-report", dest="report", action="store_false")
    chosen = parser.parse_args(arguments)
    try:
        run = _run(chosen)
    except (DatasetError, ModelError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{run.summary()}\n{run.trained.folder}\n")
    return 0


def _run(chosen: argparse.Namespace) -> TrainingRun:
    rules = CheckRules(chosen.conflicts, chosen.max_rows, chosen.seed)
    return run_training(
        chosen.data,
        chosen.output,
        TrainingOptions(chosen.seed, chosen.max_wrong, rules, chosen.recipe),
        holdout=chosen.holdout,
        test=chosen.test,
        on_progress=_tell,
        encoder=named_encoder(chosen.encoder),
        report=chosen.report,
    )


def _tell(step: str, share: float) -> None:
    sys.stderr.write(f"{share:4.0%} {step}\n")


if __name__ == "__main__":
    sys.exit(main())
