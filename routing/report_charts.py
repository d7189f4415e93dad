"""The charts of a training report, drawn by matplotlib: SVG for the page, one PNG beside it.

Labels beyond ASCII are numbered, because the fonts of the PNG may lack them.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from routing.metrics import ReliabilityBin
from routing.risk_dial import Dial

_BLUE, _RED, _GREY, _LIGHT = "#1f5fa8", "#b3261e", "#6b7280", "#d8e3f0"
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "switchboard",
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _GREY,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "font.family": "DejaVu Sans",
}
MOST_IN_HEAT_MAP = 40
_LONGEST_NAME = 28


@dataclass(frozen=True, slots=True)
class ChartData:
    """Everything that is drawn."""

    bins: Sequence[ReliabilityBin]
    ece: float
    dial: Dial
    names: Sequence[str]  # of the heat map's rows
    counts: Sequence[Sequence[int]]  # true intent by predicted intent, diagonal included


@dataclass(frozen=True, slots=True)
class Charts:
    """The drawn charts."""

    reliability: str  # SVG
    risk_coverage: str
    heat_map: str
    png: bytes  # all three


def draw(data: ChartData) -> Charts:
    """Every chart of a report."""
    with rc_context(_STYLE):
        side = max(4.0, 0.16 * len(data.names) + 2.4)
        return Charts(
            reliability=_svg((4.6, 4.0), lambda axes: _reliability(axes, data)),
            risk_coverage=_svg((5.4, 4.0), lambda axes: _risk_coverage(axes, data.dial)),
            heat_map=_svg((side + 0.8, side), lambda axes: _heat_map(axes, data)),
            png=_png(data),
        )


def _svg(size: tuple[float, float], paint: Callable[[Axes], None]) -> str:
    figure = Figure(figsize=size, layout="constrained")
    paint(figure.subplots())
    held = io.StringIO()
    figure.savefig(held, format="svg", metadata={"Date": None, "Creator": None})
    text = held.getvalue()
    return text[text.index("<svg") :]


def _png(data: ChartData) -> bytes:
    figure = Figure(figsize=(17, 6.2), layout="constrained", dpi=110)
    FigureCanvasAgg(figure)
    left, middle, right = figure.subplots(1, 3, width_ratios=(1, 1.15, 1.35))
    _reliability(left, data)
    _risk_coverage(middle, data.dial)
    _heat_map(right, data)
    held = io.BytesIO()
    figure.savefig(held, format="png", metadata={"Software": None})
    return held.getvalue()


def _reliability(axes: Axes, data: ChartData) -> None:
    largest = max((part.count for part in data.bins), default=1)
    axes.plot([0, 1], [0, 1], color=_GREY, linestyle="--", linewidth=1)
    for part in data.bins:
        axes.bar(part.confidence, part.count / largest * 0.25, width=0.03, color=_LIGHT, zorder=0)
    axes.plot(
        [part.confidence for part in data.bins],
        [part.accuracy for part in data.bins],
        color=_BLUE,
        marker="o",
        markersize=4,
    )
    axes.set(
        xlim=(0, 1.02),
        ylim=(0, 1.02),
        xlabel="confidence (bars: how many texts)",
        ylabel="share that is right",
        title=f"Reliability, ECE {data.ece:.1%} (15 bins)",
    )


def _risk_coverage(axes: Axes, dial: Dial) -> None:
    points = [point for point in dial.curve if point.answered > 0]
    axes.plot([p.coverage for p in points], [p.risk for p in points], color=_BLUE, linewidth=1.6)
    for row in dial.rows:
        is_chosen = row.promised == dial.promised
        colour = _RED if is_chosen else _GREY
        axes.axhline(row.promised, color=colour, linestyle=":", linewidth=1)
        axes.errorbar(
            row.coverage,
            row.risk,
            yerr=[[row.risk - row.risk_low], [row.risk_high - row.risk]],
            color=colour,
            marker="o" if row.is_proven else "x",
            markersize=6 if is_chosen else 4,
            capsize=3,
        )
        axes.annotate(
            f"promise {row.promised:.0%}",
            (1.0, row.promised),
            color=colour,
            ha="right",
            va="bottom",
            fontsize=8,
        )
    top = max([row.promised for row in dial.rows] + [p.risk for p in points]) * 1.15
    axes.set(
        xlim=(0, 1.0),
        ylim=(0, min(top, 0.5)),
        xlabel="coverage: share of in-scope texts answered",
        ylabel="risk: wrong routes among the answered",
        title=f"Risk and coverage, chosen: at most {dial.promised:.0%}",
    )


def _heat_map(axes: Axes, data: ChartData) -> None:
    if not data.names:
        axes.set_axis_off()
        axes.set_title("Nothing was confused")
        return
    counts = np.array(data.counts, dtype=float).reshape(len(data.names), len(data.names))
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    wrong = counts / totals
    np.fill_diagonal(wrong, np.nan)
    largest = max(float(np.nanmax(wrong, initial=0.0)), 0.05)
    image = axes.imshow(wrong, cmap="Reds", vmin=0, vmax=largest, aspect="auto")
    labels = [_plain(name, place) for place, name in enumerate(data.names)]
    size = 7 if len(labels) <= MOST_IN_HEAT_MAP // 2 else 5.5
    axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=size)
    axes.set_yticks(range(len(labels)), labels, fontsize=size)
    axes.set(
        xlabel="taken for", ylabel="is", title="Confusion: share of the row, diagonal left out"
    )
    figure = axes.get_figure()
    if figure is not None:
        figure.colorbar(image, ax=axes, shrink=0.6)


def _plain(name: str, place: int) -> str:
    if not name.isascii():
        return f"no. {place + 1}"
    # a dollar sign would start a formula
    return name[:_LONGEST_NAME].replace("$", r"\$")
