"""Measure a checkpoint on labelled utterances: `python -m routing.evaluate --help`."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.checkpoint import load_checkpoint
from models.encoder import TextEncoder
from models.errors import ModelError
from models.intent_classifier import KIND, IntentModel, restore_intent_model
from models.types import Encoder
from routing import metrics
from routing.classifier import to_classification
from routing.dataset import LabelledUtterance, data_digest, load_utterances
from routing.errors import DatasetError
from routing.policy import is_out_of_scope, margin_of
from routing.types import Classification, Thresholds

_RISKS = (0.01, 0.05, 0.10)
_TOP = 5
_SHOWN_CONFUSIONS = 10


@dataclass(frozen=True, slots=True)
class LanguageReport:
    """The figures of one language, or of all together."""

    in_scope: int
    accuracy: float
    accuracy_top3: float
    macro_f1: float
    ece: float
    coverage_at_risk: dict[str, float]  # error rate -> share that can be answered
    policy: dict[str, float]  # what the checkpoint's own thresholds do
    out_of_scope: dict[str, float]  # empty without out-of-scope rows
    confusions: list[dict[str, Any]]
    intents: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Everything measured; `as_dict()` is plain JSON."""

    checkpoint: str
    data: str
    data_digest: str
    rows: int
    unknown_labels: list[str]  # not in the checkpoint: counted as out of scope
    overall: LanguageReport
    languages: dict[str, LanguageReport]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Row:
    truth: str | None
    language: str
    seen: Classification

    @property
    def guess(self) -> str:
        return self.seen.ranking[0].intent if self.seen.ranking else ""

    @property
    def confidence(self) -> float:
        return self.seen.ranking[0].confidence if self.seen.ranking else 0.0

    @property
    def is_correct(self) -> bool:
        return self.truth is not None and self.guess == self.truth


def evaluate(
    checkpoint: Path, data: Path | None = None, *, encoder: Encoder | None = None
) -> EvaluationReport:
    """Measure a checkpoint folder on a file or folder; without one, on our own utterances."""
    saved = load_checkpoint(checkpoint, kind=KIND)
    model = restore_intent_model(saved, encoder or TextEncoder())
    utterances = load_utterances(data)
    return evaluate_model(model, utterances, name=data.name if data else "own utterances")


def evaluate_model(
    model: IntentModel, utterances: Sequence[LabelledUtterance], *, name: str
) -> EvaluationReport:
    """Measure a model in memory."""
    known = set(model.labels)
    unknown = sorted({u.intent for u in utterances if u.intent} - known)
    thresholds = Thresholds(**model.thresholds)
    rows = _classify(model, utterances, known)
    languages = sorted({row.language for row in rows})
    return EvaluationReport(
        checkpoint=model.version,
        data=name,
        data_digest=data_digest(utterances),
        rows=len(rows),
        unknown_labels=unknown,
        overall=_report(rows, thresholds),
        languages={
            language: _report([r for r in rows if r.language == language], thresholds)
            for language in languages
        },
    )


def _classify(
    model: IntentModel, utterances: Sequence[LabelledUtterance], known: set[str]
) -> list[_Row]:
    rows: list[_Row] = []
    for language in sorted({u.language for u in utterances}):
        chosen = [u for u in utterances if u.language == language]
        rankings = model.predict([u.text for u in chosen], language=language, top=_TOP)
        for utterance, ranking in zip(chosen, rankings, strict=True):
            truth = utterance.intent if utterance.intent in known else None
            rows.append(_Row(truth, language, to_classification(ranking)))
    return rows


def _report(rows: Sequence[_Row], thresholds: Thresholds) -> LanguageReport:
    inside = [row for row in rows if row.truth is not None]
    truths = [row.truth or "" for row in inside]
    guesses = [row.guess for row in inside]
    confidences = [row.confidence for row in inside]
    is_correct = [row.is_correct for row in inside]
    return LanguageReport(
        in_scope=len(inside),
        accuracy=metrics.accuracy(truths, guesses),
        accuracy_top3=_top_share(inside, 3),
        macro_f1=metrics.macro_f1(truths, guesses),
        ece=metrics.expected_calibration_error(confidences, is_correct),
        coverage_at_risk={
            f"{risk:.2f}": metrics.coverage_at_risk(confidences, is_correct, risk=risk)
            for risk in _RISKS
        },
        policy=_policy_figures(inside, thresholds),
        out_of_scope=_refusal_figures(rows, thresholds),
        confusions=[asdict(pair) for pair in metrics.confusions(truths, guesses)],
        intents=[asdict(figures) for figures in metrics.per_intent(truths, guesses)],
    )


def _top_share(rows: Sequence[_Row], count: int) -> float:
    hits = [row.truth in {s.intent for s in row.seen.ranking[:count]} for row in rows]
    return sum(hits) / len(hits) if hits else 0.0


def _policy_figures(rows: Sequence[_Row], thresholds: Thresholds) -> dict[str, float]:
    """Of in-scope text: share refused, asked back, answered; and how often answers are right."""
    if not rows:
        return {}
    refused = [row for row in rows if is_out_of_scope(row.seen, thresholds)]
    answered = [row for row in rows if _is_answered(row, thresholds)]
    right = sum(row.is_correct for row in answered)
    return {
        "refused": len(refused) / len(rows),
        "asked": (len(rows) - len(refused) - len(answered)) / len(rows),
        "answered": len(answered) / len(rows),
        "answered_right": right / len(answered) if answered else 0.0,
    }


def _is_answered(row: _Row, thresholds: Thresholds) -> bool:
    return (
        not is_out_of_scope(row.seen, thresholds)
        and row.confidence >= thresholds.accept
        and margin_of(row.seen) >= thresholds.margin
    )


def _refusal_figures(rows: Sequence[_Row], thresholds: Thresholds) -> dict[str, float]:
    strangers = [row for row in rows if row.truth is None]
    if not strangers:
        return {}
    inside = [row.seen.out_of_scope_score for row in rows if row.truth is not None]
    outside = [row.seen.out_of_scope_score for row in strangers]
    refused = sum(is_out_of_scope(row.seen, thresholds) for row in strangers)
    answered = sum(_is_answered(row, thresholds) for row in strangers)
    return {
        "rows": len(strangers),
        "auroc": metrics.auroc(inside, outside),
        "fpr_at_95": metrics.false_positive_rate_at(inside, outside),
        "refused": refused / len(strangers),
        "answered": answered / len(strangers),
    }


def summarise(report: EvaluationReport) -> str:
    """A few lines for people."""
    lines = [f"{report.checkpoint} on {report.data} ({report.rows} rows)"]
    for name, part in [("all", report.overall), *report.languages.items()]:
        lines.append(
            f"{name}: accuracy {part.accuracy:.4f}, top-3 {part.accuracy_top3:.4f}, "
            f"macro-F1 {part.macro_f1:.4f}, ECE {part.ece:.4f}, n {part.in_scope}"
        )
        if part.out_of_scope:
            lines.append(f"{name}: out of scope {json.dumps(_rounded(part.out_of_scope))}")
        lines.append(f"{name}: policy {json.dumps(_rounded(part.policy))}")
    lines.append("most confused:" if report.overall.confusions else "nothing confused")
    lines.extend(
        f"  {pair['count']:>3} × {pair['first']} and {pair['second']}"
        for pair in report.overall.confusions[:_SHOWN_CONFUSIONS]
    )
    return "\n".join(lines)


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m routing.evaluate",
        description=__doc__,
        epilog="example: python -m routing.evaluate --checkpoint var/models/intent/VERSION "
        "--data golden.csv --json report.json",
    )
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="CSV, JSON Lines or a folder; default: our own")
    parser.add_argument("--json", type=Path, help="write the whole report here")
    parser.add_argument("--encoder", help="folder or hub id; default: the bundled encoder")
    chosen = parser.parse_args(arguments)
    try:
        report = evaluate(chosen.checkpoint, chosen.data, encoder=TextEncoder(chosen.encoder))
    except (DatasetError, ModelError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(summarise(report) + "\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
