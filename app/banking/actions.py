"""What the account route can do, and the assurance level that each action demands."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from routing import Level


class AccountAction(StrEnum):
    """Named like the intent that asks for it."""

    BALANCE_INQUIRY = "balance_inquiry"
    RECENT_TRANSACTIONS = "recent_transactions"
    PENDING_TRANSACTIONS = "pending_transactions"
    ACCOUNT_DETAILS = "account_details"
    CARD_FREEZE = "card_freeze"
    CARD_UNFREEZE = "card_unfreeze"
    CARD_LOST = "card_lost"


ACTION_NAMES = frozenset(AccountAction)


@dataclass(frozen=True, slots=True)
class ActionRule:
    """What one action demands and does."""

    level: Level
    changes: bool  # whether it changes something at the bank
    needs_card: bool
    needs_confirmation: bool = False  # nothing brings it back: the exact effect is asked first


ACTIONS: dict[AccountAction, ActionRule] = {
    AccountAction.BALANCE_INQUIRY: ActionRule(Level.OTP, changes=False, needs_card=False),
    AccountAction.RECENT_TRANSACTIONS: ActionRule(Level.OTP, changes=False, needs_card=False),
    AccountAction.PENDING_TRANSACTIONS: ActionRule(Level.OTP, changes=False, needs_card=False),
    AccountAction.ACCOUNT_DETAILS: ActionRule(Level.OTP, changes=False, needs_card=False),
    AccountAction.CARD_FREEZE: ActionRule(Level.OTP, changes=True, needs_card=True),
    AccountAction.CARD_UNFREEZE: ActionRule(Level.OTP, changes=True, needs_card=True),
    AccountAction.CARD_LOST: ActionRule(
        Level.OTP, changes=True, needs_card=True, needs_confirmation=True
    ),
}


@dataclass(frozen=True, slots=True)
class AccountRequest:
    """An action with the slots that were read; None where the customer said nothing."""

    action: AccountAction
    card_ending: str | None = None
    card_kind: str | None = None
    account_kind: str | None = None
    count: int | None = None
    not_ending: str | None = None  # "the other one": any card but this
    awaits_confirmation: bool = False  # the customer was asked whether to go on
    is_confirmed: bool = False

    def as_dict(self) -> dict[str, str | int | None]:
        return {
            "action": self.action.value,
            "card_ending": self.card_ending,
            "card_kind": self.card_kind,
            "account_kind": self.account_kind,
            "count": self.count,
            "not_ending": self.not_ending,
            "awaits_confirmation": self.awaits_confirmation,
            "is_confirmed": self.is_confirmed,
        }


class AccountReader(Protocol):
    """The account model's role: reads action and slots; never an amount from the bank."""

    def read(self, text: str, *, intent: str) -> AccountRequest | None:
        """None when the intent is not one of ours."""
