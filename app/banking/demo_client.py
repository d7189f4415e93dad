"""The demo bank: a small core banking system in SQL tables of its own. Deterministic seed."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from sqlalchemy import (
    Column,
    Date,
    Engine,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    create_engine,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection, Row, make_url
from sqlalchemy.exc import IntegrityError, OperationalError

from app.banking.client import (
    Account,
    BankCustomer,
    BankUnavailable,
    Card,
    CardStatus,
    Transaction,
    UnknownCustomer,
)

metadata = MetaData()
customers = Table(
    "demo_bank_customers",
    metadata,
    Column("id", String(50), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("locale", String(10), nullable=False),
    Column("phone", String(30), nullable=False),
)
accounts = Table(
    "demo_bank_accounts",
    metadata,
    Column("id", String(50), primary_key=True),
    Column("customer_id", String(50), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name_en", String(100), nullable=False),
    Column("name_zh", String(100), nullable=False),
    Column("iban", String(34), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("booked_balance", Numeric(18, 2), nullable=False),
    Column("available_balance", Numeric(18, 2), nullable=False),
)
cards = Table(
    "demo_bank_cards",
    metadata,
    Column("id", String(50), primary_key=True),
    Column("customer_id", String(50), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("ending", String(4), nullable=False),
    Column("status", String(20), nullable=False),
)
transactions = Table(
    "demo_bank_transactions",
    metadata,
    Column("id", String(50), primary_key=True),
    Column("account_id", String(50), nullable=False, index=True),
    Column("booking_date", Date, nullable=False),
    Column("amount", Numeric(18, 2), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("counterparty", String(200), nullable=False),
    Column("status", String(20), nullable=False),
)
operations = Table(
    "demo_bank_operations",
    metadata,
    Column("idempotency_key", String(100), primary_key=True),
    Column("card_id", String(50), nullable=False),
    Column("status", String(20), nullable=False),
)


class DemoBankingClient:
    """Implements BankingClient over the tables above."""

    def __init__(self, url: str) -> None:
        self.engine = _open(url)

    def get_customer(self, customer_id: str) -> BankCustomer:
        with self._connect() as connection:
            row = connection.execute(
                select(customers).where(customers.c.id == customer_id)
            ).one_or_none()
        if row is None:
            raise UnknownCustomer(customer_id)
        return BankCustomer(row.id, row.name, row.locale, row.phone)

    def list_customers(self) -> Sequence[BankCustomer]:
        """Demo only: the page's sign-in menu."""
        with self._connect() as connection:
            rows = connection.execute(select(customers).order_by(customers.c.id)).all()
        return [BankCustomer(row.id, row.name, row.locale, row.phone) for row in rows]

    def list_accounts(self, customer_id: str) -> Sequence[Account]:
        with self._connect() as connection:
            rows = connection.execute(
                select(accounts)
                .where(accounts.c.customer_id == customer_id)
                .order_by(accounts.c.position)
            ).all()
        return [_account(row) for row in rows]

    def list_transactions(
        self, customer_id: str, account_id: str, *, status: str, limit: int
    ) -> Sequence[Transaction]:
        own = select(accounts.c.id).where(accounts.c.customer_id == customer_id)
        with self._connect() as connection:
            rows = connection.execute(
                select(transactions)
                .where(
                    transactions.c.account_id == account_id,
                    transactions.c.account_id.in_(own),
                    transactions.c.status == status,
                )
                .order_by(transactions.c.booking_date.desc(), transactions.c.id.desc())
                .limit(limit)
            ).all()
        return [_transaction(row) for row in rows]

    def list_cards(self, customer_id: str) -> Sequence[Card]:
        with self._connect() as connection:
            rows = connection.execute(
                select(cards).where(cards.c.customer_id == customer_id).order_by(cards.c.id)
            ).all()
        return [_card(row) for row in rows]

    def set_card_status(
        self, customer_id: str, card_id: str, status: CardStatus, *, idempotency_key: str
    ) -> Card:
        own = (cards.c.id == card_id) & (cards.c.customer_id == customer_id)
        with self._connect() as connection:
            try:
                with connection.begin_nested():
                    connection.execute(
                        insert(operations).values(
                            idempotency_key=idempotency_key, card_id=card_id, status=status.value
                        )
                    )
                    connection.execute(update(cards).where(own).values(status=status.value))
            except IntegrityError:
                pass  # this key took effect before
            row = connection.execute(select(cards).where(own)).one_or_none()
            connection.commit()
        if row is None:
            raise UnknownCustomer(customer_id)
        return _card(row)

    def _connect(self) -> Connection:
        try:
            return self.engine.connect()
        except OperationalError as away:
            raise BankUnavailable("the demo bank's database does not answer") from away


def _open(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 5, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def configure(connection: object, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]

    return engine


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(
        account_id=row.id,
        kind=row.kind,
        name={"en": row.name_en, "zh": row.name_zh},
        iban=row.iban,
        currency=row.currency,
        booked_balance=Decimal(row.booked_balance),
        available_balance=Decimal(row.available_balance),
    )


def _transaction(row: Row[tuple[object, ...]]) -> Transaction:
    return Transaction(
        row.id,
        row.account_id,
        row.booking_date,
        Decimal(row.amount),
        row.currency,
        row.counterparty,
        row.status,
    )


def _card(row: Row[tuple[object, ...]]) -> Card:
    return Card(row.id, row.kind, row.ending, CardStatus(row.status))
