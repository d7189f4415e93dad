"""Which states follow which, and who may speak."""

import pytest

from app.conversations.state import (
    ConversationStatus,
    assistant_may_speak,
    status_after_customer_message,
    transition,
)
from app.errors import StateConflict

P, O, S, R = ("pending", "open", "snoozed", "resolved")  # noqa: E741
ALLOWED = {(P, O), (P, R), (O, P), (O, S), (O, R), (S, O), (S, P), (S, R), (R, P), (R, O)}
PAIRS = [(one, other) for one in (P, O, S, R) for other in (P, O, S, R)]


@pytest.mark.parametrize(("was", "to"), PAIRS, ids=[f"{was}-to-{to}" for was, to in PAIRS])
def test_transition(was: str, to: str) -> None:
    if was == to or (was, to) in ALLOWED:
        assert transition(was, to=ConversationStatus(to)) == to
    else:
        with pytest.raises(StateConflict, match=f"{was} conversation cannot become {to}"):
            transition(was, to=ConversationStatus(to))


@pytest.mark.parametrize(("status", "may"), [(P, True), (O, False), (S, False), (R, False)])
def test_assistant_speaks_only_while_nobody_else_holds_it(status: str, may: bool) -> None:
    assert assistant_may_speak(status) is may


@pytest.mark.parametrize(("status", "after"), [(P, P), (O, O), (S, O), (R, P)])
def test_customers_word_wakes_what_slept(status: str, after: str) -> None:
    assert status_after_customer_message(status) == after


def test_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="closed"):
        transition("closed", to=ConversationStatus.OPEN)
