"""What a training report shows, as plain values."""

from dataclasses import dataclass

from routing.fitting import Trained
from routing.label_audit import SuspectLabel
from routing.measuring import EvaluationReport
from routing.metrics import IntentFigures, ReliabilityBin
from routing.report_charts import Charts


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """One intent taken for another, with texts that show it."""

    truth: str
    guess: str
    count: int
    texts: list[str]


@dataclass(frozen=True, slots=True)
class Calibration:
    """How honest the confidence is in one language."""

    language: str
    texts: int
    accuracy: float
    ece: float
    mean_confidence: float


@dataclass(frozen=True, slots=True)
class ReportContents:
    """Everything on the page. The predictions are those of held-out folds."""

    trained: Trained
    evaluation: EvaluationReport | None
    bins: list[ReliabilityBin]
    ece: float
    calibration: list[Calibration]
    pairs: list[ConfusedPair]
    intents: list[IntentFigures]
    suspects: list[SuspectLabel]
    charts: Charts
