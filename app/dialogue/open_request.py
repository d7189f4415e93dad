"""The account request that is still open, and what becomes of it. Pure: no bank, no database.

An open request waits for a card, a yes or a code. Another question may come between; then it is
offered again. It is set aside after some turns or minutes, or when the customer says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.banking.actions import AccountAction, AccountRequest
from app.clock import rfc3339
from app.dialogue.account_replies import purpose_of
from app.dialogue.endings import Ending
from app.dialogue.replies import say
from models.account_model.open_requests import WaitsFor, names_the_other

KEPT = 3  # requests that may wait behind the open one
_OTHER_ACCOUNT = {"savings": "everyday", "everyday": "savings"}


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What the assistant waits for; kept with the conversation."""

    request: AccountRequest
    waits_for: WaitsFor
    since: datetime
    interruptions: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "request": self.request.as_dict(),
            "waits_for": self.waits_for.value,
            "since": rfc3339(self.since),
            "interruptions": self.interruptions,
        }


@dataclass(frozen=True, slots=True)
class Agenda:
    """The open request and those that wait behind it."""

    current: OpenRequest | None = None
    later: tuple[AccountRequest, ...] = ()


def carry_over(fresh: AccountRequest, before: AccountRequest, words: str) -> AccountRequest:
    """This message's slots; those of the request before where it names none of a kind."""
    is_other = names_the_other(words)
    account = fresh.account_kind or before.account_kind
    if is_other and fresh.account_kind is None and before.account_kind is not None:
        account = _OTHER_ACCOUNT[before.account_kind]
    merged = replace(fresh, account_kind=account, count=fresh.count or before.count)
    if fresh.card_ending or fresh.card_kind:
        return merged
    if is_other:
        return replace(merged, not_ending=before.card_ending or before.not_ending)
    return replace(
        merged,
        card_ending=before.card_ending,
        card_kind=before.card_kind,
        not_ending=before.not_ending,
    )


def go_on(
    ending: Ending, before: Agenda, *, now: datetime, most_turns: int, language: str
) -> tuple[Ending, Agenda]:
    """What stays open after this ending, and the words that offer to go on with it."""
    if ending.handoff is not None:
        return ending, Agenda()  # a person reads the thread and takes everything over
    later = (*before.later, *ending.later)
    opened = _opened_by(ending, now)
    if opened is not None:
        interrupted = before.current if _is_left_open(before, ending, opened.request) else None
        waiting = (interrupted.request, *later) if interrupted else later
        return ending, Agenda(opened, _without(waiting, opened.request))
    done = {request.action for request in ending.performed}
    later = tuple(request for request in later if request.action not in done)
    current = before.current
    if current is not None and not ending.closes_request and current.request.action not in done:
        return _after_interruption(ending, current, later, most_turns, language)
    if not later:
        return ending, Agenda()
    offered = OpenRequest(later[0], WaitsFor.OFFER, now)
    ending = _offer(ending, offered, language) if ending.kind == "answer" else ending
    return ending, Agenda(offered, later[1:])


def agenda_of(details: Mapping[str, Any], *, now: datetime, keep_open: timedelta) -> Agenda:
    """As it was kept; requests that waited too long are gone."""
    current = open_request_of(details, now=now, keep_open=keep_open)
    later = details.get("later_requests", ()) if current is not None else ()
    return Agenda(current, tuple(request_from(stored) for stored in later))


def open_request_of(
    details: Mapping[str, Any], *, now: datetime, keep_open: timedelta
) -> OpenRequest | None:
    stored = details.get("open_request")
    if not stored:
        return None
    opened = open_request_from(stored)
    return None if now - opened.since > keep_open else opened


def open_request_from(stored: Mapping[str, Any]) -> OpenRequest:
    """An open request as it was stored with `as_dict()`."""
    return OpenRequest(
        request_from(stored["request"]),
        WaitsFor(stored["waits_for"]),
        datetime.fromisoformat(stored["since"]),
        stored["interruptions"],
    )


def last_request_of(details: Mapping[str, Any]) -> AccountRequest | None:
    stored = details.get("last_request")
    return request_from(stored) if stored else None


def remember(details: Mapping[str, Any], ending: Ending, agenda: Agenda) -> dict[str, Any]:
    """The conversation's details after this ending."""
    kept = dict(details)
    kept["open_request"] = agenda.current.as_dict() if agenda.current else None
    kept["later_requests"] = [request.as_dict() for request in agenda.later]
    if ending.performed:
        kept["last_request"] = ending.performed[-1].as_dict()
    return kept


def request_from(stored: Mapping[str, Any]) -> AccountRequest:
    """An account request as it was stored with `as_dict()`."""
    values = {key: value for key, value in stored.items() if key != "action"}
    return AccountRequest(action=AccountAction(stored["action"]), **values)


def _opened_by(ending: Ending, now: datetime) -> OpenRequest | None:
    if ending.step_up is not None:
        return OpenRequest(ending.step_up, WaitsFor.CODE, now)
    if ending.pending is None:
        return None
    needs_yes = ending.pending.awaits_confirmation
    return OpenRequest(ending.pending, WaitsFor.CONFIRMATION if needs_yes else WaitsFor.CARD, now)


def _is_left_open(before: Agenda, ending: Ending, opened: AccountRequest) -> bool:
    if before.current is None or ending.closes_request:
        return False
    done = {request.action for request in ending.performed}
    action = before.current.request.action
    return action is not opened.action and action not in done


def _without(
    waiting: tuple[AccountRequest, ...], opened: AccountRequest
) -> tuple[AccountRequest, ...]:
    others = [request for request in waiting if request.action is not opened.action]
    plain = [replace(request, awaits_confirmation=False) for request in others]
    return tuple({request.action: request for request in plain}.values())[:KEPT]


def _after_interruption(
    ending: Ending,
    current: OpenRequest,
    later: tuple[AccountRequest, ...],
    most_turns: int,
    language: str,
) -> tuple[Ending, Agenda]:
    """Another matter came between: a bare yes confirms nothing any more, it only goes on."""
    purpose = purpose_of(current.request.action, language)
    if current.interruptions >= most_turns:
        return _add(ending, say("set_aside", language, purpose=purpose)), Agenda()
    waits_for = current.waits_for if current.waits_for is WaitsFor.CODE else WaitsFor.OFFER
    kept = replace(
        current,
        request=replace(current.request, awaits_confirmation=False),
        waits_for=waits_for,
        interruptions=current.interruptions + 1,
    )
    if ending.kind == "answer":
        ending = _offer(ending, kept, language)
    return ending, Agenda(kept, later)


def _offer(ending: Ending, offered: OpenRequest, language: str) -> Ending:
    waits_for_code = offered.waits_for is WaitsFor.CODE
    key = "code_still_open" if waits_for_code else "offer_to_go_on"
    text = say(key, language, purpose=purpose_of(offered.request.action, language))
    choices = () if waits_for_code else (say("go_on", language), say("leave_it", language))
    return replace(_add(ending, text), quick_replies=(*choices, *ending.quick_replies))


def _add(ending: Ending, words: str) -> Ending:
    return replace(ending, text=f"{ending.text}\n\n{words}" if ending.text else words)
