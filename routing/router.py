"""The router: rules, then the classifier, then the policy, in that order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy

from routing import policy, rules
from routing.language import detect
from routing.protocols import IntentClassifier, LeasedClassifier
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
        languages = [detect(item.text, item.locale) for item in utterances]
        seen = self._classify(utterances, languages)
        return [
            self._decide(item.text, language, classification, dials)
            for item, language, classification in zip(utterances, languages, seen, strict=True)
        ]

    def _classify(
        self, utterances: Sequence[Utterance], languages: Sequence[str]
    ) -> list[Classification]:
        seen: list[Classification] = [Classification(())] * len(utterances)
        for language in sorted(set(languages)):
            places = [index for index, found in enumerate(languages) if found == language]
            texts = [utterances[index].text for index in places]
            classified = self.classifier.classify(texts, language=language)
            for index, classification in zip(places, classified, strict=True):
                seen[index] = classification
        return seen

    def _decide(
        self, text: str, language: str, seen: Classification, dials: Thresholds
    ) -> RoutingDecision:
        known = self._known(seen)
        rule = rules.match(text, language)
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
