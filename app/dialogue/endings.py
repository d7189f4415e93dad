"""How a turn can end: frozen values that the turn's last transaction carries out."""

from dataclasses import dataclass, field
from typing import Any

from app.banking.actions import AccountRequest
from app.banking.client import BankCustomer
from app.handoff.reasons import HandoffReason
from routing import RoutingDecision


@dataclass(frozen=True, slots=True)
class Ending:
    """The words, and what goes with them."""

    kind: str  # answer | clarify | handoff | blocked
    text: str
    citations: tuple[dict[str, Any], ...] = ()
    quick_replies: tuple[str, ...] = ()
    cards: tuple[dict[str, Any], ...] = ()
    generated: bool = False
    handoff: HandoffReason | None = None
    step_up: AccountRequest | None = None  # send a code; answer this when it is entered
    step_up_customer: BankCustomer | None = None  # whose phone gets it
    performed: tuple[AccountRequest, ...] = ()  # carried out at the bank
    pending: AccountRequest | None = None  # remember this request: a slot is missing
    later: tuple[AccountRequest, ...] = ()  # asked for as well; offered when this one is done
    needs_sign_in: bool = False  # a visitor asked for something of a customer
    closes_request: bool = False  # the customer wants nothing more of the open request
    handed_over_by: RoutingDecision | None = None  # of several requests, the one for a person
    clarify_options: tuple[str, ...] = field(default=())  # intents that the question names
    own_values: tuple[
        str, ...
    ] = ()  # the customer's own numbers, which the output filter lets pass
