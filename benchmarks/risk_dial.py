"""Does the dial keep its promise? Repeated random splits: promised against realised on fresh text.

Each split trains the whole pipeline on a part of the data and measures its thresholds on the rest,
which neither training nor thresholds have seen. Texts are encoded once for all splits.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.progress import track

from models.checkpoint import load_checkpoint
from models.encoder_shelf import EncoderShelf, as_shelf
from models.intent_classifier import KIND, restore_intent_model
from models.remembering import RememberingShelf
from routing.dataset import CheckedData, DataReport, LabelledUtterance, read_dataset
from routing.evaluate import classify
from routing.fitting import TrainingOptions, fit_checked
from routing.intervals import exact
from routing.measuring import SeenRow
from routing.policy import margin_of
from routing.predictions import RouteOf, routes_by
from routing.risk_dial import PROMISES, DialRow, measure_row
from routing.splitting import find_twins, split_holdout
from routing.taxonomy import load_taxonomy
from routing.thresholds import Observation

SPLITS = 10
FRESH_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Trial:
    """One promise in one split: what was promised and found in training, what fresh text did."""

    split: int
    chosen: DialRow
    fresh: DialRow


def main(
    data: str | None = None, splits: int = SPLITS, fresh_share: float = FRESH_SHARE
) -> Mapping[str, Any]:
    """Promise -> how often it was kept, realised risk with its interval, coverage."""
    checked = read_dataset(data)
    twins = find_twins(checked.utterances)
    encoders = RememberingShelf(as_shelf(None, Path("var/models/intent")))
    route_of = routes_by(load_taxonomy())
    trials: list[Trial] = []
    for split in track(range(splits), description="splits"):
        parts = split_holdout(checked.utterances, share=fresh_share, seed=split, twins=twins)
        trials += _try(split, *parts, twins=twins, encoders=encoders, route_of=route_of)
    return {f"at most {promise:.0%}": _summary(trials, promise) for promise in PROMISES}


def _try(
    split: int,
    training: Sequence[LabelledUtterance],
    fresh: Sequence[LabelledUtterance],
    *,
    twins: Mapping[str, str],
    encoders: EncoderShelf,
    route_of: RouteOf,
) -> list[Trial]:
    options = TrainingOptions(seed=split)
    data = CheckedData(list(training), DataReport(f"split {split}"))
    with tempfile.TemporaryDirectory() as folder:
        trained = fit_checked(data, Path(folder), options=options, twins=twins, using=encoders)
        model = restore_intent_model(load_checkpoint(trained.folder, kind=KIND), encoders)
        rows = classify(model, fresh)
    seen = [_observation(row, route_of) for row in rows]
    confidence = trained.dial.confidence
    return [
        Trial(split, row, measure_row(seen, row, confidence=confidence))
        for row in trained.dial.rows
    ]


def _observation(row: SeenRow, route_of: RouteOf) -> Observation:
    return Observation(
        row.confidence,
        margin_of(row.seen),
        row.seen.out_of_scope_score,
        row.takes_right_route(route_of),
        is_stranger=row.truth is None,
    )


def _summary(trials: Sequence[Trial], promise: float) -> dict[str, Any]:
    chosen = [t for t in trials if t.chosen.promised == promise]
    proven = [t for t in chosen if t.chosen.is_proven]
    if not proven:
        return {"splits": len(chosen), "proven": 0}
    answered = sum(t.fresh.answered for t in proven)
    share = exact(sum(t.fresh.wrong for t in proven), answered)
    return {
        "splits": len(chosen),
        "proven": len(proven),
        "kept": sum(t.fresh.risk <= promise for t in proven),
        # fresh texts are few: broken is only a promise that lies below the exact interval
        "refuted": sum(t.fresh.risk_low > promise for t in proven),
        "inside_held_out_interval": sum(
            t.chosen.risk_low <= t.fresh.risk <= t.chosen.risk_high for t in proven
        ),
        "realised": round(share.value, 5),
        "low": round(share.low, 5),  # splits overlap: the interval is a little too narrow
        "high": round(share.high, 5),
        "worst": round(max(t.fresh.risk for t in proven), 5),
        "held_out": round(sum(t.chosen.risk for t in proven) / len(proven), 5),
        "coverage": round(sum(t.fresh.coverage for t in proven) / len(proven), 4),
        "answered": answered,
    }
