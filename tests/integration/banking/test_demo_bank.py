"""The demo bank: exact amounts, own rows only, one effect for each key."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.banking.client import BankUnavailable, CardStatus, UnknownCustomer
from app.banking.code_sender import KEEP_LINES, OutboxCodeSender
from app.banking.demo_client import DemoBankingClient
from app.banking.demo_seed import iban, seed_demo_bank

TODAY = date(2026, 11, 23)


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[DemoBankingClient]:
    client = DemoBankingClient(f"sqlite:///{tmp_path}/bank.db")
    assert seed_demo_bank(client.engine, today=TODAY) is True
    yield client
    client.engine.dispose()


def test_seed_is_the_same_everywhere_and_happens_once(
    bank: DemoBankingClient, tmp_path: Path
) -> None:
    assert seed_demo_bank(bank.engine, today=TODAY) is False
    other = DemoBankingClient(f"sqlite:///{tmp_path}/other.db")
    seed_demo_bank(other.engine, today=TODAY)
    account = bank.list_accounts("cust-1001")[0]
    query = {"status": "booked", "limit": 40}
    first, second = (
        client.list_transactions("cust-1001", account.account_id, **query)  # type: ignore[arg-type]
        for client in (bank, other)
    )
    assert list(first) == list(second)
    assert account.booked_balance == Decimal("2450.75")
    other.engine.dispose()


def test_iban_has_valid_check_digits() -> None:
    made = iban("LNTN", "93115200010001")
    moved = made[4:] + made[:4]
    assert int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def test_transactions_are_newest_first_and_of_ones_own_account(bank: DemoBankingClient) -> None:
    account = bank.list_accounts("cust-1001")[0].account_id
    items = bank.list_transactions("cust-1001", account, status="booked", limit=5)
    days = [item.booking_date for item in items]
    assert (len(items), days) == (5, sorted(days, reverse=True))
    assert bank.list_transactions("cust-1002", account, status="booked", limit=5) == []


def test_card_of_another_customer_cannot_be_changed(bank: DemoBankingClient) -> None:
    with pytest.raises(UnknownCustomer):
        bank.set_card_status(
            "cust-1002", "cust-1001-card-1", CardStatus.FROZEN, idempotency_key="k"
        )
    assert bank.list_cards("cust-1001")[0].status is CardStatus.ACTIVE


def test_key_takes_effect_once_among_parallel_calls(bank: DemoBankingClient) -> None:
    def change(status: CardStatus) -> None:
        bank.set_card_status("cust-1001", "cust-1001-card-1", status, idempotency_key="one")

    change(CardStatus.FROZEN)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, [CardStatus.LOST] * 8))
    assert bank.list_cards("cust-1001")[0].status is CardStatus.FROZEN


def test_unknown_customer(bank: DemoBankingClient) -> None:
    with pytest.raises(UnknownCustomer):
        bank.get_customer("nobody")
    assert bank.list_accounts("nobody") == []


def test_database_that_is_gone_is_an_unavailable_bank() -> None:
    client = DemoBankingClient("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(BankUnavailable):
        client.list_accounts("cust-1001")
    client.engine.dispose()


def test_outbox_is_private_and_keeps_the_newest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sender = OutboxCodeSender(tmp_path / "folder" / "outbox.jsonl")
    for number in range(KEEP_LINES + 5):
        sender.send(customer_id=f"c{number % 2}", phone="+353", text=f"{number}")
    path = tmp_path / "folder" / "outbox.jsonl"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_text().splitlines()) == KEEP_LINES
    assert [item["text"] for item in sender.read("c0", limit=2)] == ["204", "202"]
    assert "204" in capsys.readouterr().out


def test_outbox_that_was_never_written_is_empty(tmp_path: Path) -> None:
    assert OutboxCodeSender(tmp_path / "none.jsonl", prints=False).read("c1") == []
