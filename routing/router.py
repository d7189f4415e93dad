"""The router: rules, then the classifier, then the policy, in that order, in their context."""

from collections.abc import Sequence
from dataclasses import replace

from routing import policy, rules
from routing.protocols import IntentClassifier
from routing.settling import Probe, plan, settle
from routing.taxonomy import Taxonomy
from routing.types import (
    Candidate,
    Classification,
    Intent,
    IntentScore,
    Outcome,
    Priority,
    Route,
    RoutingDecision,
    Thresholds,
    Utterance,
)

FALLBACK_QUEUE = "general"


class IntentRouter:
    """Decides one utterance or many; safe to call from many threads."""

    def __init__(self, taxonomy: Taxonomy, classifier: IntentClassifier) -> None:
        self.taxonomy = taxonomy
        self.classifier = classifier

    def route(
        self, utterance: Utterance, *, thresholds: Thresholds | None = None
    ) -> RoutingDecision:
        """Where this utterance goes. `thresholds` replaces the checkpoint's, for an experiment."""
        return self.route_many([utterance], thresholds=thresholds)[0]

    def route_many(
        self, utterances: Sequence[Utterance], *, thresholds: Thresholds | None = None
    ) -> list[RoutingDecision]:
        """The same for many, in order; each language is classified in one call."""
        dials = thresholds or self.classifier.thresholds
        plans = [plan(utterance) for utterance in utterances]
        probes = list(dict.fromkeys(probe for made in plans for probe in made.probes()))
        seen = self._judge(probes, dials)
        return [settle(made, seen, name_intent=self._named) for made in plans]

    def _judge(self, probes: Sequence[Probe], dials: Thresholds) -> dict[Probe, RoutingDecision]:
        judged: dict[Probe, RoutingDecision] = {}
        for language in sorted({probe.language for probe in probes}):
            chosen = [probe for probe in probes if probe.language == language]
            texts = [probe.text for probe in chosen]
            classified = self.classifier.classify(texts, language=language)
            for probe, seen in zip(chosen, classified, strict=True):
                judged[probe] = self._decide(probe, seen, dials)
        return judged

    def _decide(self, probe: Probe, seen: Classification, dials: Thresholds) -> RoutingDecision:
        known, language = self._known(seen), probe.language
        rule = rules.match(probe.text, language) if probe.is_spoken else None
        if rule is not None and rule.intent in self.taxonomy:
            return self._by_rule(rule.name, self.taxonomy.get(rule.intent), known, language, dials)
        ruling = policy.decide(known, dials, route_of=lambda name: self.taxonomy.get(name).route)
        best = self.taxonomy.get(known.ranking[0].intent) if known.ranking else None
        lost = ruling.reason == "out_of_scope"
        return RoutingDecision(
            route=ruling.route,
            outcome=ruling.outcome,
            intent=best.name if best else None,
            confidence=known.ranking[0].confidence if known.ranking else 0.0,
            margin=policy.margin_of(known),
            out_of_scope=lost,
            out_of_scope_score=known.out_of_scope_score,
            language=language,
            candidates=self._candidates(known.ranking),
            reason=ruling.reason,
            thresholds=dials,
            model_version=self.classifier.version,
            queue=best.queue if best and not lost else FALLBACK_QUEUE,
            priority=best.priority if best and not lost else Priority.NORMAL,
            nearest=known.nearest,
        )

    def _named(self, name: str, decision: RoutingDecision) -> RoutingDecision | None:
        """The decision under another intent's name: what was said before settled it."""
        intent = self.taxonomy.find(name)
        if intent is None:
            return None
        return replace(
            decision,
            route=intent.route,
            outcome=Outcome.HANDOFF if intent.route is Route.HUMAN else Outcome.ANSWER,
            intent=intent.name,
            out_of_scope=False,
            reason="context",
            queue=intent.queue,
            priority=intent.priority,
        )

    def _by_rule(
        self,
        name: str,
        intent: Intent,
        seen: Classification,
        language: str,
        dials: Thresholds,
    ) -> RoutingDecision:
        """A must-not-miss rule decides alone; the scores are kept beside it."""
        outcome = Outcome.HANDOFF if intent.route is Route.HUMAN else Outcome.ANSWER
        return RoutingDecision(
            route=intent.route,
            outcome=outcome,
            intent=intent.name,
            confidence=1.0,
            margin=1.0,
            out_of_scope=False,
            out_of_scope_score=seen.out_of_scope_score,
            language=language,
            candidates=self._candidates(seen.ranking),
            reason=f"rule:{name}",
            thresholds=dials,
            model_version=self.classifier.version,
            queue=intent.queue,
            priority=intent.priority,
            nearest=seen.nearest,
        )

    def _known(self, seen: Classification) -> Classification:
        """Only intents of the present taxonomy: a checkpoint may be older than the file."""
        ranking = tuple(score for score in seen.ranking if score.intent in self.taxonomy)
        return Classification(ranking, seen.out_of_scope_score, seen.nearest)

    def _candidates(self, ranking: Sequence[IntentScore]) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(score.intent, self.taxonomy.get(score.intent).route, score.confidence)
            for score in ranking
        )
