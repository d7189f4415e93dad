"""Counterfactual fairness of the router: the same wish in other words must end alike."""

from routing.fairness.gate import FairnessCheck, Floors, check, hold
from routing.fairness.report import FairnessReport
from routing.fairness.runner import RouterJudge, run, verdict_of
from routing.fairness.seeds import load_seeds
from routing.fairness.types import Family, Judge, Seed, Verdict

__all__ = [
    "FairnessCheck",
    "FairnessReport",
    "Family",
    "Floors",
    "Judge",
    "RouterJudge",
    "Seed",
    "Verdict",
    "check",
    "hold",
    "load_seeds",
    "run",
    "verdict_of",
]
