"""What a customer would get: the content filter, then the router, as in a turn. Stores nothing."""

from collections.abc import Sequence
from dataclasses import replace

from app.content_filter import inspect
from app.dialogue.decision import apply_filter, thresholds_for
from app.parts import Parts
from routing import IntentRouter, Thresholds, Utterance
from routing.fairness import Verdict, verdict_of


class FilteredJudge:
    """Filter and router, with the thresholds that apply without an experiment."""

    has_filter = True

    def __init__(self, router: IntentRouter, thresholds: Thresholds | None = None) -> None:
        self._router = router
        self._thresholds = thresholds

    @property
    def model_version(self) -> str:
        return self._router.classifier.version

    def judge(self, utterances: Sequence[Utterance]) -> list[Verdict]:
        filtered = [inspect(utterance.text) for utterance in utterances]
        masked = [
            replace(utterance, text=result.text)
            for utterance, result in zip(utterances, filtered, strict=True)
        ]
        decisions = self._router.route_many(masked, thresholds=self._thresholds)
        return [
            verdict_of(
                apply_filter(decision, result.action.value, result.name),
                filtered=result.action.value,
            )
            for decision, result in zip(decisions, filtered, strict=True)
        ]


def live_judge(parts: Parts) -> FilteredJudge:
    """What serves now, with the settings' dials."""
    return FilteredJudge(parts.router, thresholds_for(parts, None))
