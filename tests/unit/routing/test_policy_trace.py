"""What people are shown is what was compared: no explanation disagrees with its decision."""

import operator

from hypothesis import given
from hypothesis import strategies as st

from routing import Classification, IntentScore, Outcome, Route, Thresholds
from routing.policy import Ruling, Trace, decide, examine, is_out_of_scope

TESTS = {"<": operator.lt, ">": operator.gt}
REASON_OF = {
    "ranked": "out_of_scope",
    "reject": "out_of_scope",
    "out_of_scope": "out_of_scope",
    "accept": "ambiguous",
    "margin": "ambiguous",
    "route": "classifier",
}
INTENTS = {"a": Route.KNOWLEDGE, "b": Route.ACCOUNT, "c": Route.HUMAN, "d": Route.GENERAL}
# few steps, so that scores meet their dials exactly
share = st.integers(0, 20).map(lambda step: step / 20) | st.floats(0, 1, allow_subnormal=False)
score = st.integers(-4, 8).map(lambda step: step / 4) | st.floats(-2, 3, allow_subnormal=False)
thresholds = st.builds(Thresholds, accept=share, reject=share, margin=share, out_of_scope=score)


@st.composite
def classifications(draw: st.DrawFn) -> Classification:
    names = draw(st.permutations(sorted(INTENTS)))[: draw(st.integers(0, 4))]
    shares = sorted((draw(share) for _ in names), reverse=True)
    ranking = tuple(IntentScore(*pair) for pair in zip(names, shares, strict=True))
    return Classification(ranking, draw(score))


def examined(seen: Classification, dials: Thresholds) -> Trace:
    return examine(seen, dials, route_of=INTENTS.__getitem__)


def judged(seen: Classification, dials: Thresholds) -> Ruling:
    """The table of docs/explanation/routing-policy.md, written down a second time."""
    best = seen.ranking[0] if seen.ranking else None
    if best is None or best.confidence < dials.reject:
        return Ruling(Route.HUMAN, Outcome.CLARIFY, "out_of_scope")
    if seen.out_of_scope_score > dials.out_of_scope:
        return Ruling(Route.HUMAN, Outcome.CLARIFY, "out_of_scope")
    route = INTENTS[best.intent]
    lead = best.confidence - (seen.ranking[1].confidence if len(seen.ranking) > 1 else 0.0)
    if best.confidence < dials.accept or lead < dials.margin:
        return Ruling(route, Outcome.CLARIFY, "ambiguous")
    outcome = Outcome.HANDOFF if route is Route.HUMAN else Outcome.ANSWER
    return Ruling(route, outcome, "classifier")


@given(classifications(), thresholds)
def test_the_decision_is_what_the_policy_says(seen: Classification, dials: Thresholds) -> None:
    assert decide(seen, dials, route_of=INTENTS.__getitem__) == judged(seen, dials)
    assert is_out_of_scope(seen, dials) == (judged(seen, dials).reason == "out_of_scope")


@given(classifications(), thresholds)
def test_the_last_check_and_no_other_decided(seen: Classification, dials: Thresholds) -> None:
    trace = examined(seen, dials)
    assert [check.decided for check in trace.checks] == [False] * (len(trace.checks) - 1) + [True]


@given(classifications(), thresholds)
def test_the_last_check_gives_the_reason_and_the_outcome(
    seen: Classification, dials: Thresholds
) -> None:
    trace = examined(seen, dials)
    last, ruling = trace.checks[-1], judged(seen, dials)
    assert REASON_OF[last.name] == ruling.reason
    assert (last.name == "route") == (ruling.outcome is not Outcome.CLARIFY)
    assert last.detail == (ruling.route.value if last.name == "route" else None)


@given(classifications(), thresholds)
def test_the_figures_that_are_shown_give_the_answer_that_is_shown(
    seen: Classification, dials: Thresholds
) -> None:
    for check in examined(seen, dials).checks:
        if check.test is not None:
            assert check.value is not None
            assert check.threshold is not None
            assert TESTS[check.test](check.value, check.threshold) == check.decided


def test_checks_come_in_the_order_of_the_policy() -> None:
    seen = Classification((IntentScore("a", 0.9), IntentScore("b", 0.05)), 0.2)
    trace = examined(seen, Thresholds(accept=0.5, reject=0.2, margin=0.1, out_of_scope=1.0))
    assert [check.name for check in trace.checks] == list(REASON_OF)
    assert [(c.value, c.threshold) for c in trace.checks[1:5]] == [
        (0.9, 0.2),
        (0.2, 1.0),
        (0.9, 0.5),
        (0.9 - 0.05, 0.1),
    ]
