"""A decision as stored data and back, and the explanation that people read.

Training examples pass the masking rules before they are kept or shown: a bank may train on what its
customers wrote.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.content_filter import inspect
from app.db.decision import DecisionRecord
from app.dialogue.schemas import CheckRead, ExplanationRead, NearestRead, RuleRead
from routing import (
    Candidate,
    Outcome,
    Priority,
    Route,
    RoutingDecision,
    Taxonomy,
    Thresholds,
)
from routing.explanation import summarise
from routing.types import Check, NearestExample, RuleMatch, Signal

NEAREST = 3  # examples that are kept
_EXAMPLES_REMEMBERED = 8_192


def explain(decision: RoutingDecision, taxonomy: Taxonomy) -> ExplanationRead:
    """What led to a decision: for `?explain=true`, for the console, and for replays."""
    data = explanation_data(decision, keeps_words=True)
    rule = data["rule"]
    return ExplanationRead(
        summary=summarise(decision, taxonomy),
        policy=[CheckRead(**check) for check in data["checks"]],
        nearest=[NearestRead(**example) for example in data["nearest"]],
        rule=RuleRead(**rule) if rule else None,
        signals=data["signals"],
    )


def explanation_data(decision: RoutingDecision, *, keeps_words: bool) -> dict[str, Any]:
    """The columns of an explanation. Without `keeps_words` a rule keeps the place, not the text."""
    return {
        "checks": [_check_data(check) for check in decision.checks],
        "nearest": [
            {
                "text": _masked_example(example.text),
                "intent": example.intent,
                "similarity": round(example.similarity, 4),
            }
            for example in decision.nearest[:NEAREST]
        ],
        "rule": _rule_data(decision.rule, keeps_words=keeps_words),
        "signals": {signal.name: round(signal.value, 6) for signal in decision.signals},
    }


def decision_from(row: DecisionRecord) -> RoutingDecision:
    """A stored decision as the router made it."""
    return RoutingDecision(
        route=Route(row.route),
        outcome=Outcome(row.outcome),
        intent=row.intent,
        confidence=row.confidence,
        margin=row.margin,
        out_of_scope=row.out_of_scope,
        out_of_scope_score=row.out_of_scope_score,
        language=row.language,
        candidates=tuple(
            Candidate(item["intent"], Route(item["route"]), item["confidence"])
            for item in row.candidates
        ),
        reason=row.reason,
        thresholds=Thresholds(**row.thresholds),
        model_version=row.model_version,
        queue=row.queue,
        priority=Priority(row.priority),
        nearest=tuple(NearestExample(**example) for example in row.nearest),
        signals=tuple(Signal(name, value) for name, value in row.signals.items()),
        rule=_rule_from(row.rule),
        checks=tuple(_check_from(check) for check in row.checks),
        context=row.context,
    )


def _check_data(check: Check) -> dict[str, Any]:
    return {
        "check": check.name,
        "decided": check.decided,
        "value": check.value,
        "test": check.test,
        "threshold": check.threshold,
        "detail": check.detail,
    }


def _check_from(data: Mapping[str, Any]) -> Check:
    return Check(
        data["check"],
        decided=data["decided"],
        value=data["value"],
        test=data["test"],
        threshold=data["threshold"],
        detail=data["detail"],
    )


def _rule_data(rule: RuleMatch | None, *, keeps_words: bool) -> dict[str, Any] | None:
    if rule is None:
        return None
    words = rule.words if keeps_words and rule.words else None
    return {
        "name": rule.name,
        "intent": rule.intent,
        "matched": words,
        "start": rule.start,
        "end": rule.end,
    }


def _rule_from(data: Mapping[str, Any] | None) -> RuleMatch | None:
    if data is None:
        return None
    return RuleMatch(
        data["name"], data["intent"], data["matched"] or "", data["start"], data["end"]
    )


@lru_cache(maxsize=_EXAMPLES_REMEMBERED)
def _masked_example(text: str) -> str:
    """Remembered, because the same few thousand examples come again and again."""
    return inspect(text).text
