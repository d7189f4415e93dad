"""The router: rules, then the classifier, then the policy, in that order, in their context."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace

from routing import policy, rules
from routing.plans import Probe, plan
from routing.protocols import IntentClassifier, LeasedClassifier
from routing.renditions import join, renditions_of, words_for_rules
from routing.settling import settle
from routing.taxonomy import Taxonomy
from routing.types import (
    Candidate,
    Check,
    Classification,
    Intent,
    IntentScore,
    Outcome,
    Priority,
    Route,
    RoutingDecision,
    RuleMatch,
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
        """The same for many, in order, by one checkpoint; each language in one call."""
        with self.hold() as held:
            return held._route_held(utterances, thresholds or held.classifier.thresholds)

    @contextmanager
    def hold(self, checkpoint: str | None = None) -> Iterator["IntentRouter"]:
        """This router on one checkpoint until the end of the block, whatever goes live meanwhile.

        `checkpoint` names another than the live one, for an experiment's arm.
        """
        if not isinstance(self.classifier, LeasedClassifier):
            yield self
            return
        with self.classifier.lease(checkpoint) as classifier:
            held = copy(self)
            held.classifier = classifier
            yield held

    def _route_held(
        self, utterances: Sequence[Utterance], dials: Thresholds
    ) -> list[RoutingDecision]:
        plans = [plan(utterance) for utterance in utterances]
        probes = list(dict.fromkeys(probe for made in plans for probe in made.probes()))
        seen = {
            probe: self._decide(probe, classification, dials)
            for probe, classification in zip(probes, self._classify(probes), strict=True)
        }
        return [settle(made, seen, name_intent=self._named) for made in plans]

    def _classify(self, probes: Sequence[Probe]) -> list[Classification]:
        """Every rendition of every text, one call for each language, joined again."""
        texts: dict[str, list[str]] = defaultdict(list)
        places: dict[str, list[int]] = defaultdict(list)
        for index, probe in enumerate(probes):
            for rendition in renditions_of(probe.text, probe.reading):
                texts[rendition.language].append(rendition.text)
                places[rendition.language].append(index)
        seen: list[list[Classification]] = [[] for _ in probes]
        for language in sorted(texts):
            classified = self.classifier.classify(texts[language], language=language)
            for index, classification in zip(places[language], classified, strict=True):
                seen[index].append(classification)
        return [join(views) for views in seen]

    def _decide(self, probe: Probe, seen: Classification, dials: Thresholds) -> RoutingDecision:
        known, reading = self._known(seen), probe.reading
        rule = self._rule_in(probe)
        if rule is not None:
            intent = self.taxonomy.get(rule.intent)
            return self._by_rule(rule, intent, known, probe.language, dials)
        trace = policy.examine(
            known,
            dials,
            route_of=lambda name: self.taxonomy.get(name).route,
            urgent=self.taxonomy.must_not_miss,
            other_language=reading.other,
        )
        ruling = trace.ruling
        best = self._best(known, ruling.reason)
        lost = ruling.reason == "out_of_scope" or reading.is_other
        return RoutingDecision(
            route=ruling.route,
            outcome=ruling.outcome,
            intent=best.name if best else None,
            confidence=_confidence(known, best),
            margin=policy.margin_of(known),
            out_of_scope=lost,
            out_of_scope_score=known.out_of_scope_score,
            language=probe.language,
            candidates=self._candidates(known.ranking),
            reason=ruling.reason,
            thresholds=dials,
            model_version=self.classifier.version,
            queue=best.queue if best and not lost else FALLBACK_QUEUE,
            priority=best.priority if best and not lost else Priority.NORMAL,
            nearest=known.nearest,
            signals=known.signals,
            checks=(Check("rule", decided=False), *trace.checks),
        )

    def _rule_in(self, probe: Probe) -> RuleMatch | None:
        """The must-not-miss rule that the customer's words fire now."""
        if not probe.is_spoken:
            return None
        heard = words_for_rules(probe.text, probe.reading)
        rule = rules.match(heard, probe.language)
        if rule is None or rule.intent not in self.taxonomy:
            return None
        # in words that we put there it has no place
        return rule if heard == probe.text else replace(rule, start=None, end=None)

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
            reason=policy.CONTEXT,
            queue=intent.queue,
            priority=intent.priority,
        )

    def _best(self, seen: Classification, reason: str) -> Intent | None:
        """The first intent; where an urgent one was heard, the first of those."""
        urgent = self.taxonomy.must_not_miss if reason == policy.MUST_NOT_MISS else ()
        ranked = [score.intent for score in seen.ranking if not urgent or score.intent in urgent]
        return self.taxonomy.get(ranked[0]) if ranked else None

    def _by_rule(
        self,
        rule: RuleMatch,
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
            reason=f"rule:{rule.name}",
            thresholds=dials,
            model_version=self.classifier.version,
            queue=intent.queue,
            priority=intent.priority,
            nearest=seen.nearest,
            signals=seen.signals,
            rule=rule,
            checks=(Check("rule", decided=True, detail=rule.name),),
        )

    def _known(self, seen: Classification) -> Classification:
        """Only intents of the present taxonomy: a checkpoint may be older than the file."""
        ranking = tuple(score for score in seen.ranking if score.intent in self.taxonomy)
        return replace(seen, ranking=ranking)

    def _candidates(self, ranking: Sequence[IntentScore]) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(score.intent, self.taxonomy.get(score.intent).route, score.confidence)
            for score in ranking
        )


def _confidence(seen: Classification, intent: Intent | None) -> float:
    """The confidence of the chosen intent, 0 without one."""
    name = intent.name if intent else None
    return next((score.confidence for score in seen.ranking if score.intent == name), 0.0)
