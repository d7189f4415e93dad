"""What stays open after an ending, and what is offered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.banking.actions import AccountAction, AccountRequest
from app.dialogue.endings import Ending
from app.dialogue.open_request import (
    Agenda,
    OpenRequest,
    agenda_of,
    carry_over,
    go_on,
    remember,
)
from app.handoff.reasons import HandoffReason
from models.account_model.open_requests import WaitsFor

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
KEEP = timedelta(minutes=15)
FREEZE = AccountRequest(AccountAction.CARD_FREEZE)
LOST = AccountRequest(AccountAction.CARD_LOST, card_ending="4021", awaits_confirmation=True)
BALANCE = AccountRequest(AccountAction.BALANCE_INQUIRY)
ANSWER = Ending("answer", "The branch opens at nine.")


def after(ending: Ending, before: Agenda, *, most_turns: int = 3) -> tuple[Ending, Agenda]:
    return go_on(ending, before, now=NOW, most_turns=most_turns, language="en")


def waiting(request: AccountRequest, waits_for: WaitsFor, *, interruptions: int = 0) -> Agenda:
    return Agenda(OpenRequest(request, waits_for, NOW, interruptions))


@pytest.mark.parametrize(
    ("ending", "waits_for"),
    [
        (Ending("clarify", "Which card?", pending=FREEZE), WaitsFor.CARD),
        (Ending("clarify", "Shall I go on?", pending=LOST), WaitsFor.CONFIRMATION),
        (Ending("answer", "A code was sent.", step_up=FREEZE), WaitsFor.CODE),
    ],
    ids=["card", "confirmation", "code"],
)
def test_what_is_missing_stays_open(ending: Ending, waits_for: WaitsFor) -> None:
    said, agenda = after(ending, Agenda())
    assert said == ending
    assert agenda.current is not None
    assert agenda.current.waits_for is waits_for


def test_a_question_between_is_answered_and_the_request_offered_again() -> None:
    said, agenda = after(ANSWER, waiting(FREEZE, WaitsFor.CARD))
    assert said.text.startswith(ANSWER.text)
    assert "freeze your card" in said.text
    assert said.quick_replies == ("Yes, go on", "No, leave it")
    assert agenda.current is not None
    assert (agenda.current.waits_for, agenda.current.interruptions) == (WaitsFor.OFFER, 1)


def test_an_interrupted_confirmation_confirms_nothing_any_more() -> None:
    _, agenda = after(ANSWER, waiting(LOST, WaitsFor.CONFIRMATION))
    assert agenda.current is not None
    assert agenda.current.waits_for is WaitsFor.OFFER
    assert not agenda.current.request.awaits_confirmation


def test_an_open_code_stays_a_code() -> None:
    said, agenda = after(ANSWER, waiting(BALANCE, WaitsFor.CODE))
    assert "enter the code" in said.text
    assert agenda.current is not None
    assert agenda.current.waits_for is WaitsFor.CODE


def test_too_many_questions_between_set_it_aside_in_words() -> None:
    said, agenda = after(ANSWER, waiting(FREEZE, WaitsFor.OFFER, interruptions=3))
    assert "aside" in said.text
    assert agenda == Agenda()


def test_our_own_question_is_not_followed_by_an_offer() -> None:
    said, agenda = after(Ending("clarify", "Which?"), waiting(FREEZE, WaitsFor.CARD))
    assert said.text == "Which?"
    assert agenda.current is not None


@pytest.mark.parametrize(
    "ending",
    [
        Ending("answer", "Done.", performed=(FREEZE,)),
        Ending("answer", "All right.", closes_request=True),
        Ending("handoff", "A colleague.", handoff=HandoffReason.INTENT),
    ],
    ids=["done", "closed", "person"],
)
def test_what_ends_an_open_request(ending: Ending) -> None:
    said, agenda = after(ending, waiting(FREEZE, WaitsFor.CARD))
    assert (said, agenda) == (ending, Agenda())


def test_another_account_flow_puts_the_first_behind_it() -> None:
    asked = Ending("answer", "A code was sent.", step_up=BALANCE)
    _, agenda = after(asked, waiting(FREEZE, WaitsFor.CARD))
    assert agenda.current is not None
    assert agenda.current.request is BALANCE
    assert agenda.later == (FREEZE,)


def test_the_next_one_is_offered_when_the_first_is_done() -> None:
    before = replace(waiting(BALANCE, WaitsFor.CODE), later=(FREEZE,))
    said, agenda = after(Ending("answer", "€5", performed=(BALANCE,)), before)
    assert "freeze your card" in said.text
    assert agenda.current is not None
    assert agenda.current.waits_for is WaitsFor.OFFER
    assert agenda.later == ()


def test_what_is_kept_comes_back_until_it_is_too_old() -> None:
    agenda = replace(waiting(LOST, WaitsFor.CONFIRMATION), later=(BALANCE,))
    details = remember({"metadata": {"a": 1}}, Ending("answer", "", performed=(FREEZE,)), agenda)
    assert agenda_of(details, now=NOW, keep_open=KEEP) == agenda
    assert agenda_of(details, now=NOW + timedelta(minutes=16), keep_open=KEEP) == Agenda()
    assert details["metadata"] == {"a": 1}
    assert details["last_request"]["action"] == "card_freeze"


DEBIT = replace(FREEZE, card_ending="4021", card_kind="debit")
SAVINGS = replace(BALANCE, account_kind="savings", count=5)


@pytest.mark.parametrize(
    ("fresh", "before", "words", "expected"),
    [
        (replace(FREEZE, card_kind="credit"), DEBIT, "and the credit card",
         replace(FREEZE, card_kind="credit")),
        (FREEZE, DEBIT, "and the other one", replace(FREEZE, not_ending="4021")),
        (FREEZE, DEBIT, "freeze it", DEBIT),
        (BALANCE, SAVINGS, "那另一个呢", replace(SAVINGS, account_kind="everyday")),
        (replace(BALANCE, account_kind="everyday"), SAVINGS, "and current",
         replace(SAVINGS, account_kind="everyday")),
    ],
    ids=["another-kind", "the-other-card", "same-card", "the-other-account", "named-account"],
)  # fmt: skip
def test_slots_carry_over(
    fresh: AccountRequest, before: AccountRequest, words: str, expected: AccountRequest
) -> None:
    assert carry_over(fresh, before, words) == expected
