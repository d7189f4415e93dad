"""The report of a training: what it gathers, and the files `<version>.report.html` and `.png`."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from models.encoder_shelf import EncoderShelf
from routing import metrics
from routing.evaluate import EvaluationReport
from routing.fitting import Trained
from routing.label_audit import SuspectLabel, find_suspects
from routing.predictions import Prediction
from routing.report_charts import MOST_IN_HEAT_MAP, ChartData, draw
from routing.report_contents import Calibration, ConfusedPair, ReportContents
from routing.report_page import render

_CONFUSED_PAIRS = 20
_EXAMPLES = 4


def write_training_report(
    trained: Trained, evaluation: EvaluationReport | None, *, encoders: EncoderShelf
) -> Path:
    """Write both files beside the checkpoint; the path of the page."""
    suspects = find_suspects(
        trained.utterances, encoders=encoders, seed=int(trained.manifest.training["seed"])
    )
    contents = gather(trained, evaluation, suspects)
    page = trained.folder.with_name(f"{trained.folder.name}.report.html")
    page.write_text(render(contents), encoding="utf-8")
    page.with_suffix(".png").write_bytes(contents.charts.png)
    return page


def gather(
    trained: Trained, evaluation: EvaluationReport | None, suspects: list[SuspectLabel]
) -> ReportContents:
    """Compute what is shown."""
    inside = [p for p in trained.predictions if p.truth is not None]
    truths, guesses = [p.truth or "" for p in inside], [p.guess for p in inside]
    fresh = [p for p in inside if not p.has_twin]
    confidences, is_correct = [p.confidence for p in fresh], [p.is_correct for p in fresh]
    bins = metrics.reliability(confidences, is_correct)
    ece = metrics.expected_calibration_error(confidences, is_correct)
    names, counts = _heat_map(inside)
    return ReportContents(
        trained=trained,
        evaluation=evaluation,
        bins=bins,
        ece=ece,
        calibration=_calibration(fresh),
        pairs=_pairs(inside),
        intents=sorted(metrics.per_intent(truths, guesses), key=lambda f: (f.f1, f.intent)),
        suspects=suspects,
        charts=draw(ChartData(bins, ece, trained.dial, names, counts)),
    )


def _calibration(fresh: Sequence[Prediction]) -> list[Calibration]:
    found: list[Calibration] = []
    for language in sorted({p.language for p in fresh}):
        chosen = [p for p in fresh if p.language == language]
        confidences, is_correct = [p.confidence for p in chosen], [p.is_correct for p in chosen]
        found.append(
            Calibration(
                language,
                len(chosen),
                sum(is_correct) / len(chosen),
                metrics.expected_calibration_error(confidences, is_correct),
                sum(confidences) / len(chosen),
            )
        )
    return found


def _pairs(inside: Sequence[Prediction]) -> list[ConfusedPair]:
    texts: dict[tuple[str, str], list[Prediction]] = defaultdict(list)
    for seen in inside:
        if not seen.is_correct:
            texts[seen.truth or "", seen.guess].append(seen)
    ordered = sorted(texts.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        ConfusedPair(
            truth,
            guess,
            len(found),
            [p.text for p in sorted(found, key=lambda p: (-p.confidence, p.text))[:_EXAMPLES]],
        )
        for (truth, guess), found in ordered[:_CONFUSED_PAIRS]
    ]


def _heat_map(inside: Sequence[Prediction]) -> tuple[list[str], list[list[int]]]:
    """The intents with the most errors, those that are taken for each other side by side."""
    errors: Counter[str] = Counter()
    for seen in inside:
        if not seen.is_correct:
            errors[seen.truth or ""] += 1
            errors[seen.guess] += 1
    worst = [name for name, _ in sorted(errors.items(), key=lambda item: (-item[1], item[0]))]
    names = _neighbours_first(worst[:MOST_IN_HEAT_MAP], inside)
    place = {name: n for n, name in enumerate(names)}
    counts = [[0] * len(names) for _ in names]
    for seen in inside:
        if seen.truth in place and seen.guess in place:
            counts[place[seen.truth]][place[seen.guess]] += 1
    return names, counts


def _neighbours_first(worst: Sequence[str], inside: Sequence[Prediction]) -> list[str]:
    together: Counter[frozenset[str]] = Counter(
        frozenset((p.truth or "", p.guess)) for p in inside if not p.is_correct
    )
    left = list(worst)
    ordered: list[str] = []
    while left:
        last = ordered[-1] if ordered else left[0]
        following = max(
            left, key=lambda name: (together[frozenset((last, name))], -left.index(name))
        )
        left.remove(following)
        ordered.append(following)
    return ordered
