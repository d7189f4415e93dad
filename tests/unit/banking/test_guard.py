"""The one door to the bank: no request opens what the grant does not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.banking.actions import ACTIONS, AccountAction, AccountRequest
from app.banking.client import Account, BankCustomer, Card, CardStatus, Transaction
from app.banking.guard import (
    AccountDetails,
    Balances,
    CardChanged,
    ChooseCard,
    ConfirmCard,
    Grant,
    GuardedBank,
    LevelTooLow,
    NothingFits,
    Transactions,
    check,
)
from app.banking.reader import SlotAccountReader
from routing import Level

ACTION_IDS = [action.value for action in AccountAction]


@dataclass
class RecordingBank:
    """Two customers; remembers every call with the customer it was made for."""

    cards: dict[str, list[Card]] = field(
        default_factory=lambda: {
            "ada": [
                Card("a1", "debit", "1111", CardStatus.ACTIVE),
                Card("a2", "credit", "2222", CardStatus.ACTIVE),
            ],
            "bob": [Card("b1", "debit", "3333", CardStatus.ACTIVE)],
            "eve": [],
        }
    )
    calls: list[tuple[str, str]] = field(default_factory=list)

    def get_customer(self, customer_id: str) -> BankCustomer:
        self.calls.append(("get_customer", customer_id))
        return BankCustomer(customer_id, customer_id, "en", "+353 1 555 0199")

    def list_accounts(self, customer_id: str) -> Sequence[Account]:
        self.calls.append(("list_accounts", customer_id))
        if customer_id == "eve":
            return []
        names = {"en": "Account", "zh": "账户"}
        money = Decimal("1.00")
        return [
            Account(f"{customer_id}-e", "everyday", names, "IE00", "EUR", money, money),
            Account(f"{customer_id}-s", "savings", names, "IE01", "EUR", money, money),
        ]

    def list_transactions(
        self, customer_id: str, account_id: str, *, status: str, limit: int
    ) -> Sequence[Transaction]:
        self.calls.append((f"list_transactions:{account_id}:{status}:{limit}", customer_id))
        return []

    def list_cards(self, customer_id: str) -> Sequence[Card]:
        self.calls.append(("list_cards", customer_id))
        return self.cards[customer_id]

    def set_card_status(
        self, customer_id: str, card_id: str, status: CardStatus, *, idempotency_key: str
    ) -> Card:
        self.calls.append((f"set_card_status:{card_id}:{status}:{idempotency_key}", customer_id))
        return Card(card_id, "debit", "0000", status)


@pytest.fixture
def bank() -> RecordingBank:
    return RecordingBank()


requests = st.builds(
    AccountRequest,
    action=st.sampled_from(AccountAction),
    card_ending=st.none() | st.sampled_from(["1111", "2222", "3333"]) | st.text(max_size=8),
    card_kind=st.none() | st.sampled_from(["debit", "credit"]),
    account_kind=st.none() | st.sampled_from(["everyday", "savings"]),
    count=st.none() | st.integers(1, 20),
)
grants = st.builds(
    Grant,
    customer_id=st.sampled_from(["ada", "bob", "eve"]),
    action=st.sampled_from(AccountAction),
    level=st.sampled_from(Level),
)


@given(request=requests, grant=grants)
def test_bank_is_called_only_under_a_grant_and_only_for_its_subject(
    request: AccountRequest, grant: Grant
) -> None:
    bank = RecordingBank()
    covers = grant.action is request.action and grant.level.rank >= Level.OTP.rank
    if covers:
        GuardedBank(bank).perform(request, grant, key="k")
        assert {subject for _, subject in bank.calls} == {grant.customer_id}
    else:
        with pytest.raises(LevelTooLow):
            GuardedBank(bank).perform(request, grant, key="k")
        assert bank.calls == []


@given(text=st.text(max_size=200), level=st.sampled_from([Level.ANONYMOUS, Level.IDENTIFIED]))
def test_no_words_of_a_request_raise_the_level(text: str, level: Level) -> None:
    for action in AccountAction:
        request = SlotAccountReader().read(f"{text} level otp verified", intent=action.value)
        assert request is not None
        with pytest.raises(LevelTooLow):
            check(request, Grant("ada", action, level))


@pytest.mark.parametrize("action", AccountAction, ids=ACTION_IDS)
@pytest.mark.parametrize("level", Level)
def test_each_action_demands_its_level(action: AccountAction, level: Level) -> None:
    request, grant = AccountRequest(action), Grant("ada", action, level)
    if level.rank >= ACTIONS[action].level.rank:
        check(request, grant)
    else:
        with pytest.raises(LevelTooLow):
            check(request, grant)


@pytest.mark.parametrize("action", AccountAction, ids=ACTION_IDS)
def test_code_for_one_action_opens_no_other(action: AccountAction) -> None:
    for other in AccountAction:
        if other is not action:
            with pytest.raises(LevelTooLow):
                check(AccountRequest(action), Grant("ada", other, Level.STRONG))


def perform(bank: RecordingBank, request: AccountRequest, customer: str = "ada") -> object:
    grant = Grant(customer, request.action, Level.OTP)
    return GuardedBank(bank).perform(request, grant, key="turn-1")


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        (AccountAction.BALANCE_INQUIRY, Balances),
        (AccountAction.ACCOUNT_DETAILS, AccountDetails),
        (AccountAction.RECENT_TRANSACTIONS, Transactions),
        (AccountAction.PENDING_TRANSACTIONS, Transactions),
    ],
    ids=["balance", "details", "recent", "pending"],
)
def test_reading_actions(bank: RecordingBank, action: AccountAction, kind: type) -> None:
    assert isinstance(perform(bank, AccountRequest(action)), kind)
    assert isinstance(perform(bank, AccountRequest(action), "eve"), NothingFits)


def test_account_kind_narrows_and_an_unknown_one_shows_all(bank: RecordingBank) -> None:
    savings = AccountRequest(AccountAction.BALANCE_INQUIRY, account_kind="savings")
    found = perform(bank, savings)
    assert isinstance(found, Balances)
    assert [account.kind for account in found.accounts] == ["savings"]
    other = perform(bank, AccountRequest(AccountAction.BALANCE_INQUIRY, account_kind="pension"))
    assert isinstance(other, Balances)
    assert len(other.accounts) == 2


@pytest.mark.parametrize(
    ("action", "status"),
    [
        (AccountAction.CARD_FREEZE, CardStatus.FROZEN),
        (AccountAction.CARD_UNFREEZE, CardStatus.ACTIVE),
        (AccountAction.CARD_LOST, CardStatus.LOST),
    ],
    ids=["freeze", "unfreeze", "lost"],
)
def test_named_card_is_changed_with_the_key_of_its_turn(
    bank: RecordingBank, action: AccountAction, status: CardStatus
) -> None:
    changed = perform(bank, AccountRequest(action, card_ending="2222", is_confirmed=True))
    assert isinstance(changed, CardChanged)
    assert bank.calls[-1] == (f"set_card_status:a2:{status}:turn-1", "ada")


def test_several_cards_are_asked_about_and_not_changed(bank: RecordingBank) -> None:
    chosen = perform(bank, AccountRequest(AccountAction.CARD_FREEZE))
    assert isinstance(chosen, ChooseCard)
    assert bank.calls == [("list_cards", "ada")]


def test_kind_tells_two_cards_apart(bank: RecordingBank) -> None:
    perform(bank, AccountRequest(AccountAction.CARD_FREEZE, card_kind="credit"))
    assert bank.calls[-1][0].startswith("set_card_status:a2")


@pytest.mark.parametrize("ending", ["3333", "9999", ""], ids=["anothers", "nobodys", "empty"])
def test_card_of_another_customer_fits_nothing(bank: RecordingBank, ending: str) -> None:
    request = AccountRequest(AccountAction.CARD_FREEZE, card_ending=ending)
    assert isinstance(perform(bank, request), NothingFits)
    assert bank.calls == [("list_cards", "ada")]


@pytest.mark.parametrize("action", [AccountAction.CARD_FREEZE, AccountAction.CARD_UNFREEZE])
def test_lost_card_stays_lost(bank: RecordingBank, action: AccountAction) -> None:
    bank.cards["bob"] = [Card("b1", "debit", "3333", CardStatus.LOST)]
    changed = perform(bank, AccountRequest(action), "bob")
    assert changed == CardChanged(bank.cards["bob"][0], was=CardStatus.LOST)
    assert bank.calls == [("list_cards", "bob")]


def test_reader_knows_only_account_intents() -> None:
    assert SlotAccountReader().read("hello", intent="greeting") is None
    read = SlotAccountReader().read("freeze the card ending 4021", intent="card_freeze")
    assert read == AccountRequest(AccountAction.CARD_FREEZE, card_ending="4021")


def test_nothing_is_blocked_for_good_before_a_yes(bank: RecordingBank) -> None:
    asked = perform(bank, AccountRequest(AccountAction.CARD_LOST, card_ending="2222"))
    assert isinstance(asked, ConfirmCard)
    assert asked.card.ending == "2222"
    assert all(name != "set_card_status" for name, *_ in bank.calls)
