"""Figures of an abstention curve."""

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.abstention import abstention_report, as_json, calibration_error, draw_curves


def test_a_report_tells_what_every_threshold_does(tmp_path: Path) -> None:
    report = abstention_report(
        [0.9] * 9 + [0.1],
        [True] * 10,
        {"near": [0.95, 0.2], "far": [0.05, 0.05]},
        answered=0.9,
        abstained={"all": 0.75, "near": 0.5, "far": 1.0},
    )
    assert report.abstained_at_90_answered == {"all": 0.75, "near": 0.5, "far": 1.0}
    assert report.auroc["far"] == 1.0
    assert report.curve[0].answered == 1.0
    assert report.curve[0].abstained == 0.0
    assert report.curve[50].answered == pytest.approx(0.9)
    draw_curves(tmp_path / "curve.svg", {"en": report})
    assert (tmp_path / "curve.svg").read_text().startswith("<?xml")
    assert set(as_json({"en": report})) == {"en"}


def test_calibration_error_is_the_mean_gap() -> None:
    confidences = np.array([0.85, 0.85, 0.15, 0.15])
    assert calibration_error(confidences, np.array([True, True, False, False])) == pytest.approx(
        0.15
    )
    assert calibration_error(np.array([1.0]), np.array([True])) == 0
