"""Train on a prepared file and measure against what is live: `python -m routing.retrain REQUEST`.

A program of its own: training takes the processor, memory and global seeds of a process, and only
a process can be ended when it takes too long. It ends by itself when its parent is gone.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.encoder_shelf import Encoders, EncoderShelf, as_shelf, named_encoder
from models.errors import ModelError
from routing import metrics
from routing.classifier import BatchedClassifier, load_classifier
from routing.dataset import LabelledUtterance, load_utterances
from routing.errors import DatasetError
from routing.paired import compare
from routing.policy import is_out_of_scope, margin_of
from routing.train import fit_and_save
from routing.types import Classification, Thresholds

Progress = Callable[[str, float], None]
TRAINING_SHARE = 0.9  # of the progress bar; the rest is measuring
REFUSED = 3  # exit code: the data or the model cannot be used, trying again will not help


@dataclass(frozen=True, slots=True)
class RetrainRequest:
    """What to learn, what to measure on, and where the checkpoint goes."""

    data: str  # JSON Lines
    output: str  # folder of the versions
    evaluations: Mapping[str, str]  # name -> file or folder, never learnt
    live: str | None = None  # folder of the checkpoint to compare with
    encoder: str | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Judged:
    truth: str | None
    guess: str | None  # None: refused as out of scope
    confidence: float
    is_answered: bool

    @property
    def is_right(self) -> bool:
        return self.truth == self.guess


def retrain(
    request: RetrainRequest, *, encoder: Encoders = None, on_progress: Progress | None = None
) -> dict[str, Any]:
    """The new version and its figures beside the live one's, as plain JSON."""
    tell = on_progress or (lambda _step, _share: None)
    using = as_shelf(encoder or named_encoder(request.encoder), Path(request.output))
    folder = fit_and_save(
        load_utterances(Path(request.data)),
        Path(request.output),
        seed=request.seed,
        progress=lambda step, share: tell(step, share * TRAINING_SHARE),
        using=using,
    )
    sets = {name: load_utterances(Path(path)) for name, path in request.evaluations.items()}
    tell("measure", TRAINING_SHARE)
    after = _judge(folder, sets, using)
    before, why_not = _judge_live(request.live, sets, using)
    tell("done", 1.0)
    return {
        "version": folder.name,
        "live_not_measured": why_not,
        "sets": {
            name: _figures(rows, before.get(name), after[name]) for name, rows in sets.items()
        },
    }


def _judge_live(
    live: str | None, sets: Mapping[str, Sequence[LabelledUtterance]], encoder: EncoderShelf
) -> tuple[dict[str, list[_Judged]], str | None]:
    """A live checkpoint that cannot be read is no reason not to train a better one."""
    if live is None:
        return {}, "no model is live"
    try:
        return _judge(Path(live), sets, encoder), None
    except ModelError as unreadable:
        return {}, str(unreadable)


def _judge(
    folder: Path, sets: Mapping[str, Sequence[LabelledUtterance]], encoder: EncoderShelf
) -> dict[str, list[_Judged]]:
    classifier = load_classifier(folder, encoder=encoder)
    try:
        return {name: _judge_rows(classifier, rows) for name, rows in sets.items()}
    finally:
        classifier.close()


def _judge_rows(classifier: BatchedClassifier, rows: Sequence[LabelledUtterance]) -> list[_Judged]:
    found: dict[int, _Judged] = {}
    for language in sorted({row.language for row in rows}):
        places = [place for place, row in enumerate(rows) if row.language == language]
        seen = classifier.classify([rows[place].text for place in places], language=language)
        for place, one in zip(places, seen, strict=True):
            found[place] = _judged(rows[place], one, classifier.thresholds)
    return [found[place] for place in range(len(rows))]


def _judged(row: LabelledUtterance, seen: Classification, thresholds: Thresholds) -> _Judged:
    is_refused = is_out_of_scope(seen, thresholds)
    confidence = seen.ranking[0].confidence if seen.ranking else 0.0
    is_sure = confidence >= thresholds.accept and margin_of(seen) >= thresholds.margin
    # in scope the first guess counts, as in `routing.evaluate`: a refusal leads to a question
    best = seen.ranking[0].intent if seen.ranking else None
    guess = best if row.intent is not None or not is_refused else None
    return _Judged(row.intent, guess, confidence, not is_refused and is_sure)


def _figures(
    rows: Sequence[LabelledUtterance], before: Sequence[_Judged] | None, after: Sequence[_Judged]
) -> dict[str, Any]:
    """Of the whole set and of each language: both models and the paired test."""
    parts = {"all": list(range(len(rows)))}
    for language in sorted({row.language for row in rows}):
        parts[language] = [place for place, row in enumerate(rows) if row.language == language]
    return {
        name: {
            "before": None if before is None else _summary([before[p] for p in places]),
            "after": _summary([after[p] for p in places]),
            "paired": None
            if before is None
            else compare(
                [before[p].is_right for p in places], [after[p].is_right for p in places]
            ).as_dict(),
        }
        for name, places in parts.items()
    }


def _summary(judged: Sequence[_Judged]) -> dict[str, float | int | None]:
    inside = [one for one in judged if one.truth is not None]
    outside = [one for one in judged if one.truth is None]
    truths, guesses = [one.truth or "" for one in inside], [one.guess or "" for one in inside]
    answered = [one for one in judged if one.is_answered]
    return {
        "rows": len(judged),
        "in_scope": len(inside),
        "accuracy": metrics.accuracy(truths, guesses) if inside else None,
        "macro_f1": metrics.macro_f1(truths, guesses) if inside else None,
        "ece": metrics.expected_calibration_error(
            [one.confidence for one in inside], [one.is_right for one in inside]
        )
        if inside
        else None,
        "answered": len(answered) / len(judged) if judged else None,
        "answered_right": sum(one.is_right for one in answered) / len(answered)
        if answered
        else None,
        "out_of_scope": len(outside),
        "refused": sum(one.is_right for one in outside) / len(outside) if outside else None,
    }


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m routing.retrain REQUEST.json\n")
        return 2
    _end_with_parent()
    path = Path(arguments[0])
    request = RetrainRequest(**json.loads(path.read_text(encoding="utf-8")))
    try:
        report = retrain(request, on_progress=_tell)
    except (DatasetError, ModelError) as unusable:
        sys.stderr.write(f"{unusable}\n")
        return REFUSED
    path.with_name("report.json").write_text(json.dumps(report), encoding="utf-8")
    return 0


def _tell(step: str, share: float) -> None:
    sys.stdout.write(json.dumps({"step": step, "share": share}) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
