"""A decision survives storing; examples are masked; a rule keeps its words in their thread."""

import json
from dataclasses import replace

from app.db.decision import DecisionRecord
from app.dialogue.decision import candidates_data
from app.dialogue.explanation import NEAREST, decision_from, explanation_data
from routing import Candidate, Outcome, Route, RoutingDecision, Thresholds
from routing.types import Check, NearestExample, RuleMatch, Signal

CARD = "4111 1111 1111 1111"
DECISION = RoutingDecision(
    route=Route.HUMAN,
    outcome=Outcome.HANDOFF,
    intent="card_stolen",
    confidence=1.0,
    margin=1.0,
    out_of_scope=False,
    out_of_scope_score=0.3,
    language="en",
    candidates=(Candidate("card_lost", Route.ACCOUNT, 0.75),),
    reason="rule:card_stolen",
    thresholds=Thresholds(0.6, 0.3, 0.1, 1.5),
    model_version="m1",
    nearest=tuple(NearestExample(f"example {n}", "card_lost", 0.5) for n in range(5)),
    signals=(Signal("encoder", 0.5), Signal("lexical", 0.25)),
    rule=RuleMatch("card_stolen", "card_stolen", "card was stolen", 3, 18),
    checks=(Check("filter", decided=False), Check("rule", decided=True, detail="card_stolen")),
)


def stored(decision: RoutingDecision, *, keeps_words: bool = True) -> DecisionRecord:
    """A row after a trip through JSON, as both databases keep it."""
    data = json.loads(json.dumps(explanation_data(decision, keeps_words=keeps_words)))
    return DecisionRecord(
        route=decision.route.value,
        outcome=decision.outcome.value,
        intent=decision.intent,
        confidence=decision.confidence,
        margin=decision.margin,
        out_of_scope=decision.out_of_scope,
        out_of_scope_score=decision.out_of_scope_score,
        reason=decision.reason,
        language=decision.language,
        candidates=candidates_data(decision),
        thresholds=decision.thresholds.as_dict(),
        model_version=decision.model_version,
        queue=decision.queue,
        priority=decision.priority.value,
        **data,
    )


def test_a_stored_decision_is_the_decision() -> None:
    found = decision_from(stored(DECISION))
    assert found.nearest == DECISION.nearest[:NEAREST]
    assert found.checks == DECISION.checks
    assert found.rule == DECISION.rule
    assert found.signals == DECISION.signals
    assert found.thresholds == DECISION.thresholds
    assert found.candidates == DECISION.candidates


def test_without_a_thread_a_rule_keeps_its_place_and_not_its_words() -> None:
    data = explanation_data(DECISION, keeps_words=False)
    assert data["rule"]["matched"] is None
    assert (data["rule"]["start"], data["rule"]["end"]) == (3, 18)
    assert "stolen" not in json.dumps(data["rule"] | {"name": "", "intent": ""})


def test_examples_are_masked_before_they_are_kept() -> None:
    customer_wrote = NearestExample(f"my card {CARD} was charged twice", "card_lost", 0.9)
    data = explanation_data(replace(DECISION, nearest=(customer_wrote,)), keeps_words=True)
    assert CARD not in json.dumps(data)
    assert "was charged twice" in data["nearest"][0]["text"]
