"""The demo bank's customers and their money: the same on every machine."""

import random
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Engine, insert, select

from app.banking.demo_client import accounts, cards, customers, metadata, transactions

SEED = 20261123
MERCHANTS = (
    ("Harbour Market", "-18", "-96"),
    ("Tide & Bean Coffee", "-3", "-9"),
    ("City Transit", "-2", "-4"),
    ("Northlight Energy", "-61", "-120"),
    ("Marlin Mobile", "-15", "-35"),
    ("Paper Lantern Books", "-9", "-44"),
    ("Golden Wok Kitchen", "-14", "-58"),
    ("Pixel & Thread", "-25", "-180"),
)
CUSTOMERS = (
    ("cust-1001", "Emma Byrne", "en", "+353 85 555 0101", "2450.75", "8120.00"),
    ("cust-1002", "李明", "zh", "+353 85 555 0102", "1288.60", "15300.50"),
    ("cust-1003", "Tomás Walsh", "en", "+353 85 555 0103", "-84.20", "640.00"),
    ("cust-1004", "陳美玲", "zh", "+353 85 555 0104", "5310.05", "22000.00"),
    ("cust-1005", "Priya Nair", "en", "+353 85 555 0105", "930.10", "3050.25"),
)


def seed_demo_bank(engine: Engine, *, today: date) -> bool:
    """Create the tables and fill them once; False when they were filled before."""
    metadata.create_all(engine)
    chance = random.Random(SEED)  # noqa: S311 - reproducible demo data
    with engine.begin() as connection:
        if connection.execute(select(customers.c.id).limit(1)).first() is not None:
            return False
        for number, (customer_id, name, locale, phone, everyday, savings) in enumerate(CUSTOMERS):
            connection.execute(
                insert(customers).values(id=customer_id, name=name, locale=locale, phone=phone)
            )
            rows = _accounts(customer_id, number, everyday=everyday, savings=savings)
            connection.execute(insert(accounts), rows)
            connection.execute(insert(cards), _cards(customer_id, number))
            booked = _transactions(str(rows[0]["id"]), today=today, chance=chance)
            connection.execute(insert(transactions), booked)
    return True


def _accounts(
    customer_id: str, number: int, *, everyday: str, savings: str
) -> list[dict[str, object]]:
    names = {
        "everyday": ("Lantern Everyday", "日常账户"),
        "savings": ("Lantern Saver", "灯塔储蓄账户"),
    }
    rows: list[dict[str, object]] = []
    for position, (kind, balance) in enumerate((("everyday", everyday), ("savings", savings))):
        booked = Decimal(balance)
        overdraft = Decimal(500) if kind == "everyday" else Decimal(0)
        rows.append(
            {
                "id": f"{customer_id}-{kind}",
                "customer_id": customer_id,
                "position": position,
                "kind": kind,
                "name_en": names[kind][0],
                "name_zh": names[kind][1],
                "iban": iban("LNTN", f"931152{number + 1:04d}{position + 1:04d}"),
                "currency": "EUR",
                "booked_balance": booked,
                "available_balance": booked + overdraft,
            }
        )
    return rows


def iban(bank: str, rest: str) -> str:
    """An Irish-style IBAN with valid check digits (ISO 13616, mod 97)."""
    body = bank + rest
    digits = "".join(str(int(character, 36)) for character in f"{body}IE00")
    return f"IE{98 - int(digits) % 97:02d}{body}"


def _cards(customer_id: str, number: int) -> list[dict[str, object]]:
    kinds = ("debit", "credit") if number % 2 == 0 else ("debit",)
    return [
        {
            "id": f"{customer_id}-card-{position + 1}",
            "customer_id": customer_id,
            "kind": kind,
            "ending": f"{(4021 + number * 1371 + position * 2593) % 10000:04d}",
            "status": "active",
        }
        for position, kind in enumerate(kinds)
    ]


def _transactions(
    account_id: str, *, today: date, chance: random.Random
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for index in range(40):
        merchant, low, high = chance.choice(MERCHANTS)
        amount = Decimal(chance.randint(int(high) * 100, int(low) * 100)) / 100
        if index % 13 == 5:
            merchant, amount = "Salary, Beacon Works", Decimal("2140.00")
        rows.append(
            {
                "id": f"{account_id}-t{index:04d}",
                "account_id": account_id,
                "booking_date": today - timedelta(days=40 - index),
                "amount": amount,
                "currency": "EUR",
                "counterparty": merchant,
                "status": "pending" if index >= 38 else "booked",
            }
        )
    return rows
