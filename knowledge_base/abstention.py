"""How well an abstention is placed: the curve over all thresholds, and whether confidence is true.

Pure but for the plot: confidences in, figures out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from knowledge_base.metrics import abstention_figures

BINS = 10
_POINTS = 101
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What one threshold does."""

    threshold: float
    answered: float  # share of the answerable questions that get an answer
    abstained: float  # share of the unanswerable ones that get none


@dataclass(frozen=True, slots=True)
class AbstentionReport:
    """Figures of one language; `near` questions are a bank's business, `far` ones are not."""

    answerable: int
    unanswerable: int
    answered: float  # at the threshold in use
    abstained: dict[str, float]  # at the threshold in use: of all, near and far
    abstained_at_90_answered: dict[str, float]
    auroc: dict[str, float]
    calibration_error: float  # of the confidence that the first article is the right one, 0..1
    curve: tuple[CurvePoint, ...]


def abstention_report(
    answerable: Sequence[float],
    is_right: Sequence[bool],
    unanswerable: Mapping[str, Sequence[float]],
    *,
    answered: float,
    abstained: Mapping[str, float],
) -> AbstentionReport:
    """From confidences: `is_right` says of each answerable one whether its article came first.

    `unanswerable` are confidences by kind; `answered` and `abstained` are what happened in use.
    """
    everything = {"all": [one for part in unanswerable.values() for one in part], **unanswerable}
    at_90 = float(np.quantile(answerable, 0.1))
    truth = [*is_right, *(False for _ in everything["all"])]
    return AbstentionReport(
        answerable=len(answerable),
        unanswerable=len(everything["all"]),
        answered=round(answered, 4),
        abstained={kind: round(share, 4) for kind, share in abstained.items()},
        abstained_at_90_answered={
            kind: round(float(np.mean(np.array(part) < at_90)), 4)
            for kind, part in everything.items()
        },
        auroc={
            kind: round(abstention_figures(answerable, part, at_90).auroc, 4)
            for kind, part in everything.items()
        },
        calibration_error=round(
            calibration_error(np.array([*answerable, *everything["all"]]), np.array(truth)), 4
        ),
        curve=tuple(
            _point(float(threshold), answerable, everything["all"])
            for threshold in np.linspace(0, 1, _POINTS)
        ),
    )


def calibration_error(confidences: Numbers, is_right: NDArray[np.bool_]) -> float:
    """Expected calibration error: the mean gap between confidence and truth, over equal bins."""
    places = np.minimum((confidences * BINS).astype(int), BINS - 1)
    gaps = [
        (places == place).mean()
        * abs(confidences[places == place].mean() - is_right[places == place].mean())
        for place in np.unique(places)
    ]
    return float(sum(gaps))


def draw_curves(path: Path, reports: Mapping[str, AbstentionReport]) -> None:
    """Answered against abstained, a line for each language; SVG or PNG by the name's ending."""
    figure = Figure(figsize=(5.2, 4.4), layout="constrained")
    FigureCanvasAgg(figure)
    plot = figure.subplots()
    for (locale, report), colour in zip(reports.items(), ("#1f5fa8", "#b3261e"), strict=False):
        points = [(point.answered, point.abstained) for point in report.curve]
        plot.plot(*zip(*points, strict=True), color=colour, label=locale)
        plot.plot([report.answered], [report.abstained["all"]], "o", color=colour)
    plot.axhline(0.9, color="#888888", linewidth=0.7)
    plot.axvline(0.9, color="#888888", linewidth=0.7)
    plot.set(
        xlabel="answerable questions answered",
        ylabel="unanswerable questions not answered",
        xlim=(0, 1),
        ylim=(0, 1),
        title="Abstention; the dot is the threshold in use",
    )
    plot.legend()
    figure.savefig(path, dpi=130)


def as_json(reports: Mapping[str, AbstentionReport]) -> dict[str, object]:
    """Everything, for a file."""
    return {locale: asdict(report) for locale, report in reports.items()}


def _point(
    threshold: float, answerable: Sequence[float], unanswerable: Sequence[float]
) -> CurvePoint:
    figures = abstention_figures(answerable, unanswerable, threshold)
    return CurvePoint(
        round(threshold, 2),
        round(figures.answered_in_scope, 4),
        round(figures.abstained_off_topic, 4),
    )
