"""The one door to the bank: subject and level are checked here, at the action itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.banking.actions import ACTIONS, AccountAction, AccountRequest
from app.banking.client import (
    Account,
    BankCustomer,
    BankingClient,
    Card,
    CardStatus,
    Transaction,
)
from routing import Level

DEFAULT_COUNT = 5
_TARGET_STATUS = {
    AccountAction.CARD_FREEZE: CardStatus.FROZEN,
    AccountAction.CARD_UNFREEZE: CardStatus.ACTIVE,
    AccountAction.CARD_LOST: CardStatus.LOST,
}


class LevelTooLow(Exception):
    """The grant does not reach the level that the action demands."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What step-up established: who, for which action, how sure. Built from the database only."""

    customer_id: str  # the bank's reference
    action: AccountAction
    level: Level


@dataclass(frozen=True, slots=True)
class Balances:
    accounts: Sequence[Account]


@dataclass(frozen=True, slots=True)
class Transactions:
    account: Account
    items: Sequence[Transaction]
    status: str


@dataclass(frozen=True, slots=True)
class AccountDetails:
    accounts: Sequence[Account]


@dataclass(frozen=True, slots=True)
class CardChanged:
    card: Card
    was: CardStatus


@dataclass(frozen=True, slots=True)
class ChooseCard:
    """Several cards fit: the customer must say which."""

    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class ConfirmCard:
    """Nothing brings it back: the customer must say yes to this card first."""

    card: Card


@dataclass(frozen=True, slots=True)
class NothingFits:
    """No card or account of the customer fits the request."""


ActionResult = (
    Balances | Transactions | AccountDetails | CardChanged | ChooseCard | ConfirmCard | NothingFits
)


class GuardedBank:
    """Performs account actions for the subject of a grant, and for nobody else."""

    def __init__(self, client: BankingClient) -> None:
        self._client = client

    def get_customer(self, customer_id: str) -> BankCustomer:
        """Identity and phone, for step-up; no account data."""
        return self._client.get_customer(customer_id)

    def perform(self, request: AccountRequest, grant: Grant, *, key: str) -> ActionResult:
        """Carry out the action once for each `key`; LevelTooLow unless the grant covers it."""
        check(request, grant)
        match request.action:
            case AccountAction.BALANCE_INQUIRY:
                accounts = self._accounts(request, grant)
                return Balances(accounts) if accounts else NothingFits()
            case AccountAction.ACCOUNT_DETAILS:
                accounts = self._accounts(request, grant)
                return AccountDetails(accounts) if accounts else NothingFits()
            case AccountAction.RECENT_TRANSACTIONS:
                return self._transactions(request, grant, status="booked")
            case AccountAction.PENDING_TRANSACTIONS:
                return self._transactions(request, grant, status="pending")
            case AccountAction.CARD_FREEZE | AccountAction.CARD_UNFREEZE | AccountAction.CARD_LOST:
                return self._change_card(request, grant, key=key)

    def _accounts(self, request: AccountRequest, grant: Grant) -> Sequence[Account]:
        accounts = self._client.list_accounts(grant.customer_id)
        fitting = [item for item in accounts if request.account_kind in (None, item.kind)]
        return fitting or accounts

    def _transactions(self, request: AccountRequest, grant: Grant, *, status: str) -> ActionResult:
        accounts = self._accounts(request, grant)
        if not accounts:
            return NothingFits()
        items = self._client.list_transactions(
            grant.customer_id,
            accounts[0].account_id,
            status=status,
            limit=request.count or DEFAULT_COUNT,
        )
        return Transactions(accounts[0], items, status)

    def _change_card(self, request: AccountRequest, grant: Grant, *, key: str) -> ActionResult:
        cards = [card for card in self._client.list_cards(grant.customer_id) if fits(card, request)]
        if not cards:
            return NothingFits()
        if len(cards) > 1:
            return ChooseCard(cards)
        target = _TARGET_STATUS[request.action]
        if cards[0].status is CardStatus.LOST:  # blocked for good: nothing brings it back
            return CardChanged(cards[0], was=CardStatus.LOST)
        if ACTIONS[request.action].needs_confirmation and not request.is_confirmed:
            return ConfirmCard(cards[0])
        changed = self._client.set_card_status(
            grant.customer_id, cards[0].card_id, target, idempotency_key=key
        )
        return CardChanged(changed, was=cards[0].status)


def check(request: AccountRequest, grant: Grant) -> None:
    """LevelTooLow unless the grant is for this action and reaches its level."""
    needed = ACTIONS[request.action].level
    if grant.action is not request.action or grant.level.rank < needed.rank:
        raise LevelTooLow(f"{request.action} needs level {needed}, granted {grant.level}")


def fits(card: Card, request: AccountRequest) -> bool:
    """Whether the customer's words can mean this card."""
    if request.card_ending is not None and card.ending != request.card_ending:
        return False
    if request.not_ending is not None and card.ending == request.not_ending:
        return False
    return request.card_kind in (None, card.kind)
