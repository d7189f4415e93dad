"""Messages in their conversation, through the router with a classifier of keywords."""

from collections.abc import Iterator

import pytest

from routing import IntentRouter, Outcome, RoutingDecision, Utterance, load_taxonomy
from routing.classifier import BatchedClassifier, fixed_classifier
from routing.policy import MANY_REQUESTS

KEYWORDS = {
    "balance": "balance_inquiry",
    "余额": "balance_inquiry",
    "unfreeze": "card_unfreeze",
    "freeze": "card_freeze",
    "冻结": "card_freeze",
    "rate": "exchange_rate",
    "complain": "complaint",
    "opening hours": "branch_hours",
    "statement": "statement_request",
    "hello": "greeting",
}


@pytest.fixture(scope="module")
def classifier() -> Iterator[BatchedClassifier]:
    built = fixed_classifier(KEYWORDS)
    yield built
    built.close()


@pytest.fixture
def router(classifier: BatchedClassifier) -> IntentRouter:
    return IntentRouter(load_taxonomy(), classifier)


def intents(decision: RoutingDecision) -> list[str | None]:
    return [part.decision.intent for part in decision.parts] or [decision.intent]


SPLIT = {
    "two": ("freeze my card and tell me my balance", ["card_freeze", "balance_inquiry"]),
    "in-order": ("tell me my balance and freeze my card", ["balance_inquiry", "card_freeze"]),
    "same-twice": ("tell me my balance and show me my balance", ["balance_inquiry"]),
    "two-cards": ("freeze my debit card and my credit card", ["card_freeze", "card_freeze"]),
    "unknown-half": ("tell me my balance and sing me a song", ["balance_inquiry"]),
    "rule-first": (
        "tell me my balance, my wallet was stolen",
        ["card_stolen", "balance_inquiry"],
    ),
    "greeting-is-none": ("say hello and tell me my balance", ["balance_inquiry"]),
    "zh": ("帮我冻结卡，再查一下余额", ["card_freeze", "balance_inquiry"]),
}


@pytest.mark.parametrize(("text", "expected"), SPLIT.values(), ids=SPLIT.keys())
def test_each_sure_request_is_a_part(router: IntentRouter, text: str, expected: list[str]) -> None:
    assert intents(router.route(Utterance(text))) == expected


def test_the_decision_of_several_is_that_of_the_first(router: IntentRouter) -> None:
    decision = router.route(Utterance("tell me my balance and freeze my card"))
    assert (decision.intent, decision.outcome) == ("balance_inquiry", Outcome.ANSWER)
    assert [part.text for part in decision.parts] == ["tell me my balance", "freeze my card"]


def test_more_than_three_are_asked_which_comes_first(router: IntentRouter) -> None:
    text = "freeze my card, tell me my balance, tell me the rate and send me a statement"
    decision = router.route(Utterance(text))
    assert (decision.outcome, decision.reason) == (Outcome.CLARIFY, MANY_REQUESTS)
    assert len(decision.candidates) == 4


def test_words_about_self_harm_stand_alone(router: IntentRouter) -> None:
    decision = router.route(Utterance("I want to kill myself and tell me my balance"))
    assert (decision.intent, decision.parts) == ("self_harm", ())


FOLLOW_UPS = {
    "object": ("What is my balance?", "and my savings?", "balance_inquiry", "follow_up"),
    "facet": ("what is the rate", "what about in euros?", "exchange_rate", "follow_up"),
    "correction": ("freeze my debit card", "no, I meant the credit card", "card_freeze",
                   "correction"),
    "switch": ("What is my balance?", "and freeze my card", "card_freeze", None),
    "other-topic": ("What is my balance?", "what about the weather?", None, None),
    "no-second-freeze": ("freeze my card", "how long does it take?", None, None),
    "after-a-person": ("I want to complain", "and the other one?", None, None),
    "zh": ("我的余额是多少", "那储蓄账户呢", "balance_inquiry", "follow_up"),
    "other-language": ("What is my balance?", "那储蓄账户呢", "balance_inquiry", "follow_up"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("before", "text", "intent", "context"), FOLLOW_UPS.values(), ids=FOLLOW_UPS.keys()
)
def test_history_gives_the_meaning(
    router: IntentRouter, before: str, text: str, intent: str | None, context: str | None
) -> None:
    decision = router.route(Utterance(text, None, (before,)))
    assert decision.context == context
    if intent is not None:
        assert (decision.intent, decision.outcome) == (intent, Outcome.ANSWER)
    else:
        assert decision.outcome is Outcome.CLARIFY


def test_without_history_a_follow_up_is_asked_about(router: IntentRouter) -> None:
    decision = router.route(Utterance("and the other one?"))
    assert (decision.outcome, decision.context) == (Outcome.CLARIFY, None)


def test_what_was_decided_before_counts_more_than_the_words(router: IntentRouter) -> None:
    utterance = Utterance("and my savings?", None, ("something unclear",), "balance_inquiry")
    decision = router.route(utterance)
    assert (decision.intent, decision.reason) == ("balance_inquiry", "context")
    assert decision.slots_from is not None


def test_a_rule_that_fired_before_does_not_fire_again(router: IntentRouter) -> None:
    decision = router.route(Utterance("and in euros?", None, ("my wallet was stolen",)))
    assert not decision.reason.startswith("rule:")
