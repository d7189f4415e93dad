"""What the service asks of a core banking system; field names follow Open Banking where they exist.

BankingError
├── BankUnavailable     try again later (retryable)
└── UnknownCustomer     the bank does not know this customer
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class CardStatus(StrEnum):
    ACTIVE = "active"
    FROZEN = "frozen"
    LOST = "lost"  # blocked for good, a new card is on its way


@dataclass(frozen=True, slots=True)
class BankCustomer:
    """Identity at the bank; the phone takes one-time codes."""

    customer_id: str
    name: str
    locale: str
    phone: str


@dataclass(frozen=True, slots=True)
class Account:
    """One account with its balances, in its own currency."""

    account_id: str
    kind: str  # everyday | savings
    name: dict[str, str]  # language -> name
    iban: str
    currency: str  # ISO 4217
    booked_balance: Decimal
    available_balance: Decimal


@dataclass(frozen=True, slots=True)
class Transaction:
    """One booked or pending movement; a negative amount left the account."""

    transaction_id: str
    account_id: str
    booking_date: date
    amount: Decimal
    currency: str
    counterparty: str
    status: str  # booked | pending


@dataclass(frozen=True, slots=True)
class Card:
    """One card; never more of its number than the last four digits."""

    card_id: str
    kind: str  # debit | credit
    ending: str
    status: CardStatus


class BankingError(Exception):
    """Base of all banking errors."""


class BankUnavailable(BankingError):
    """The bank's system does not answer; safe to retry with the same key."""


class UnknownCustomer(BankingError):
    """The bank does not know this customer."""


class BankingClient(Protocol):
    """Reads and changes at the bank. Only `banking/guard.py` calls it."""

    def get_customer(self, customer_id: str) -> BankCustomer:
        """UnknownCustomer when there is none."""

    def list_accounts(self, customer_id: str) -> Sequence[Account]:
        """In the bank's order, the main account first."""

    def list_transactions(
        self, customer_id: str, account_id: str, *, status: str, limit: int
    ) -> Sequence[Transaction]:
        """Newest first."""

    def list_cards(self, customer_id: str) -> Sequence[Card]:
        """All cards that are not replaced."""

    def set_card_status(
        self, customer_id: str, card_id: str, status: CardStatus, *, idempotency_key: str
    ) -> Card:
        """Takes effect once for each key, however often it is called."""
